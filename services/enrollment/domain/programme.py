"""Which courses there are: planned, opened, given up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.enrollment.domain.codes import CourseCancelReason, CourseKind, DemandSource, EnrollmentCancelReason
from services.enrollment.domain.course import Course, CourseState, require
from services.enrollment.events import CourseCancelled, CourseOpened, CoursePlanned, EnrollmentCancelled
from shared.errors import Refusal
from shared.events import Event


class NeedMismatch(Refusal):
    """A course planned from a training need names it, and no other course does."""


class AssessmentNotAllowed(Refusal):
    """A general course is completed by presence alone (R13)."""


class ClosesInPast(Refusal):
    """Enrolment would close before it opens."""


def plan_course(course: Course) -> tuple[Course, CoursePlanned]:
    """Put a new course on the programme; a practicum is always assessed.

    Raises NeedMismatch, AssessmentNotAllowed.
    """
    if (course.demand_source is DemandSource.TRAINING_NEED) != (course.need_id is not None):
        raise NeedMismatch("need_id belongs to demand_source training_need", need_id=course.need_id)
    if course.assessed and course.course_kind is CourseKind.GENERAL:
        raise AssessmentNotAllowed("only practicum and skill courses are assessed", course_kind=course.course_kind)
    course = replace(course, assessed=course.assessed or course.course_kind is CourseKind.PRACTICUM)
    return course, CoursePlanned(
        course_id=course.course_id,
        theme=course.theme,
        course_kind=course.course_kind,
        audience=course.audience,
        capacity=course.capacity,
        demand_source=course.demand_source,
        need_id=course.need_id,
    )


def open_course(
    course: Course, closes_at: datetime | None, invite_scope: str | None, now: datetime
) -> tuple[Course, CourseOpened]:
    """Take learners from now on. Raises StateNotAllowed, ClosesInPast."""
    require(course, "open_course")
    if closes_at is not None and closes_at <= now:
        raise ClosesInPast("closes_at must lie ahead", closes_at=closes_at.isoformat(), now=now.isoformat())
    course = replace(course, state=CourseState.OPEN, closes_at=closes_at, invite_scope=invite_scope)
    return course, CourseOpened(
        course_id=course.course_id, capacity=course.capacity, closes_at=closes_at, invite_scope=invite_scope
    )


def cancel_course(course: Course, reason: CourseCancelReason) -> tuple[Course, Sequence[Event]]:
    """Give the course up before it begins, and release everybody who has a place. Raises StateNotAllowed."""
    require(course, "cancel_course")
    cancelled = CourseCancelled(course_id=course.course_id, reason=reason, need_id=course.need_id)
    released = [
        EnrollmentCancelled(**course.learner(place.person_id), reason=EnrollmentCancelReason.COURSE_CANCELLED)
        for place in course.places
    ]
    course = replace(course, state=CourseState.CANCELLED, seats=(), offers=(), waiting=())
    return course, (cancelled, *released)
