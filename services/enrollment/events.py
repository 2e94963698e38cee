"""What the training academy announces. Ids and codes only; the title is the course's, never a person's."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class CoursePlanned(Event, type="course.planned", subject="course_id", zh="课程已立项"):
    """A course is to be taught, and why."""

    course_id: str
    theme: str
    course_kind: str
    audience: tuple[str, ...]
    capacity: int
    demand_source: str
    need_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class CourseOpened(Event, type="course.opened", subject="course_id", zh="课程开放报名"):
    """Seats can be asked for, until `closes_at` or until the course begins."""

    course_id: str
    capacity: int
    closes_at: datetime | None = None
    invite_scope: str | None = None


@dataclass(frozen=True, kw_only=True)
class CourseCancelled(Event, type="course.cancelled", subject="course_id", zh="课程已取消"):
    """The course will not be taught; whoever had a place gets an `enrollment.cancelled`."""

    course_id: str
    reason: str
    need_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class CourseFinished(Event, type="course.finished", subject="course_id", zh="课程已结课"):
    """Every seat has an outcome; one per course."""

    course_id: str
    completed_count: int
    not_completed_count: int
    need_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class SessionScheduled(Event, type="session.scheduled", subject="session_id", zh="课次已排定"):
    """A part of a course has a time and a form."""

    session_id: str
    course_id: str
    session_format: str
    starts_at: datetime
    venue_id: str | None = None
    instructor_id: str | None = None
    hours: float | None = None


@dataclass(frozen=True, kw_only=True)
class LearnerEnrolled(Event, type="learner.enrolled", subject="enrollment_id", zh="学员已报名"):
    """A seat was given; at most one per course and person."""

    enrollment_id: str
    course_id: str
    person_id: str
    seat_no: int
    reserved: bool = False
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class LearnerWaitlisted(Event, type="learner.waitlisted", subject="enrollment_id", zh="学员已候补"):
    """All seats are taken or offered; `position` counts from 1 and is that of this moment."""

    enrollment_id: str
    course_id: str
    person_id: str
    position: int
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class LearnerPromoted(Event, type="learner.promoted", subject="enrollment_id", zh="候补已递补"):
    """The head of the waiting list is offered a seat, to confirm before `hold_expires_at`."""

    enrollment_id: str
    course_id: str
    person_id: str
    hold_expires_at: datetime
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class EnrollmentCancelled(Event, type="enrollment.cancelled", subject="enrollment_id", zh="报名已取消"):
    """A seat, an offer or a place on the waiting list was given up; `reason` is a code."""

    enrollment_id: str
    course_id: str
    person_id: str
    reason: str
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class EnrollmentLapsed(Event, type="enrollment.lapsed", subject="enrollment_id", zh="递补已逾期"):
    """An offered seat was not confirmed in time."""

    enrollment_id: str
    course_id: str
    person_id: str
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class AttendanceRecorded(Event, type="attendance.recorded", subject="attendance_id", zh="已签到"):
    """One person was present at one session: one person-time."""

    attendance_id: str
    session_id: str
    course_id: str
    person_id: str
    hours: float


@dataclass(frozen=True, kw_only=True)
class CourseCompleted(Event, type="course.completed", subject="enrollment_id", zh="学员已结业"):
    """One learner met the course's demands (R13); `hours` are those attended, `score` is 0 to 100."""

    enrollment_id: str
    course_id: str
    person_id: str
    theme: str
    hours: float
    completed_at: datetime
    qualification: str | None = None
    score: int | None = None
    need_id: str | None = None
    title: str | None = None
