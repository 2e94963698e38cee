"""What a course comes to for each learner: presence and, where assessed, a score (R13)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.enrollment.domain.codes import CourseKind
from services.enrollment.domain.course import Course, CourseState, Outcome, require
from services.enrollment.domain.seats import end_offers
from services.enrollment.domain.session import Attendance, Session, require_seats
from services.enrollment.events import CourseCompleted, CourseFinished
from shared.errors import Refusal
from shared.events import Event

PRESENCE_PERCENT = 80  # of the course's hours, R13
PASS_SCORE = 60  # of 100, R13


class CompletionNotReached(Refusal):
    """The learner does not meet the course's demands yet; `missing` names each."""


class SessionsAhead(Refusal):
    """A session of the course has not begun yet."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    """The hours a course has, and those that each person attended."""

    course_hours: float
    hours: Mapping[str, float]

    @classmethod
    def of(cls, sessions: Iterable[Session], attendances: Iterable[Attendance]) -> "Presence":
        """Add up the sessions of a course and the attendances at them."""
        hours: dict[str, float] = defaultdict(float)
        for attendance in attendances:
            hours[attendance.person_id] += attendance.hours
        return cls(course_hours=sum(session.hours for session in sessions), hours=dict(hours))


def missing(course: Course, attended: float, course_hours: float, score: int | None) -> list[str]:
    """Return what the learner lacks by R13: presence, score, both or nothing.

    A score is demanded where the course is assessed; one that is given counts in every practicum and skill course.
    """
    lacking = []
    if round(attended * 100, 6) < round(course_hours * PRESENCE_PERCENT, 6):  # sums of tenths are not exact
        lacking.append("presence")
    if (score is None and course.assessed) or (
        score is not None and score < PASS_SCORE and course.course_kind is not CourseKind.GENERAL
    ):
        lacking.append("score")
    return lacking


def complete(
    course: Course, person_id: str, presence: Presence, score: int | None, now: datetime
) -> tuple[Course, Sequence[CourseCompleted]]:
    """Complete the course for one learner; for one who has completed it, change and announce nothing.

    Raises StateNotAllowed, NotEnrolled, CompletionNotReached.
    """
    require(course, "complete_learner")
    require_seats(course, [person_id])
    if course.outcome_of(person_id):
        return course, ()
    attended = presence.hours.get(person_id, 0.0)
    if lacking := missing(course, attended, presence.course_hours, score):
        raise CompletionNotReached(
            f"not completed yet: {', '.join(lacking)}",
            missing=lacking,
            attended_hours=attended,
            course_hours=presence.course_hours,
            score=score,
        )
    outcome = Outcome(person_id=person_id, completed=True, hours=attended, score=score, decided_at=now)
    return replace(course, outcomes=(*course.outcomes, outcome)), (_completed(course, outcome),)


def finish(
    course: Course, sessions: Iterable[Session], presence: Presence, scores: Mapping[str, int], now: datetime
) -> tuple[Course, Sequence[Event]]:
    """Decide every outcome that is still open, end open offers, and close the course.

    Raises StateNotAllowed, SessionsAhead, NotEnrolled (with every score for somebody without a seat), in that order.
    """
    require(course, "finish_course")
    _require_held(sessions, now)
    require_seats(course, scores)
    known = {outcome.person_id for outcome in course.outcomes}
    decided = tuple(
        _outcome(course, seat.person_id, presence, scores.get(seat.person_id), now)
        for seat in course.seats
        if seat.person_id not in known
    )
    completed = tuple(_completed(course, outcome) for outcome in decided if outcome.completed)
    course, lapsed = end_offers(course)
    course = replace(course, state=CourseState.FINISHED, outcomes=(*course.outcomes, *decided))
    return course, (*completed, *lapsed, _finished(course))


def _require_held(sessions: Iterable[Session], now: datetime) -> None:
    ahead = [session.session_id for session in sessions if session.starts_at > now]
    if ahead:
        raise SessionsAhead("the course has sessions that have not begun", session_ids=ahead)


def _outcome(course: Course, person_id: str, presence: Presence, score: int | None, now: datetime) -> Outcome:
    attended = presence.hours.get(person_id, 0.0)
    completed = not missing(course, attended, presence.course_hours, score)
    return Outcome(person_id=person_id, completed=completed, hours=attended, score=score, decided_at=now)


def _completed(course: Course, outcome: Outcome) -> CourseCompleted:
    return CourseCompleted(
        **course.learner(outcome.person_id),
        theme=course.theme,
        qualification=course.qualification,
        hours=outcome.hours,
        score=outcome.score,
        completed_at=outcome.decided_at,
        need_id=course.need_id,
    )


def _finished(course: Course) -> CourseFinished:
    return CourseFinished(
        course_id=course.course_id,
        completed_count=course.completed_count,
        not_completed_count=len(course.outcomes) - course.completed_count,
        need_id=course.need_id,
    )
