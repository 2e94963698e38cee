"""Secretaries' projects as documents."""

from datetime import datetime
from typing import Any

from services.issues import domain
from shared.collection import Collection, Index
from shared.transaction import Transaction

UNDER_WAY = [domain.ProjectState.RUNNING.value, domain.ProjectState.RETURNED.value]
projects = Collection(
    "projects",
    domain.Project,
    key="project_id",
    indexes=[Index("org_unit_id", "_id"), Index("state", "_id", "deadline")],
)


def list_projects(
    tx: Transaction,
    *,
    unit: str | None,
    state: domain.ProjectState | None,
    overdue: bool | None,
    after: str | None,
    limit: int,
    now: datetime,
) -> list[domain.Project]:
    """Load the projects after an id, by id; overdue ones run on although their deadline has passed."""
    today = domain.day_of(now).isoformat()
    late = {"state": {"$in": UNDER_WAY}, "deadline": {"$lt": today}}
    conditions: list[dict[str, Any]] = [
        {"org_unit_id": unit} if unit else {},
        {"state": state.value} if state else {},
        {"_id": {"$gt": after}} if after else {},
        {} if overdue is None else late if overdue else {"$nor": [late]},
    ]
    return projects.query(tx, {"$and": conditions}, sort=[("_id", 1)], limit=limit)
