"""Sessions of a course, and who was present at them."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.enrollment.domain.codes import SessionFormat
from services.enrollment.domain.course import Course, CourseState, require
from services.enrollment.domain.seats import NotEnrolled
from services.enrollment.events import AttendanceRecorded, SessionScheduled
from shared.errors import Refusal

AWAY = frozenset({SessionFormat.FIELD_TEACHING, SessionFormat.STUDY_VISIT})  # taught at a place of their own
CHECK_IN = timedelta(hours=1)  # before the session begins, for those who come early


class VenueMissing(Refusal):
    """Field teaching and study visits need a place to go to."""


class SessionNotBegun(Refusal):
    """Nobody can have been present yet."""


class NobodyNamed(Refusal):
    """A recording names at least one person."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One meeting of a course; `hours` are class hours."""

    session_id: str
    course_id: str
    starts_at: datetime
    hours: float
    session_format: SessionFormat
    venue_id: str | None = None
    instructor_id: str | None = None
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One person present at one session: one person-time (E6)."""

    attendance_id: str
    session_id: str
    course_id: str
    person_id: str
    hours: float
    recorded_at: datetime
    revision: int = 0


def schedule(course: Course, session: Session) -> tuple[Session, SessionScheduled]:
    """Give a course a further session; not once it runs, because outcomes count its hours.

    Raises StateNotAllowed, VenueMissing.
    """
    require(course, "schedule_session")
    if session.session_format in AWAY and session.venue_id is None:
        raise VenueMissing("this format needs a venue_id", session_format=session.session_format.value)
    return session, SessionScheduled(
        session_id=session.session_id,
        course_id=session.course_id,
        session_format=session.session_format,
        starts_at=session.starts_at,
        venue_id=session.venue_id,
        instructor_id=session.instructor_id,
        hours=session.hours,
    )


def record_attendance(
    course: Course, session: Session, present: AbstractSet[str], person_ids: Iterable[str], now: datetime
) -> tuple[Course, Sequence[Attendance], Sequence[AttendanceRecorded]]:
    """Record who came and was not `present` already; the first recording starts the course.

    Raises StateNotAllowed, SessionNotBegun, NobodyNamed, NotEnrolled (with everybody who has no seat), in that order.
    """
    require(course, "record_attendance")
    _require_begun(session, now)
    named = tuple(dict.fromkeys(person_ids))
    if not named:
        raise NobodyNamed("name a person_id or person_ids", session_id=session.session_id)
    require_seats(course, named)
    attendances = tuple(_attendance(session, person, now) for person in named if person not in present)
    return replace(course, state=CourseState.RUNNING), attendances, tuple(map(_recorded, attendances))


def require_seats(course: Course, person_ids: Iterable[str]) -> None:
    """Refuse persons without a seat, naming each; raises NotEnrolled."""
    seated = {seat.person_id for seat in course.seats}
    strangers = [person for person in person_ids if person not in seated]
    if strangers:
        raise NotEnrolled("not everybody has a seat", course_id=course.course_id, person_ids=strangers)


def _require_begun(session: Session, now: datetime) -> None:
    if now < session.starts_at - CHECK_IN:
        raise SessionNotBegun(
            "attendance is recorded from one hour before the session on",
            session_id=session.session_id,
            starts_at=session.starts_at.isoformat(),
        )


def _attendance(session: Session, person_id: str, now: datetime) -> Attendance:
    return Attendance(
        attendance_id=f"{session.session_id}/{person_id}",
        session_id=session.session_id,
        course_id=session.course_id,
        person_id=person_id,
        hours=session.hours,
        recorded_at=now,
    )


def _recorded(attendance: Attendance) -> AttendanceRecorded:
    return AttendanceRecorded(
        attendance_id=attendance.attendance_id,
        session_id=attendance.session_id,
        course_id=attendance.course_id,
        person_id=attendance.person_id,
        hours=attendance.hours,
    )
