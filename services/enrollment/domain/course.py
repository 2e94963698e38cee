"""A course and everybody's place in it: one aggregate, so that one guarded write decides a seat."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.enrollment.domain.codes import Audience, CourseKind, DemandSource, Theme
from shared.errors import StateNotAllowed

CAPACITY_LIMIT = 500  # seats; keeps the one document small enough to be written on every enrolment


class CourseState(StrEnum):
    """Where a course stands; it runs from the first recorded attendance on."""

    PLANNED = "planned"
    OPEN = "open"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


ALLOWED: dict[CourseState, tuple[str, ...]] = {
    CourseState.PLANNED: ("schedule_session", "open_course", "cancel_course"),
    CourseState.OPEN: (
        "schedule_session",
        "enroll",
        "cancel_enrollment",
        "confirm_promotion",
        "record_attendance",
        "cancel_course",
    ),
    CourseState.RUNNING: (
        "cancel_enrollment",
        "confirm_promotion",
        "record_attendance",
        "complete_learner",
        "finish_course",
    ),
    CourseState.FINISHED: (),
    CourseState.CANCELLED: (),
}


class EnrollmentClosed(StateNotAllowed):
    """The course does not take learners now."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A seat that is taken."""

    seat_no: int
    person_id: str
    ticket: int


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A seat kept for one person of the waiting list until it expires; it blocks the seat."""

    seat_no: int
    person_id: str
    ticket: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A place on the waiting list; the ticket never changes (E5)."""

    person_id: str
    ticket: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the course came to for one learner (R13)."""

    person_id: str
    completed: bool
    hours: float
    score: int | None
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Course:
    """One run of a course; seats and offers together never exceed the capacity (E1)."""

    course_id: str
    title: str
    theme: Theme
    course_kind: CourseKind
    capacity: int
    audience: tuple[Audience, ...]
    qualification: str | None = None
    demand_source: DemandSource = DemandSource.PLAN
    need_id: str | None = None
    assessed: bool = False
    state: CourseState = CourseState.PLANNED
    closes_at: datetime | None = None
    invite_scope: str | None = None
    seats: tuple[Seat, ...] = ()
    offers: tuple[Offer, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    lapsed: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    tickets: int = 0
    revision: int = 0

    @property
    def free(self) -> int:
        """How many seats are neither taken nor offered."""
        return self.capacity - len(self.held)

    @property
    def held(self) -> tuple[Seat | Offer, ...]:
        """The seats that are taken or offered."""
        return (*self.seats, *self.offers)

    @property
    def places(self) -> tuple[Seat | Offer | Waiting, ...]:
        """Everybody who has a seat, an offer or a place on the waiting list."""
        return (*self.held, *self.waiting)

    def seat_of(self, person_id: str) -> Seat | None:
        """Return the person's seat, or None."""
        return next((seat for seat in self.seats if seat.person_id == person_id), None)

    def offer_of(self, person_id: str) -> Offer | None:
        """Return the seat that is kept for the person, or None."""
        return next((offer for offer in self.offers if offer.person_id == person_id), None)

    def position_of(self, person_id: str) -> int | None:
        """Return the person's place on the waiting list, counted from 1, or None."""
        people = (waiting.person_id for waiting in self.waiting)
        return next((position for position, person in enumerate(people, 1) if person == person_id), None)

    def outcome_of(self, person_id: str) -> Outcome | None:
        """Return what the course came to for the person, or None while it is open."""
        return next((outcome for outcome in self.outcomes if outcome.person_id == person_id), None)

    @property
    def completed_count(self) -> int:
        """How many learners have completed the course."""
        return sum(outcome.completed for outcome in self.outcomes)

    def enrollment_id(self, person_id: str) -> str:
        """Return the id of the person's enrolment in this course."""
        return f"{self.course_id}/{person_id}"

    def learner(self, person_id: str) -> dict[str, Any]:
        """Return what every fact about a person's place says."""
        return {
            "enrollment_id": self.enrollment_id(person_id),
            "course_id": self.course_id,
            "person_id": person_id,
            "title": self.title,
        }


def require(course: Course, command: str, refusal: type[StateNotAllowed] = StateNotAllowed) -> None:
    """Refuse what the life cycle does not allow now, and say what it does."""
    if command not in ALLOWED[course.state]:
        raise refusal(
            f"{command} is not possible while the course is {course.state}",
            course_id=course.course_id,
            state=course.state.value,
            allowed=list(ALLOWED[course.state]),
        )
