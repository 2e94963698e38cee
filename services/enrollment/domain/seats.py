"""Who gets a seat: enrolment, the waiting list, offers with an end (R12, E1 to E5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.enrollment.domain.codes import EnrollmentCancelReason
from services.enrollment.domain.course import Course, EnrollmentClosed, Offer, Seat, Waiting, require
from services.enrollment.events import (
    EnrollmentCancelled,
    EnrollmentLapsed,
    LearnerEnrolled,
    LearnerPromoted,
    LearnerWaitlisted,
)
from shared.errors import AlreadyHandled, Refusal
from shared.events import Event

HOLD = timedelta(hours=24)  # R12: how long an offered seat is kept
WAITING_LIMIT = 1000  # persons; the list is part of the course's document


class AlreadyEnrolled(Refusal):
    """The person has a seat, an offer or a place on the waiting list in this course."""


class NotEnrolled(Refusal):
    """The person has no place in this course."""


class NotPromoted(Refusal):
    """No seat is kept for the person."""


class PromotionLapsed(Refusal):
    """The seat was kept for the person, and the time to confirm is over."""


class OfferAnswered(AlreadyHandled):
    """The offer was confirmed, withdrawn or lapsed before, or it still runs."""


class WaitingListFull(Refusal):
    """The waiting list takes nobody more."""


class OutcomeKnown(Refusal):
    """The learner has completed the course already."""


def enroll(course: Course, person_id: str, now: datetime) -> tuple[Course, LearnerEnrolled | LearnerWaitlisted]:
    """Give the person a seat, or a place at the end of the waiting list, and say which.

    Raises EnrollmentClosed, AlreadyEnrolled, WaitingListFull, in that order.
    """
    _require_open(course, now)
    _require_no_place(course, person_id)
    course = replace(course, tickets=course.tickets + 1, lapsed=_without(course.lapsed, person_id))
    if course.free:
        seat = Seat(seat_no=_free_seat_no(course), person_id=person_id, ticket=course.tickets)
        return _seated(course, seat)
    if len(course.waiting) >= WAITING_LIMIT:
        raise WaitingListFull("the waiting list is full", course_id=course.course_id, limit=WAITING_LIMIT)
    waiting = (*course.waiting, Waiting(person_id=person_id, ticket=course.tickets))
    return replace(course, waiting=waiting), LearnerWaitlisted(**course.learner(person_id), position=len(waiting))


def cancel(
    course: Course, person_id: str, reason: EnrollmentCancelReason, now: datetime
) -> tuple[Course, Sequence[Event]]:
    """Give up a seat, an offer or a place on the list; a seat that comes free goes to the head of the list at once.

    Raises StateNotAllowed, NotEnrolled, OutcomeKnown.
    """
    require(course, "cancel_enrollment")
    if not _has_place(course, person_id):
        raise NotEnrolled("there is no place to give up", course_id=course.course_id, person_id=person_id)
    if course.outcome_of(person_id) is not None:
        raise OutcomeKnown("the course is completed for this learner", person_id=person_id)
    course, promoted = _offer_free_seats(_released(course, person_id), now)
    return course, (EnrollmentCancelled(**course.learner(person_id), reason=reason), *promoted)


def confirm(course: Course, person_id: str, now: datetime) -> tuple[Course, LearnerEnrolled]:
    """Take the offered seat before the hold ends.

    Raises StateNotAllowed, AlreadyEnrolled, PromotionLapsed, NotPromoted, in that order.
    """
    require(course, "confirm_promotion")
    if course.seat_of(person_id):
        raise AlreadyEnrolled("the person has a seat", course_id=course.course_id, person_id=person_id)
    offer = course.offer_of(person_id)
    if person_id in course.lapsed or (offer and now >= offer.expires_at):
        raise PromotionLapsed("the time to confirm is over", course_id=course.course_id, person_id=person_id)
    if offer is None:
        raise NotPromoted("no seat is kept for this person", course_id=course.course_id, person_id=person_id)
    seat = Seat(seat_no=offer.seat_no, person_id=person_id, ticket=offer.ticket)
    return _seated(_released(course, person_id), seat)


def lapse(course: Course, person_id: str, now: datetime) -> tuple[Course, Sequence[Event]]:
    """End an offer whose hold is over and offer the seat to the next who waits. Raises OfferAnswered."""
    offer = course.offer_of(person_id)
    if offer is None or now < offer.expires_at:
        raise OfferAnswered("there is no offer to end", course_id=course.course_id, person_id=person_id)
    course = replace(_released(course, person_id), lapsed=(*course.lapsed, person_id))
    course, promoted = _offer_free_seats(course, now)
    return course, (EnrollmentLapsed(**course.learner(person_id)), *promoted)


def end_offers(course: Course) -> tuple[Course, Sequence[Event]]:
    """End the offers that are still open, because the course is over."""
    ended = tuple(offer.person_id for offer in course.offers)
    facts = tuple(EnrollmentLapsed(**course.learner(person_id)) for person_id in ended)
    return replace(course, offers=(), lapsed=(*course.lapsed, *ended)), facts


def _require_open(course: Course, now: datetime) -> None:
    require(course, "enroll", EnrollmentClosed)
    if course.closes_at is not None and now >= course.closes_at:
        raise EnrollmentClosed("enrolment is over", course_id=course.course_id, closes_at=course.closes_at.isoformat())


def _require_no_place(course: Course, person_id: str) -> None:
    if _has_place(course, person_id):
        raise AlreadyEnrolled("the person has a place", course_id=course.course_id, person_id=person_id)


def _has_place(course: Course, person_id: str) -> bool:
    return any(place.person_id == person_id for place in course.places)


def _seated(course: Course, seat: Seat) -> tuple[Course, LearnerEnrolled]:
    fact = LearnerEnrolled(**course.learner(seat.person_id), seat_no=seat.seat_no)
    return replace(course, seats=(*course.seats, seat)), fact


def _released(course: Course, person_id: str) -> Course:
    """Take the person off the seats, the offers and the waiting list."""
    return replace(
        course,
        seats=tuple(seat for seat in course.seats if seat.person_id != person_id),
        offers=tuple(offer for offer in course.offers if offer.person_id != person_id),
        waiting=tuple(waiting for waiting in course.waiting if waiting.person_id != person_id),
    )


def _offer_free_seats(course: Course, now: datetime) -> tuple[Course, Sequence[LearnerPromoted]]:
    """Offer every free seat to the head of the waiting list, so that nobody waits beside a free seat (E2)."""
    facts: list[LearnerPromoted] = []
    while course.free and course.waiting:
        head, *rest = course.waiting
        offer = Offer(
            seat_no=_free_seat_no(course), person_id=head.person_id, ticket=head.ticket, expires_at=now + HOLD
        )
        course = replace(course, offers=(*course.offers, offer), waiting=tuple(rest))
        facts.append(LearnerPromoted(**course.learner(head.person_id), hold_expires_at=offer.expires_at))
    return course, facts


def _free_seat_no(course: Course) -> int:
    """Return the lowest seat number that is neither taken nor offered."""
    used = {place.seat_no for place in course.held}
    return next(number for number in range(1, course.capacity + 1) if number not in used)


def _without(people: tuple[str, ...], person_id: str) -> tuple[str, ...]:
    return tuple(person for person in people if person != person_id)
