"""Hazard inspections (安全隐患排查): a checklist walked through a building; what is not in order becomes an issue."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.issues.domain.categories import Hazard
from shared.errors import Refusal


class ItemState(StrEnum):
    """What the inspector found."""

    IN_ORDER = "in_order"
    FIXED_ON_SPOT = "fixed_on_spot"
    NOT_IN_ORDER = "not_in_order"


class InspectionInTheFuture(Refusal):
    """An inspection is written down after it was made."""


class NothingLeftToCheck(Refusal):
    """Every item of the inspection is in order."""


class NotOfThisInspection(Refusal):
    """The inspection has no such item that is not in order."""


@dataclass(frozen=True, kw_only=True)
class InspectedItem:
    """One line of the checklist; `hazard` says what it endangers, `text` what was seen."""

    item: str
    state: ItemState
    hazard: Hazard | None = None
    text: str | None = None
    issue_id: str | None = None
    put_right_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be put right."""
        return self.state is ItemState.NOT_IN_ORDER and self.put_right_on is None


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """One walk through a building."""

    inspection_id: str
    building_id: str
    held_on: date
    inspectors: tuple[str, ...]
    items: tuple[InspectedItem, ...]
    recorded_at: datetime
    recorded_by: str
    client_id: str | None = None
    is_open: bool = False
    revision: int = 0

    @property
    def to_report(self) -> tuple[int, ...]:
        """The places of the items that become issues."""
        return tuple(place for place, item in enumerate(self.items) if item.is_open)


def record_inspection(inspection: Inspection, now: datetime) -> Inspection:
    """Take an inspection down; raises InspectionInTheFuture."""
    if inspection.held_on > now.date():
        raise InspectionInTheFuture("an inspection is recorded when it was made", held_on=str(inspection.held_on))
    return replace(inspection, is_open=bool(inspection.to_report))


def link_issues(inspection: Inspection, issue_ids: Mapping[int, str]) -> Inspection:
    """Link the items to the issues that they became, by their places."""
    items = tuple(replace(item, issue_id=issue_ids.get(place)) for place, item in enumerate(inspection.items))
    return replace(inspection, items=items)


def reinspect(inspection: Inspection, in_order: tuple[str, ...], day: date) -> Inspection:
    """Note which items were put right; raises NothingLeftToCheck, NotOfThisInspection."""
    left = {item.item for item in inspection.items if item.is_open}
    if not left:
        raise NothingLeftToCheck("every item is in order", inspection_id=inspection.inspection_id)
    if unknown := sorted(set(in_order) - left):
        raise NotOfThisInspection("no such item is still open", unknown=unknown, open=sorted(left))
    items = tuple(replace(item, put_right_on=day) if item.item in in_order else item for item in inspection.items)
    return replace(inspection, items=items, is_open=any(item.is_open for item in items))
