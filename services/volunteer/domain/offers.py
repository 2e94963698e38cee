"""Offers of a dispatch: who is asked next, and what an answer, or none, leads to (R5-R7, V1, V3)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteer.domain.dispatch import Dispatch, Offer, OfferState, Policy, step
from services.volunteer.domain.ranking import Candidate, Choice, choose
from services.volunteer.events import (
    DispatchAccepted,
    DispatchDeclined,
    DispatchExpired,
    DispatchFilled,
    DispatchOffered,
    DispatchUnfilled,
)
from shared.errors import NotFound, Refusal

OFFER_LIFETIME = timedelta(hours=12)  # R6
URGENT_OFFER_LIFETIME = timedelta(minutes=30)  # R6


class OfferExpired(Refusal):
    """The time to answer is over; somebody else is asked."""


class OfferAnswered(Refusal):
    """An offer is answered once."""


class OfferWithdrawn(Refusal):
    """The help is no longer needed."""


class AlreadyFilled(Refusal):
    """Every seat is taken."""


def fill(
    dispatch: Dispatch, rings: Iterable[Iterable[Candidate]], now: datetime
) -> tuple[Dispatch, tuple[DispatchOffered | DispatchUnfilled, ...]]:
    """Ask the next candidates for the free seats, or say that nobody is left to ask.

    Raises StateNotAllowed. While an offer is open the dispatch is not given up, even if no further candidate exists.
    """
    choice = choose(rings, dispatch.free_seats, dispatch.kinds_wanted)
    asked = tuple(_offer(dispatch, one, now) for one in choice.chosen)
    dispatch = replace(dispatch, offers=(*dispatch.offers, *asked))
    if asked or dispatch.open_offers:
        return dispatch, tuple(_offered(dispatch, offer) for offer in asked)
    fact = DispatchUnfilled(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        category=dispatch.category,
        reason=_why_unfilled(dispatch, choice),
        missing=dispatch.missing,
    )
    return replace(dispatch, state=step(dispatch, "give_up")), (fact,)


def accept(
    dispatch: Dispatch, volunteer_id: str, now: datetime
) -> tuple[Dispatch, tuple[DispatchAccepted | DispatchFilled, ...]]:
    """Take the seat; with the last one the dispatch is filled.

    Raises OfferExpired, OfferAnswered, OfferWithdrawn, AlreadyFilled, NotFound.
    """
    offer = _open_offer(dispatch, volunteer_id, now)
    dispatch = _answered(dispatch, replace(offer, state=OfferState.ACCEPTED))
    accepted = DispatchAccepted(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        volunteer_id=volunteer_id,
        person_id=offer.person_id,
    )
    if dispatch.missing:
        return dispatch, (accepted,)
    return replace(dispatch, state=step(dispatch, "fill")), (accepted, _filled(dispatch))


def decline(
    dispatch: Dispatch, volunteer_id: str, reason: str | None, now: datetime
) -> tuple[Dispatch, DispatchDeclined]:
    """Say no; raises OfferExpired, OfferAnswered, OfferWithdrawn, AlreadyFilled, NotFound."""
    offer = _open_offer(dispatch, volunteer_id, now)
    fact = DispatchDeclined(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        volunteer_id=volunteer_id,
        reason="stated" if reason else "not_stated",
        person_id=offer.person_id,
    )
    return _answered(dispatch, replace(offer, state=OfferState.DECLINED, answer_reason=reason)), fact


def expire(dispatch: Dispatch, volunteer_id: str) -> tuple[Dispatch, DispatchExpired]:
    """End an offer that nobody answered; raises OfferAnswered, OfferExpired, OfferWithdrawn, NotFound."""
    offer = _open_offer(dispatch, volunteer_id, None)
    fact = DispatchExpired(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        volunteer_id=volunteer_id,
        person_id=offer.person_id,
    )
    return _answered(dispatch, replace(offer, state=OfferState.EXPIRED)), fact


def _open_offer(dispatch: Dispatch, volunteer_id: str, now: datetime | None) -> Offer:
    """Return the volunteer's offer if it can still be answered, at `now` if given."""
    who = {"dispatch_id": dispatch.dispatch_id, "volunteer_id": volunteer_id}
    offer = next((one for one in dispatch.offers if one.volunteer_id == volunteer_id), None)
    if offer is None:
        if not dispatch.missing:
            raise AlreadyFilled("every seat is taken", **who)
        raise NotFound("this volunteer was not asked", kind="Offer", **who)
    overdue = now is not None and now >= offer.expires_at
    if offer.state is OfferState.EXPIRED or (offer.state is OfferState.OPEN and overdue):
        raise OfferExpired("the time to answer is over", expires_at=offer.expires_at.isoformat(), **who)
    if offer.state is OfferState.WITHDRAWN:
        raise OfferWithdrawn("the help is no longer needed", **who)
    if offer.state is not OfferState.OPEN:
        raise OfferAnswered("an offer is answered once", answer=str(offer.state), **who)
    return offer


def _answered(dispatch: Dispatch, answered: Offer) -> Dispatch:
    offers = tuple(answered if one.volunteer_id == answered.volunteer_id else one for one in dispatch.offers)
    return replace(dispatch, offers=offers)


def _offer(dispatch: Dispatch, one: Candidate, now: datetime) -> Offer:
    return Offer(
        volunteer_id=one.volunteer_id,
        person_id=one.person_id,
        is_party_member=one.is_party_member,
        qualified=one.qualified,
        wave=one.steps + 1,
        scope=one.scope,
        reasons=one.reasons,
        offered_at=now,
        expires_at=now + (URGENT_OFFER_LIFETIME if dispatch.urgent else OFFER_LIFETIME),
    )


def _offered(dispatch: Dispatch, offer: Offer) -> DispatchOffered:
    return DispatchOffered(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        volunteer_id=offer.volunteer_id,
        wave=offer.wave,
        scope=offer.scope,
        expires_at=offer.expires_at,
        person_id=offer.person_id,
        title=dispatch.title,
        hours_estimate=dispatch.hours_estimate,
    )


def _filled(dispatch: Dispatch) -> DispatchFilled:
    return DispatchFilled(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        volunteer_ids=tuple(offer.volunteer_id for offer in dispatch.assigned),
        qualified_count=sum(1 for offer in dispatch.assigned if offer.qualified),
        lead_rule_waived=False,
        round=dispatch.round,
    )


def _why_unfilled(dispatch: Dispatch, choice: Choice) -> str:
    if choice.lead_rule_unmet:
        return "lead_rule_unmet"
    if any(offer.state in (OfferState.DECLINED, OfferState.EXPIRED) for offer in dispatch.offers):
        return "no_one_accepted"
    return "no_qualified_volunteer" if dispatch.policy is Policy.REQUIRED else "no_candidate"
