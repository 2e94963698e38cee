"""Commands and questions in, views out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from marshmallow import validate

from services.volunteer import domain
from services.volunteer.domain import Level, Policy
from shared.errors import InvalidInput
from shared.events import Event
from shared.schemas import Command, Id, Page, ShortText, dump

UNITS_PER_IMPORT = 500  # one transaction; a larger tree comes in several calls, parents first
Hours = Annotated[float, validate.Range(0.5, 8)]  # of one service on one day; more needs approval, which comes later


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit of the tree as an import gives it; `place_zh` is how residents call it."""

    org_unit_id: Id
    level: Level
    parent_id: Id | None = None
    secretary_id: Id | None = None
    label_zh: ShortText
    place_zh: ShortText | None = None

    def as_draft(self) -> domain.UnitDraft:
        """Return the unit as the rules take it."""
        return domain.UnitDraft(**{**vars(self), "place_zh": self.place_zh or self.label_zh})


@dataclass(frozen=True, kw_only=True)
class ImportOrgTree(Command):
    """Bring units into the tree, at most 500 in a call; those that do not differ are left alone."""

    units: Annotated[
        tuple[Unit, ...],
        validate.Length(1, UNITS_PER_IMPORT, error="Give 1 to 500 units; send a larger tree in parts, parents first."),
    ]


@dataclass(frozen=True, kw_only=True)
class HeldQualification:
    """A qualification a volunteer brings along."""

    qualification: Id
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class Register(Command):
    """Make a person a volunteer; no name is kept, only who they are to the other services."""

    person_id: Id
    org_unit_id: Id
    is_party_member: bool
    volunteer_id: Id | None = None
    qualifications: Annotated[tuple[HeldQualification, ...], validate.Length(max=20)] = ()
    opening_hours: Annotated[float, validate.Range(0, 100_000)] = 0.0

    def as_volunteer(self, volunteer_id: str, path: tuple[str, ...]) -> tuple[domain.Volunteer, Event]:
        """Return the volunteer, in the unit at the end of the path, and the fact."""
        return domain.register(
            volunteer_id,
            self.person_id,
            path,
            is_party_member=self.is_party_member,
            qualifications=[domain.Qualification(**vars(held)) for held in self.qualifications],
            opening_hours=self.opening_hours,
        )


@dataclass(frozen=True, kw_only=True)
class RespondDispatch(Command):
    """Take the seat that was offered, or say no."""

    dispatch_id: Id
    volunteer_id: Id
    accept: bool
    reason: ShortText | None = None

    def decide(self, dispatch: domain.Dispatch, now: datetime) -> tuple[domain.Dispatch, tuple[Event, ...]]:
        """Return the dispatch after the answer, and the facts."""
        if self.accept:
            return domain.accept(dispatch, self.volunteer_id, now)
        dispatch, declined = domain.decline(dispatch, self.volunteer_id, self.reason, now)
        return dispatch, (declined,)


@dataclass(frozen=True, kw_only=True)
class CompleteDispatch(Command):
    """Say how many hours each of those who took a seat has served."""

    dispatch_id: Id
    hours_by_volunteer: Annotated[dict[Id, Hours], validate.Length(1, 50)]


@dataclass(frozen=True, kw_only=True)
class GetOrgUnit(Page):
    """Look at a unit and, so many levels down, the units below it."""

    org_unit_id: Id
    depth_below: Annotated[int, validate.Range(0, 3)] = 0


@dataclass(frozen=True, kw_only=True)
class FindCandidates:
    """Rank whom a dispatch would ask next, or whom a request from a unit would."""

    dispatch_id: Id | None = None
    org_unit_id: Id | None = None
    scope: Level = Level.BUILDING
    qualification: Id | None = None
    policy: Policy = Policy.NONE
    limit: Annotated[int, validate.Range(1, 100)] = 20


@dataclass(frozen=True, kw_only=True)
class GetDispatch:
    """Look at a dispatch with its offers."""

    dispatch_id: Id


@dataclass(frozen=True, kw_only=True)
class VolunteerCard:
    """Look at a volunteer."""

    volunteer_id: Id


@dataclass(frozen=True, kw_only=True)
class HoursLedger(Page):
    """List the hours that count, of a dispatch or of a volunteer."""

    dispatch_id: Id | None = None
    volunteer_id: Id | None = None


def one_of(request: Any, *names: str) -> dict[str, str]:
    """Return the one field of these that is given; raises InvalidInput when none is, or several are."""
    given = {name: getattr(request, name) for name in names if getattr(request, name) is not None}
    if len(given) != 1:
        wanted = f"Give exactly one of {', '.join(names)}."
        raise InvalidInput(wanted, fields={name: [wanted] for name in names})
    return given


def page(items: Sequence[Any], limit: int, key: str) -> dict[str, Any]:
    """Return the first items as a page; one more than `limit` says that there is a next one."""
    shown = items[:limit]
    return {"items": list(shown), "next": shown[-1][key] if len(items) > limit else None}


def answer(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view as a command answers it: without the revision, which is given at commit."""
    return {name: value for name, value in view.items() if name != "revision"}


def unit_view(unit: domain.OrgUnit) -> dict[str, Any]:
    """Show a unit; `revision` counts changes of its content."""
    return dict(dump(domain.announced(unit)))


def volunteer_view(volunteer: domain.Volunteer) -> dict[str, Any]:
    """Show a volunteer."""
    hidden = ("pools", "load", "opening_hundredths", "hundredths")
    shown = {name: value for name, value in dump(volunteer).items() if name not in hidden}
    return {
        **shown,
        "opening_hours": domain.to_hours(volunteer.opening_hundredths),
        "total_hours": domain.to_hours(volunteer.hundredths),
        "hours_to_next_star": domain.hours_to_next_star(volunteer.hundredths),
    }


def dispatch_view(dispatch: domain.Dispatch) -> dict[str, Any]:
    """Show a dispatch with every offer and its reasons."""
    return {
        **dump(dispatch),
        "offers": [_offer_view(offer) for offer in dispatch.offers],
        "assigned": [offer.volunteer_id for offer in dispatch.assigned],
        "missing": dispatch.missing,
    }


def candidate_view(place: int, one: domain.Candidate) -> dict[str, Any]:
    """Show a candidate with their place in the ranking and what decided it."""
    return {"place": place, "volunteer_id": one.volunteer_id, "wave": one.steps + 1, "reasons": list(one.reasons)}


def ledger_view(row: domain.LedgerRow) -> dict[str, Any]:
    """Show a row of the ledger."""
    shown = {name: value for name, value in dump(row).items() if not name.endswith("hundredths")}
    return {
        **shown,
        "hours": domain.to_hours(row.hundredths),
        "total_hours": domain.to_hours(row.total_hundredths),
    }


def _offer_view(offer: domain.Offer) -> dict[str, Any]:
    shown = {name: value for name, value in dump(offer).items() if name != "hundredths"}
    return {**shown, "hours": domain.to_hours(offer.hundredths)}
