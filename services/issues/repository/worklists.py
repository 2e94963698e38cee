"""What the staff has to do next, from indexes that hold it in the order of the due dates."""

from collections.abc import Sequence
from typing import Any

from services.issues import domain
from services.issues.repository.issues import issues
from shared.transaction import Transaction

IN_ORDER = [("next_due_at", 1), ("_id", 1)]


def due_issues(
    tx: Transaction, wanted: domain.Wanted, *, units: Sequence[str] | None, limit: int
) -> list[domain.Issue]:
    """Load the issues that somebody of the units has to do something about, by due date and id."""
    return issues.query(tx, due_where(wanted, units), sort=IN_ORDER, limit=limit)


def due_where(wanted: domain.Wanted, units: Sequence[str] | None) -> dict[str, Any]:
    """Say which issues are wanted, so that the index is read from the first of the page on."""
    due: dict[str, Any] = {"$type": "date"}
    if wanted.since:
        due["$gte"] = wanted.since
    if wanted.after:
        due["$gte"] = wanted.after.due_at
    if wanted.before:
        due["$lt"] = wanted.before
    where: dict[str, Any] = {"next_due_at": due}
    if wanted.after:  # a page begins where the one before ended, which may be in the middle of a moment
        where["$nor"] = [{"next_due_at": wanted.after.due_at, "_id": {"$lte": wanted.after.issue_id}}]
    if units is not None:
        where["responsible_unit"] = {"$in": list(units)}
    if wanted.state is not None:
        where["state"] = wanted.state.value
    if wanted.kinds:
        where["next_due_kind"] = {"$in": [kind.value for kind in wanted.kinds]}
    return where
