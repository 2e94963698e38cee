"""Where courses, sessions, attendances and counters are kept; the only place that names fields of documents."""

from collections.abc import Iterable

from services.enrollment.domain import Attendance, Course, CourseState, Presence, Session, Tally, Theme
from shared.collection import Collection, Index
from shared.transaction import Transaction

courses = Collection("courses", Course, key="course_id", indexes=[Index("state", "_id")])
sessions = Collection("sessions", Session, key="session_id", indexes=[Index("course_id", "starts_at")])
attendances = Collection("attendances", Attendance, key="attendance_id", indexes=[Index("course_id", "person_id")])
tallies = Collection("tallies", Tally, key="tally_id")


def sessions_of(tx: Transaction, course_id: str) -> list[Session]:
    """Return the sessions of a course, earliest first."""
    return sessions.query(tx, {"course_id": course_id}, sort=[("starts_at", 1), ("_id", 1)])


def present_at(tx: Transaction, session_id: str, person_ids: Iterable[str]) -> set[str]:
    """Return who of these persons is recorded at the session already."""
    found = attendances.find_many(tx, [f"{session_id}/{person_id}" for person_id in person_ids])
    return {attendance.person_id for attendance in found.values()}


def presence_in(tx: Transaction, course_id: str, course_sessions: Iterable[Session]) -> Presence:
    """Return the hours everybody attended in the course."""
    return Presence.of(course_sessions, attendances.query(tx, {"course_id": course_id}))


def presence_of(tx: Transaction, course_id: str, person_id: str) -> Presence:
    """Return the hours one person attended in the course."""
    attended = attendances.query(tx, {"course_id": course_id, "person_id": person_id})
    return Presence.of(sessions_of(tx, course_id), attended)


def courses_after(tx: Transaction, state: CourseState | None, after: str | None, limit: int) -> list[Course]:
    """Return courses in the order of their ids."""
    where = {"state": state.value} if state else {}
    return courses.query(tx, {**where, "_id": {"$gt": after or ""}}, sort=[("_id", 1)], limit=limit)


def save_attendances(tx: Transaction, new: Iterable[Attendance]) -> None:
    """Write attendances; their ids keep a person from being counted twice at a session."""
    for attendance in new:
        attendances.save(tx, attendance)


def count(tx: Transaction, theme: Theme, *, person_times: int = 0, completed: int = 0) -> None:
    """Move the counters of the theme in this month on; new ones start at zero."""
    month = f"{tx.now:%Y-%m}"
    tally_id = f"{theme}/{month}"
    tally = tallies.find(tx, tally_id) or Tally(tally_id=tally_id, theme=theme, month=month)
    tallies.save(tx, tally.add(person_times=person_times, completed=completed))


def all_tallies(tx: Transaction) -> list[Tally]:
    """Return every counter: one per theme and month."""
    return tallies.query(tx, {})
