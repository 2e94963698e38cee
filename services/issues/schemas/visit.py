"""Commands and questions on visits and inspections."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.categories import Code
from services.issues.schemas.lists import unique
from services.issues.schemas.questions import view
from shared.schemas import Command, Id, Page, ShortText, Text

MOST_FINDINGS, MOST_ITEMS, MOST_PEOPLE = 20, 100, 500
Persons = Annotated[tuple[Id, ...], validate.Length(1, 20)]


@dataclass(frozen=True, kw_only=True)
class VisitFinding:
    """What was found; with a `category` it becomes a triaged issue of the `resident`."""

    text: Text
    dimension: Id
    resident: Id | None = None
    category: Code | None = None
    handled_on_spot: bool = False
    sensitive: bool = False

    @property
    def finding(self) -> domain.Finding:
        """The finding as the visit keeps it."""
        return domain.Finding(
            text=self.text,
            dimension=self.dimension,
            resident=self.resident,
            category=self.category,
            handled_on_spot=self.handled_on_spot,
            sensitive=self.sensitive,
        )


@dataclass(frozen=True, kw_only=True)
class RecordVisit(Command):
    """Write a visit down; without consent no finding becomes an issue.

    `issue_id` and `satisfaction`: the reporter answered at the door for this issue.
    """

    building_id: Id
    visitors: Persons
    dimensions: Annotated[tuple[Id, ...], validate.Length(1, 20)]
    consent: bool
    findings: Annotated[tuple[VisitFinding, ...], validate.Length(max=MOST_FINDINGS)] = ()
    round_no: Annotated[int, validate.Range(1, 9999)] = 1
    held_on: date | None = None
    kind: domain.VisitKind = domain.VisitKind.DOOR_CALL
    household_ref: Id | None = None
    partners: Annotated[tuple[ShortText, ...], validate.Length(max=20)] = ()
    people: Annotated[int, validate.Range(0, MOST_PEOPLE)] = 1
    outcome: domain.VisitOutcome = domain.VisitOutcome.MET
    follow_up_due: date | None = None
    issue_id: Id | None = None
    satisfaction: Annotated[int, validate.Range(1, 5)] | None = None
    client_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class CompleteFollowUp(Command):
    """Say that what was promised at a visit was kept."""

    visit_id: Id
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class VisitDimension:
    """One of the six 情, as the office calls it."""

    dimension: Id
    label_zh: ShortText
    label_en: ShortText
    source: ShortText = "set by the office"
    active: bool = True

    @property
    def row(self) -> domain.Dimension:
        """The dimension as it is kept."""
        return domain.Dimension(
            dimension=self.dimension,
            label_zh=self.label_zh,
            label_en=self.label_en,
            source=self.source,
            active=self.active,
        )


@dataclass(frozen=True, kw_only=True)
class SetVisitDimensions(Command):
    """Say what visits may be about; a code again replaces its row, `active: false` takes it out of use."""

    dimensions: Annotated[tuple[VisitDimension, ...], validate.Length(1, 50), unique("dimension")]


@dataclass(frozen=True, kw_only=True)
class ListVisitDimensions:
    """List what visits may be about."""


@dataclass(frozen=True, kw_only=True)
class GetVisit:
    """Look at one visit."""

    visit_id: Id


@dataclass(frozen=True, kw_only=True)
class ListVisits(Page):
    """List visits by number, of one round or one building."""

    round_no: int | None = None
    building_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ListFollowUps(Page):
    """List visits whose promise is due by a day, today without one."""

    by: date | None = None


@dataclass(frozen=True, kw_only=True)
class InspectedItem:
    """One line of the checklist; what is not in order needs a hazard and a text."""

    item: Id
    state: domain.ItemState
    hazard: domain.Hazard | None = None
    text: Text | None = None


@dataclass(frozen=True, kw_only=True)
class RecordInspection(Command):
    """Write an inspection down; what is not in order becomes an issue of this category at once."""

    building_id: Id
    inspectors: Persons
    items: Annotated[tuple[InspectedItem, ...], validate.Length(1, MOST_ITEMS), unique("item")]
    category: Code
    held_on: date | None = None
    client_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Reinspect(Command):
    """Say which items were put right."""

    inspection_id: Id
    in_order: Annotated[tuple[Id, ...], validate.Length(1, MOST_ITEMS)]
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class GetInspection:
    """Look at one inspection."""

    inspection_id: Id


@dataclass(frozen=True, kw_only=True)
class ListInspections(Page):
    """List inspections by number, of one building, or those with something left to put right."""

    building_id: Id | None = None
    is_open: bool | None = None


HIDDEN = ("household_ref", "findings", "satisfaction", "confirmed_issue", "client_id", "partners")


def visit_of(request: RecordVisit, visit_id: str, by: str, now: datetime) -> domain.Visit:
    """Return the visit that a command describes."""
    return domain.Visit(
        visit_id=visit_id,
        round_no=request.round_no,
        held_on=request.held_on or now.date(),
        kind=request.kind,
        building_id=request.building_id,
        household_ref=request.household_ref,
        visitors=request.visitors,
        partners=request.partners,
        people=request.people,
        dimensions=request.dimensions,
        findings=tuple(finding.finding for finding in request.findings),
        consent=request.consent,
        outcome=request.outcome,
        recorded_at=now,
        recorded_by=by,
        client_id=request.client_id,
        satisfaction=request.satisfaction,
        confirmed_issue=request.issue_id,
        follow_up_due=request.follow_up_due,
    )


def inspection_of(request: RecordInspection, inspection_id: str, by: str, now: datetime) -> domain.Inspection:
    """Return the inspection that a command describes."""
    items = tuple(
        domain.InspectedItem(item=one.item, state=one.state, hazard=one.hazard, text=one.text) for one in request.items
    )
    return domain.Inspection(
        inspection_id=inspection_id,
        building_id=request.building_id,
        held_on=request.held_on or now.date(),
        inspectors=request.inspectors,
        items=items,
        recorded_at=now,
        recorded_by=by,
        client_id=request.client_id,
    )


def visit_view(visit: domain.Visit, *, whole: bool = True) -> dict[str, Any]:
    """Show a visit, and its household and findings only where they are the viewer's business."""
    hidden = () if whole else HIDDEN
    shown = {name: value for name, value in view(visit).items() if name not in hidden}
    return {**shown, "issue_ids": list(visit.issue_ids), "findings_count": len(visit.findings), "masked": not whole}


def visit_page(found: list[domain.Visit], limit: int) -> dict[str, Any]:
    """Show a page of visits without households and findings."""
    page = found[:limit]
    items = [visit_view(one, whole=False) for one in page]
    return {"items": items, "next": page[-1].visit_id if len(found) > len(page) else None}
