"""What callers are shown: ids and numbers, never names of persons."""

from collections.abc import Iterable
from typing import Any

from services.enrollment.domain import Course, Session, Tally, Theme
from shared.schemas import dump


def course_summary(course: Course) -> dict[str, Any]:
    """Return what a course is and how full it is."""
    people = ("seats", "offers", "waiting", "lapsed", "outcomes", "tickets", "revision")
    return {
        **{name: value for name, value in dump(course).items() if name not in people},
        "taken": len(course.seats),
        "offered": len(course.offers),
        "free": course.free,
        "waiting_count": len(course.waiting),
    }


def course_row(course: Course) -> dict[str, Any]:
    """Return a course as it stands in the database, with the revision that `expected_revision` is about."""
    return {**course_summary(course), "revision": course.revision}


def course_view(course: Course, sessions: Iterable[Session]) -> dict[str, Any]:
    """Return a course with its sessions, seats, offers, outcomes and the waiting list in order."""
    waiting = [{"position": position, **dump(place)} for position, place in enumerate(course.waiting, 1)]
    return {
        **course_row(course),
        "sessions": [session_view(session) for session in sessions],
        "seats": dump(course.seats),
        "offers": dump(course.offers),
        "waiting": waiting,
        "outcomes": dump(course.outcomes),
    }


def session_view(session: Session) -> dict[str, Any]:
    """Return when and how a session is taught."""
    return {name: value for name, value in dump(session).items() if name != "revision"}


def place_view(course: Course, person_id: str) -> dict[str, Any]:
    """Return where a person stands in a course."""
    seat, offer, position = course.seat_of(person_id), course.offer_of(person_id), course.position_of(person_id)
    return {
        **{name: value for name, value in course.learner(person_id).items() if name != "title"},
        "place": _place(course, person_id),
        "seat_no": seat.seat_no if seat else None,
        "position": position,
        "hold_expires_at": dump(offer.expires_at) if offer else None,
        "outcome": dump(course.outcome_of(person_id)),
    }


def _place(course: Course, person_id: str) -> str:
    places = {
        "enrolled": course.seat_of(person_id),
        "offered": course.offer_of(person_id),
        "waitlisted": course.position_of(person_id),
        "lapsed": person_id in course.lapsed,
    }
    return next((place for place, found in places.items() if found), "none")


def finished_view(course: Course) -> dict[str, Any]:
    """Return what a finished course came to."""
    return {
        "course_id": course.course_id,
        "state": course.state.value,
        "completed_count": course.completed_count,
        "not_completed_count": len(course.outcomes) - course.completed_count,
    }


def report_view(tallies: Iterable[Tally]) -> dict[str, Any]:
    """Return person-times and completions, in all and by theme."""
    by_theme = {theme.value: {"person_times": 0, "completed": 0} for theme in Theme}
    for tally in tallies:
        by_theme[tally.theme]["person_times"] += tally.person_times
        by_theme[tally.theme]["completed"] += tally.completed
    total = {name: sum(counts[name] for counts in by_theme.values()) for name in ("person_times", "completed")}
    return {**total, "by_theme": by_theme}
