"""Our own copy of the organisation tree as documents."""

from collections.abc import Iterable
from typing import Protocol

from services.issues import domain
from shared.collection import Collection, Index
from shared.transaction import Transaction

org_units = Collection(
    "org_units",
    domain.OrgUnit,
    key="org_unit_id",
    indexes=[Index("secretary_id"), Index("parent_id"), Index("place_zh")],
)


def parent_of(tx: Transaction, org_unit_id: str) -> domain.OrgUnit | None:
    """Find the unit one level up; None at the top, or where our copy does not know."""
    unit = org_units.find(tx, org_unit_id)
    return org_units.find(tx, unit.parent_id) if unit and unit.parent_id else None


def line_up(tx: Transaction, org_unit_id: str) -> tuple[domain.OrgUnit, ...]:
    """Load the unit and those above it, as far as our copy knows them."""
    found: dict[str, domain.OrgUnit] = {}
    unit = org_units.find(tx, org_unit_id)
    while unit and unit.org_unit_id not in found:
        found[unit.org_unit_id] = unit
        unit = org_units.find(tx, unit.parent_id) if unit.parent_id else None
    return tuple(found.values())


def buildings_called(tx: Transaction, place_zh: str) -> list[domain.OrgUnit]:
    """Load the buildings of this name, two at most: more than one is no address."""
    return org_units.query(tx, {"place_zh": place_zh, "level": domain.Level.BUILDING.value}, limit=2)


def unit_of_secretary(tx: Transaction, person_id: str) -> domain.OrgUnit | None:
    """Find the unit that this person is secretary of, the highest of several."""
    found = org_units.query(tx, {"secretary_id": person_id}, sort=[("_id", 1)], limit=1)
    return found[0] if found else None


def units_of_secretary(tx: Transaction, person_id: str) -> tuple[str, ...]:
    """Name every unit that this person is secretary of."""
    return tuple(unit.org_unit_id for unit in org_units.query(tx, {"secretary_id": person_id}, sort=[("_id", 1)]))


class OfUnit(Protocol):
    """Whatever names a unit of the tree."""

    @property
    def org_unit_id(self) -> str:
        """The unit's id."""
        ...


def load_units(tx: Transaction, facts: Iterable[OfUnit]) -> None:
    """Load what our copy knows of the units, in one round trip."""
    org_units.find_many(tx, [fact.org_unit_id for fact in facts])


def check_units(tx: Transaction, org_unit_ids: Iterable[str]) -> None:
    """Check that the units are in the tree; raises NotFound."""
    wanted = tuple(org_unit_ids)
    org_units.find_many(tx, wanted)
    for org_unit_id in wanted:
        org_units.get(tx, org_unit_id)


def knows_the_tree(tx: Transaction) -> bool:
    """Whether any unit has reached our copy."""
    return bool(org_units.query(tx, {}, limit=1))


def children_of(tx: Transaction, org_unit_id: str | None) -> list[str]:
    """Name the units right below; below None are those at the top."""
    return [unit.org_unit_id for unit in org_units.query(tx, {"parent_id": org_unit_id}, sort=[("_id", 1)])]


def units_above(tx: Transaction, org_unit_ids: Iterable[str]) -> set[str]:
    """Name these units and all above them, as far as our copy knows the tree."""
    found: set[str] = set()
    level = set(org_unit_ids)
    while level:
        found |= level
        known = org_units.find_many(tx, sorted(level)).values()
        level = {unit.parent_id for unit in known if unit.parent_id} - found
    return found


def branches(tx: Transaction, tops: Iterable[str]) -> dict[str, str]:
    """Return every unit of these branches of the tree as it is now, each with the one of the tops that it is below."""
    found = {top: top for top in tops}
    level = list(found)
    while level:
        below = [unit for unit in org_units.query(tx, {"parent_id": {"$in": level}}) if unit.org_unit_id not in found]
        found.update({unit.org_unit_id: found[unit.parent_id] for unit in below if unit.parent_id})
        level = [unit.org_unit_id for unit in below]
    return found
