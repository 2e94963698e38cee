"""Counts over many issues, answered from indexes; the database groups equal lines, the rules count them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from services.issues import domain
from services.issues.repository.issues import HAVE_ENDED, REPORTED, issues
from shared.collection import Index, structured
from shared.transaction import Transaction

E = TypeVar("E")
MOST_RECOUNTED = 10_000  # issues; some three seconds
NOTHING = {"days_open": None, "ended_as": None}  # what older documents leave out
LINE = {"line": "$record"}
Group = str | None  # a unit, category, month …; None where a report has one row


def records(
    tx: Transaction,
    period: domain.Period,
    *,
    units: Sequence[str] | None = None,
    category: str | None = None,
    by: domain.By | None = None,
) -> dict[Group, dict[domain.Record, int]]:
    """Return the lines of the issues that ended in the period, with how often each occurs."""
    where = within("ended_at", period, units=units, category=category)
    rows = _counted(tx, HAVE_ENDED, counting(where, LINE, group_of(by, "$ended_at", "$record.ended_as")))
    return _by_group((structured(row["_id"]["line"], domain.Record), row["groups"]) for row in rows)


def slices(
    tx: Transaction,
    period: domain.Period,
    *,
    units: Sequence[str] | None = None,
    category: str | None = None,
    by: domain.By | None = None,
) -> dict[Group, dict[domain.Slice, int]]:
    """Return what the issues reported in the period have become, with how often each occurs."""
    where = within("reported_at", period, units=units, category=category)
    rows = _counted(tx, REPORTED, counting(where, slice_at(tx.now), group_of(by, "$reported_at", "$state")))
    return _by_group((structured({**NOTHING, **row["_id"]}, domain.Slice), row["groups"]) for row in rows)


def slice_at(now: datetime) -> dict[str, Any]:
    """Say what a report of issues reads of one, in fields that its index holds."""
    late = {"$and": [{"$gt": ["$next_due_at", None]}, {"$lt": ["$next_due_at", now]}]}
    return {"state": "$state", "ended_as": "$record.ended_as", "days_open": "$days_open", "overdue": late}


def group_of(by: domain.By | None, moment: str, state: str) -> Any:
    """Say what the rows are, in fields that the index of the report holds."""
    month = {"$dateToString": {"date": moment, "format": "%Y-%m", "timezone": "+08:00"}}
    return {
        None: None,
        domain.By.UNIT: "$responsible_unit",
        domain.By.CATEGORY: "$category",
        domain.By.STATE: state,
        domain.By.MONTH: month,
        domain.By.SOURCE: "$source",
    }[by]


def within(
    moment: str, period: domain.Period, *, units: Sequence[str] | None = None, category: str | None = None
) -> dict[str, Any]:
    """Say which issues belong to a report."""
    where: dict[str, Any] = {moment: {"$gte": period.starts_at, "$lt": period.ends_at}}
    if units is not None:
        where["responsible_unit"] = {"$in": list(units)}
    if category is not None:
        where["category"] = category
    return where


def counting(where: Mapping[str, Any], one: Mapping[str, Any], group: Any) -> list[dict[str, Any]]:
    """Return the pipeline that counts what is equal, each once with how often it occurs in which group."""
    return [
        {"$match": where},
        {"$group": {"_id": {"one": dict(one), "group": group}, "times": {"$sum": 1}}},
        {"$group": {"_id": "$_id.one", "groups": {"$push": {"group": "$_id.group", "times": "$times"}}}},
    ]


def _counted(tx: Transaction, index: Index, pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count in the index, which the database would now and then leave for one that needs the documents too."""
    return list(tx.store.collection(issues.name).aggregate(pipeline, hint=index.keys))


def _by_group(rows: Iterable[tuple[E, list[dict[str, Any]]]]) -> dict[Group, dict[E, int]]:
    """Sort what was counted by group; documents that differ only in what they leave out are equal here."""
    found: dict[Group, dict[E, int]] = {}
    for one, groups in rows:
        for row in groups:
            counted = found.setdefault(row.get("group"), {})
            counted[one] = counted.get(one, 0) + row["times"]
    return found


def issues_within(tx: Transaction, moment: str, period: domain.Period) -> list[domain.Issue]:
    """Load the issues that were reported, or ended, in the period; raises TooManyIssues."""
    found = issues.query(tx, within(moment, period), sort=[(moment, 1)], limit=MOST_RECOUNTED + 1)
    if len(found) > MOST_RECOUNTED:
        raise domain.TooManyIssues(f"more than {MOST_RECOUNTED} issues; choose fewer days", most=MOST_RECOUNTED)
    return found
