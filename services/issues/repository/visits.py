"""Visits and inspections as documents."""

from datetime import date
from typing import Any

from services.issues import domain
from shared.collection import A_TEXT, Collection, Index
from shared.transaction import Transaction

MOST_COUNTED = 20_000  # visits; four years of Saturdays, some two seconds
visits = Collection(
    "visits",
    domain.Visit,
    key="visit_id",
    indexes=[
        Index("client_id", unique=True, where={"client_id": A_TEXT}),
        Index("round_no", "_id"),
        Index("building_id", "_id"),
        Index("findings.resident", "_id"),
        Index("findings.issue_id"),
        Index("follow_up_due", "_id", where={"follow_up_due": {"$type": "string"}, "follow_up_done": None}),
    ],
)
dimensions = Collection("visit_dimensions", domain.Dimension, key="dimension")
inspections = Collection(
    "inspections",
    domain.Inspection,
    key="inspection_id",
    indexes=[
        Index("client_id", unique=True, where={"client_id": A_TEXT}),
        Index("building_id", "_id"),
        Index("is_open", "_id"),
    ],
)


def visit_of_client(tx: Transaction, client_id: str | None) -> domain.Visit | None:
    """Find the visit that was recorded under this number already."""
    return next(iter(visits.query(tx, {"client_id": client_id}, limit=1)), None) if client_id else None


def inspection_of_client(tx: Transaction, client_id: str | None) -> domain.Inspection | None:
    """Find the inspection that was recorded under this number already."""
    return next(iter(inspections.query(tx, {"client_id": client_id}, limit=1)), None) if client_id else None


def all_dimensions(tx: Transaction) -> dict[str, domain.Dimension]:
    """Load the dimensions that the office has set, or the defaults where it set none."""
    found = dimensions.query(tx, {}, sort=[("_id", 1)]) or list(domain.DIMENSIONS)
    return {one.dimension: one for one in found}


def list_visits(
    tx: Transaction, *, round_no: int | None, building_id: str | None, after: str | None, limit: int
) -> list[domain.Visit]:
    """Load visits by number, of one round or one building."""
    wanted = {"round_no": round_no, "building_id": building_id, "_id": after and {"$gt": after}}
    return visits.query(tx, _given(wanted), sort=[("_id", 1)], limit=limit)


def visits_of_round(tx: Transaction, round_no: int | None) -> list[domain.Visit]:
    """Load the visits of a round, or of all rounds; raises TooManyVisits."""
    where = {} if round_no is None else {"round_no": round_no}
    found = visits.query(tx, where, sort=[("round_no", 1), ("_id", 1)], limit=MOST_COUNTED + 1)
    if len(found) > MOST_COUNTED:
        raise domain.TooManyVisits(f"more than {MOST_COUNTED} visits; name a round", most=MOST_COUNTED)
    return found


def follow_ups_due(tx: Transaction, by: date, after: str | None, limit: int) -> list[domain.Visit]:
    """Load visits whose promise is due by a day and not kept, by that day."""
    last = visits.find(tx, after) if after else None
    due: dict[str, Any] = {"$type": "string", "$lte": by.isoformat()}
    where: dict[str, Any] = {"follow_up_due": due, "follow_up_done": None}
    if last is not None and last.follow_up_due is not None:
        day = last.follow_up_due.isoformat()
        where["$or"] = [{"follow_up_due": {"$gt": day}}, {"follow_up_due": day, "_id": {"$gt": last.visit_id}}]
    return visits.query(tx, where, sort=[("follow_up_due", 1), ("_id", 1)], limit=limit)


def list_inspections(
    tx: Transaction, *, building_id: str | None, is_open: bool | None, after: str | None, limit: int
) -> list[domain.Inspection]:
    """Load inspections by number, of one building, or those with something left to put right."""
    wanted = {"building_id": building_id, "is_open": is_open, "_id": after and {"$gt": after}}
    return inspections.query(tx, _given(wanted), sort=[("_id", 1)], limit=limit)


def _given(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}
