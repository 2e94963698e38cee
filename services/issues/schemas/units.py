"""Outside units in and out, and the commands that send an issue to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.categories import Code
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, Page, ShortText, Text, dump

MOST_UNITS = 500  # in one import
MOST_PERSONS = 200  # of one unit
MOST_ASSISTING = 20
Photos = Annotated[tuple[Id, ...], validate.Length(max=20)]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """An outside unit; without categories it may handle all of them."""

    unit_id: Id
    kind: domain.UnitKind
    label_zh: ShortText
    label_en: ShortText
    categories: Annotated[tuple[Code, ...], validate.Length(max=200)] = ()
    persons: Annotated[tuple[Id, ...], validate.Length(max=MOST_PERSONS)] = ()
    active: bool = True

    @property
    def unit(self) -> domain.HandlingUnit:
        """The unit as it is kept: what is listed twice counts once."""
        return domain.HandlingUnit(
            unit_id=self.unit_id,
            kind=self.kind,
            label_zh=self.label_zh,
            label_en=self.label_en,
            categories=tuple(sorted(set(self.categories))),
            persons=tuple(sorted(set(self.persons))),
            active=self.active,
        )


@dataclass(frozen=True, kw_only=True)
class SetUnits(Command):
    """Bring outside units in, at most 500 in a call; those that are not named stay as they are."""

    units: Annotated[tuple[Unit, ...], validate.Length(1, MOST_UNITS), unique("unit_id")]


@dataclass(frozen=True, kw_only=True)
class GetUnit:
    """Look at one outside unit."""

    unit_id: Id


@dataclass(frozen=True, kw_only=True)
class ListUnits(Page):
    """List outside units by id, of one kind, or those that may handle a category."""

    kind: domain.UnitKind | None = None
    category: Code | None = None


@dataclass(frozen=True, kw_only=True)
class Assisting:
    """An assisting unit and what it is to do, until when at most."""

    unit: Id
    task: ShortText
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Dispatch(Command):
    """Send an issue to an outside unit that leads, and to those that assist it."""

    issue_id: Id
    lead_unit: Id
    assisting: Annotated[tuple[Assisting, ...], validate.Length(max=MOST_ASSISTING), unique("unit")] = ()
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class AddAssisting(Assisting, Command):
    """Ask one more unit to assist."""

    issue_id: Id


@dataclass(frozen=True, kw_only=True)
class EndAssisting(Command):
    """Let a unit assist no longer."""

    issue_id: Id
    unit: Id


@dataclass(frozen=True, kw_only=True)
class Sign(Command):
    """Sign for an issue; `by` is a person of the unit."""

    issue_id: Id
    unit: Id
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnIssue(Command):
    """Give an issue back, with a text, photos by their ids, or both as evidence."""

    issue_id: Id
    unit: Id
    by: Id | None = None
    reason: domain.ReturnReason
    evidence: Text | None = None
    photos: Photos = ()

    @property
    def grounds(self) -> domain.Grounds:
        """Why it comes back."""
        return domain.Grounds(reason=self.reason, evidence=self.evidence, photos=self.photos)


@dataclass(frozen=True, kw_only=True)
class Rule(Command):
    """Decide whose an issue is that units refuse; the reason stays here."""

    issue_id: Id
    unit: Id
    by: Id | None = None
    reason: Text


def unit_view(unit: domain.HandlingUnit, *, whole: bool) -> dict[str, Any]:
    """Show an outside unit, and who acts for it only where `whole`."""
    shown: dict[str, Any] = dump(unit)
    return shown if whole else {name: value for name, value in shown.items() if name != "persons"}
