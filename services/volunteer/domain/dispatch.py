"""A dispatch: volunteers sent where a resident needs help, from the request to the verified work."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.volunteer.domain.hours import to_hours, to_hundredths
from services.volunteer.domain.tree import Level
from services.volunteer.events import DispatchCompleted
from shared.errors import Refusal, StateNotAllowed

# Whom a category needs where the request does not say (R3).
QUALIFICATION_OF = {"bike_shed": "hazard_inspection", "neighbour_dispute": "mediation", "child_care": "child_care"}


class DispatchState(StrEnum):
    """Where a dispatch stands."""

    OFFERING = "offering"
    UNFILLED = "unfilled"
    FILLED = "filled"
    COMPLETED = "completed"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Policy(StrEnum):
    """How much the qualification counts."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    NONE = "none"


# The life cycle: state -> step -> next state. Answers to offers are judged by the offer's own state first.
LIFE: Mapping[DispatchState, Mapping[str, DispatchState]] = {
    DispatchState.OFFERING: {
        "fill": DispatchState.FILLED,
        "give_up": DispatchState.UNFILLED,
        "widen": DispatchState.OFFERING,
        "withdraw": DispatchState.WITHDRAWN,
    },
    DispatchState.UNFILLED: {"widen": DispatchState.OFFERING, "withdraw": DispatchState.WITHDRAWN},
    DispatchState.FILLED: {"complete": DispatchState.COMPLETED},
    DispatchState.COMPLETED: {"verify": DispatchState.VERIFIED},
    DispatchState.VERIFIED: {},
    DispatchState.WITHDRAWN: {},
}


class HoursNotForAssigned(Refusal):
    """The hours must name exactly the volunteers who took a seat."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A unit in which candidates may be looked for."""

    scope: Level
    org_unit_id: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One volunteer asked for one seat, why they, and what they answered; `hundredths`: the hours they served."""

    volunteer_id: str
    person_id: str
    is_party_member: bool
    qualified: bool
    wave: int
    scope: Level
    reasons: tuple[str, ...]
    offered_at: datetime
    expires_at: datetime
    state: OfferState = OfferState.OPEN
    answer_reason: str | None = None
    hundredths: int = 0


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """A request for volunteers; `reach` lists the units to look in, from the requested scope outwards."""

    dispatch_id: str
    issue_id: str
    round: int
    category: str
    needed: int
    hours_estimate: float
    qualification: str | None
    policy: Policy
    dual_lead: bool
    urgent: bool
    reach: tuple[Reach, ...]
    requested_at: datetime
    title: str | None = None
    state: DispatchState = DispatchState.OFFERING
    offers: tuple[Offer, ...] = ()
    completed_at: datetime | None = None
    revision: int = 0

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        """The offers that wait for an answer."""
        return tuple(offer for offer in self.offers if offer.state is OfferState.OPEN)

    @property
    def assigned(self) -> tuple[Offer, ...]:
        """The offers that were accepted."""
        return tuple(offer for offer in self.offers if offer.state is OfferState.ACCEPTED)

    @property
    def missing(self) -> int:
        """How many seats nobody has taken."""
        return self.needed - len(self.assigned)

    @property
    def free_seats(self) -> int:
        """How many seats nobody has taken or is thinking about."""
        return self.missing - len(self.open_offers)

    @property
    def kinds_wanted(self) -> frozenset[bool]:
        """The kinds (Party member or not) that the lead rule still wants among the next who are asked (R7)."""
        if not self.dual_lead or self.needed == 1:
            return frozenset()
        return frozenset({True, False} - {offer.is_party_member for offer in (*self.assigned, *self.open_offers)})


def commitments(dispatch: Dispatch | None) -> Counter[tuple[str, str]]:
    """Count what each volunteer has on their hands because of a dispatch, as (volunteer_id, "offers" or "jobs")."""
    if dispatch is None:
        return Counter()
    working = dispatch.state in (DispatchState.OFFERING, DispatchState.UNFILLED, DispatchState.FILLED)
    held = Counter((offer.volunteer_id, "offers") for offer in dispatch.open_offers)
    held.update((offer.volunteer_id, "jobs") for offer in dispatch.assigned if working)
    return held


def dispatch_id_for(issue_id: str, request_no: int) -> str:
    """Return the id of the dispatch that answers an issue's n-th request for help."""
    first = f"DP-{issue_id.removeprefix('IS-')}"
    return first if request_no == 1 else f"{first}-{request_no}"


def step(dispatch: Dispatch, name: str) -> DispatchState:
    """Return the state a step leads to; raises StateNotAllowed with the steps that are allowed."""
    allowed = LIFE[dispatch.state]
    if name not in allowed:
        raise StateNotAllowed(
            f"a dispatch that is {dispatch.state} does not take this step",
            dispatch_id=dispatch.dispatch_id,
            state=str(dispatch.state),
            step=name,
            allowed=list(allowed),
        )
    return allowed[name]


def complete(
    dispatch: Dispatch, hours_by_volunteer: Mapping[str, float], now: datetime
) -> tuple[Dispatch, DispatchCompleted]:
    """Record the hours each assigned volunteer served; raises StateNotAllowed, HoursNotForAssigned."""
    state = step(dispatch, "complete")
    assigned = sorted(offer.volunteer_id for offer in dispatch.assigned)
    if sorted(hours_by_volunteer) != assigned:
        raise HoursNotForAssigned("give hours for exactly those who serve", assigned=assigned)
    served = {volunteer_id: to_hundredths(hours) for volunteer_id, hours in hours_by_volunteer.items()}
    offers = tuple(replace(offer, hundredths=served.get(offer.volunteer_id, 0)) for offer in dispatch.offers)
    fact = DispatchCompleted(
        dispatch_id=dispatch.dispatch_id,
        issue_id=dispatch.issue_id,
        hours_by_volunteer={volunteer_id: to_hours(served[volunteer_id]) for volunteer_id in assigned},
        round=dispatch.round,
    )
    return replace(dispatch, state=state, offers=offers, completed_at=now), fact


def widen_reach(dispatch: Dispatch, reach: tuple[Reach, ...]) -> Dispatch:
    """Look for people from a wider unit on, where that is wider; who was asked before is not asked again.

    Raises StateNotAllowed.
    """
    wider = reach if reach[0].scope.depth < dispatch.reach[0].scope.depth else dispatch.reach
    return replace(dispatch, state=step(dispatch, "widen"), reach=wider)


def withdraw(dispatch: Dispatch) -> Dispatch:
    """Take back every open offer because the help is no longer needed; raises StateNotAllowed."""
    offers = tuple(
        replace(offer, state=OfferState.WITHDRAWN) if offer.state is OfferState.OPEN else offer
        for offer in dispatch.offers
    )
    return replace(dispatch, state=step(dispatch, "withdraw"), offers=offers)


def mark_verified(dispatch: Dispatch) -> Dispatch:
    """Note that the resident has answered and the hours count; raises StateNotAllowed."""
    return replace(dispatch, state=step(dispatch, "verify"))
