"""What may be asked and commanded, and which values are allowed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from services.enrollment.domain import (
    CAPACITY_LIMIT,
    Audience,
    Course,
    CourseCancelReason,
    CourseKind,
    CourseState,
    DemandSource,
    EnrollmentCancelReason,
    Session,
    SessionFormat,
    Theme,
)
from shared.schemas import Command, Id, Page, ShortText

PersonId = Annotated[Id, validate.Length(max=40)]  # so that "<course_id>/<person_id>" is an id too
Score = Annotated[int, validate.Range(0, 100)]


@dataclass(frozen=True, kw_only=True)
class PlanCourse(Command):
    """Put a course on the programme."""

    title: ShortText
    theme: Theme
    course_kind: CourseKind
    capacity: Annotated[int, validate.Range(1, CAPACITY_LIMIT)]
    audience: Annotated[tuple[Audience, ...], validate.Length(1, len(Audience))]
    qualification: Id | None = None
    demand_source: DemandSource = DemandSource.PLAN
    need_id: Id | None = None
    assessed: bool = False

    def as_course(self, course_id: str) -> Course:
        """Return the course that is asked for."""
        return Course(
            course_id=course_id,
            title=self.title,
            theme=self.theme,
            course_kind=self.course_kind,
            capacity=self.capacity,
            audience=self.audience,
            qualification=self.qualification,
            demand_source=self.demand_source,
            need_id=self.need_id,
            assessed=self.assessed,
        )


@dataclass(frozen=True, kw_only=True)
class ScheduleSession(Command):
    """Give a course a session; `hours` are class hours."""

    course_id: Id
    starts_at: datetime
    hours: Annotated[float, validate.Range(0.5, 8)]
    session_format: SessionFormat
    venue_id: Id | None = None
    instructor_id: Id | None = None

    def as_session(self, session_id: str) -> Session:
        """Return the session that is asked for."""
        return Session(
            session_id=session_id,
            course_id=self.course_id,
            starts_at=self.starts_at,
            hours=self.hours,
            session_format=self.session_format,
            venue_id=self.venue_id,
            instructor_id=self.instructor_id,
        )


@dataclass(frozen=True, kw_only=True)
class OpenCourse(Command):
    """Take learners; `invite_scope` is the unit of the organisation tree whose people are invited."""

    course_id: Id
    closes_at: datetime | None = None
    invite_scope: Id | None = None


@dataclass(frozen=True, kw_only=True)
class CancelCourse(Command):
    """Give a course up before it begins."""

    course_id: Id
    reason: CourseCancelReason


@dataclass(frozen=True, kw_only=True)
class Enroll(Command):
    """Ask for a seat."""

    course_id: Id
    person_id: PersonId


@dataclass(frozen=True, kw_only=True)
class CancelEnrollment(Command):
    """Give up a seat, an offered seat or a place on the waiting list."""

    course_id: Id
    person_id: PersonId
    reason: Annotated[
        EnrollmentCancelReason, validate.NoneOf([EnrollmentCancelReason.COURSE_CANCELLED], error="Use cancel_course.")
    ] = EnrollmentCancelReason.PERSONAL


@dataclass(frozen=True, kw_only=True)
class ConfirmPromotion(Command):
    """Take the seat that was offered."""

    course_id: Id
    person_id: PersonId


@dataclass(frozen=True, kw_only=True)
class RecordAttendance(Command):
    """Record who was present at a session: one person, or up to 500."""

    session_id: Id
    person_ids: Annotated[tuple[PersonId, ...], validate.Length(max=CAPACITY_LIMIT)] = ()
    person_id: PersonId | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who is named, in either way."""
        return (*self.person_ids, self.person_id) if self.person_id else self.person_ids


@dataclass(frozen=True, kw_only=True)
class CompleteLearner(Command):
    """Complete the course for one learner."""

    course_id: Id
    person_id: PersonId
    score: Score | None = None


@dataclass(frozen=True, kw_only=True)
class FinishCourse(Command):
    """Decide every outcome and close the course; `scores` are 0 to 100 by person."""

    course_id: Id
    scores: Annotated[dict[PersonId, Score], validate.Length(max=CAPACITY_LIMIT)] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GetCourse:
    """Ask for one course with everybody's place."""

    course_id: Id


@dataclass(frozen=True, kw_only=True)
class ListCourses(Page):
    """Ask for the courses in one state, or all, by number."""

    state: CourseState | None = None


@dataclass(frozen=True, kw_only=True)
class AcademyReport:
    """Ask for the academy's numbers."""
