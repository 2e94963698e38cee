"""Outside units, and the diary of the work, as documents."""

from typing import Any

from services.issues import domain
from services.issues.repository.tree import org_units
from shared.collection import Collection, Index
from shared.transaction import Transaction

handling_units = Collection(
    "handling_units",
    domain.HandlingUnit,
    key="unit_id",
    indexes=[Index("kind", "_id"), Index("categories", "_id"), Index("persons")],
)
updates = Collection(
    "updates",
    domain.Update,
    key="update_id",
    indexes=[Index("issue_id", "number", unique=True), Index("issue_id", "public", "number")],
)


def outside_unit(tx: Transaction, unit_id: str) -> domain.HandlingUnit:
    """Load a unit that an issue can be sent to; raises what `domain.outside_unit` raises."""
    return domain.outside_unit(unit_id, handling_units.find(tx, unit_id), org_units.find(tx, unit_id))


def unit_of_tree(tx: Transaction, unit_id: str) -> domain.OrgUnit:
    """Load a unit of our tree that an issue can be assigned to; raises what `domain.unit_of_our_tree` raises."""
    return domain.unit_of_our_tree(unit_id, org_units.find(tx, unit_id), handling_units.find(tx, unit_id))


def units_of(tx: Transaction, person_id: str) -> tuple[str, ...]:
    """Name the outside units that a person acts for; those that take nothing new count too."""
    return tuple(unit.unit_id for unit in handling_units.query(tx, {"persons": person_id}, sort=[("_id", 1)]))


def list_units(
    tx: Transaction, *, kind: domain.UnitKind | None, category: str | None, after: str | None, limit: int
) -> list[domain.HandlingUnit]:
    """Load the outside units after an id, by id; those that may handle everything may handle any category."""
    where: dict[str, Any] = {}
    if kind is not None:
        where["kind"] = kind.value
    if category is not None:
        where["categories"] = {"$in": [category, []]}
    if after is not None:
        where["_id"] = {"$gt": after}
    return handling_units.query(tx, where, sort=[("_id", 1)], limit=limit)


def list_updates(tx: Transaction, issue_id: str, *, public_only: bool, after: int, limit: int) -> list[domain.Update]:
    """Load the diary of an issue after a number, oldest first."""
    where: dict[str, Any] = {"issue_id": issue_id, "number": {"$gt": after}}
    if public_only:
        where["public"] = True
    return updates.query(tx, where, sort=[("number", 1)], limit=limit)


def drop_updates(tx: Transaction, issue_id: str) -> None:
    """Remove the diary of an issue, which tells of its resident."""
    tx.store.collection(updates.name).delete_many({"issue_id": issue_id}, session=tx.session)
