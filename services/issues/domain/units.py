"""The outside units that issues are sent to: property companies, utilities, departments, members of the alliance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.issues.domain.org_unit import OrgUnit
from shared.errors import NotFound, Refusal


class UnitKind(StrEnum):
    """What an outside unit is."""

    PROPERTY_COMPANY = "property_company"
    UTILITY = "utility"
    DEPARTMENT = "department"
    ALLIANCE_MEMBER = "alliance_member"
    OTHER = "other"


class UnitOfOurTree(Refusal):
    """A unit of our own tree takes an issue on by itself; nobody dispatches it there."""


class OutsideUnit(Refusal):
    """An outside unit gets an issue by dispatch, not by assignment."""


class UnitNotActive(Refusal):
    """The unit takes no new issues."""


class NotItsCategory(Refusal):
    """The unit does not handle issues of this category; the details name those that it does."""


@dataclass(frozen=True, kw_only=True)
class HandlingUnit:
    """An outside unit; without `categories` it may handle all of them, `persons` act for it."""

    unit_id: str
    kind: UnitKind
    label_zh: str
    label_en: str
    categories: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    active: bool = True
    revision: int = 0


def set_units(
    told: Iterable[HandlingUnit], known: Mapping[str, HandlingUnit], ours: Mapping[str, OrgUnit]
) -> tuple[HandlingUnit, ...]:
    """Return the units that are new or differ from what is known, as they are to be; raises UnitOfOurTree."""
    wanted = tuple(told)
    if taken := sorted(unit.unit_id for unit in wanted if unit.unit_id in ours):
        raise UnitOfOurTree(f"units of our own tree are no outside units: {', '.join(taken)}", units=taken)
    merged = (_under_its_revision(unit, known) for unit in wanted)
    return tuple(unit for unit in merged if unit != known.get(unit.unit_id))


def _under_its_revision(unit: HandlingUnit, known: Mapping[str, HandlingUnit]) -> HandlingUnit:
    earlier = known.get(unit.unit_id)
    return replace(unit, revision=earlier.revision) if earlier else unit


def outside_unit(unit_id: str, found: HandlingUnit | None, ours: OrgUnit | None) -> HandlingUnit:
    """Return the unit that an issue can be sent to; raises UnitOfOurTree, NotFound, UnitNotActive, in that order."""
    if ours is not None:
        raise UnitOfOurTree(
            f"{unit_id} is of our own tree: assign the issue to it, and let a person of it act",
            unit=unit_id,
            instead=["assign", "act"],
        )
    if found is None:
        raise NotFound(f"there is no outside unit {unit_id}; list_units names them", kind="HandlingUnit", id=unit_id)
    if not found.active:
        raise UnitNotActive(f"{unit_id} takes no new issues", unit=unit_id)
    return found


def unit_of_our_tree(unit_id: str, found: OrgUnit | None, outside: HandlingUnit | None) -> OrgUnit:
    """Return the unit of our tree that an issue can be assigned to; raises OutsideUnit, NotFound, in that order."""
    if found is None and outside is not None:
        raise OutsideUnit(f"{unit_id} is an outside unit: dispatch the issue to it", unit=unit_id, instead=["dispatch"])
    if found is None:
        raise NotFound(f"there is no unit {unit_id} in our tree", kind="OrgUnit", id=unit_id)
    return found


def check_category(unit: HandlingUnit, category: str | None) -> None:
    """Send a unit only what it may handle; raises NotItsCategory."""
    if unit.categories and category not in unit.categories:
        raise NotItsCategory(
            f"{unit.unit_id} handles {', '.join(unit.categories)}, not {category}",
            unit=unit.unit_id,
            category=category,
            allowed=list(unit.categories),
        )
