"""Issues as documents."""

from collections.abc import Iterable
from datetime import datetime

from services.issues import domain
from shared.collection import A_TEXT, Collection, Index
from shared.transaction import Transaction

IS_DUE = {"next_due_at": {"$type": "date"}}
# Each holds everything that its report reads.
REPORTED = Index(
    "reported_at", "responsible_unit", "category", "state", "source", "ended_as", "days_open", "next_due_at"
)
HAVE_ENDED = Index("ended_at", "responsible_unit", "category", "source", "ended_as", "line")
issues = Collection(
    "issues",
    domain.Issue,
    key="issue_id",
    indexes=[
        Index("client_id", unique=True, where={"client_id": A_TEXT}),
        Index("state", "_id"),
        Index("reporter_ref", "_id"),
        Index("proxies.person", "_id"),
        Index("lead_unit", "_id"),
        Index("visibility", "reported_at", "_id"),  # public_issues
        Index("responsible_unit", "state", "next_due_at", "_id"),
        Index("lead_issue_id", "_id", where={"lead_issue_id": A_TEXT}),
        Index("asset_id", "category", "closed_at", where={"asset_id": A_TEXT}),
        Index("asset_id", "state", "reported_at", where={"asset_id": A_TEXT}),
        Index("building_id", "state", "reported_at"),
        Index("estate_id", "state", "reported_at"),
        Index("_id", "approvals.proposal.kind", where={"approvals.state": domain.ApprovalState.PENDING.value}),
        # rates and reports
        REPORTED,
        HAVE_ENDED,
        Index("next_due_at", "_id", "next_due_kind", "state", where=IS_DUE),
        Index("responsible_unit", "next_due_at", "_id", "next_due_kind", where=IS_DUE),
        Index("state", "next_due_at", "_id", "next_due_kind", where=IS_DUE),
    ],
)
PUBLIC = {"visibility": domain.Visibility.PUBLIC.value, "sensitive": False}

MOST_PREVIEWED = 1000  # issues that one preview reads, the newest


def issue_of_client(tx: Transaction, client_id: str | None) -> domain.Issue | None:
    """Find the issue that this report made already."""
    if client_id is None:
        return None
    found = issues.query(tx, {"client_id": client_id}, limit=1)
    return found[0] if found else None


def list_issues(
    tx: Transaction,
    *,
    state: domain.IssueState | None,
    reporter: str | None,
    lead: str | None = None,
    lead_unit: str | None = None,
    after: str | None,
    limit: int,
) -> list[domain.Issue]:
    """Load the issues after an id, by id."""
    wanted = {
        "state": state and state.value,
        "reporter_ref": reporter,
        "lead_issue_id": lead,
        "lead_unit": lead_unit,
        "_id": after and {"$gt": after},
    }
    where = {name: value for name, value in wanted.items() if value is not None}
    return issues.query(tx, where, sort=[("_id", 1)], limit=limit)


def public_issues(
    tx: Transaction,
    *,
    states: Iterable[str],
    categories: Iterable[str],
    since: datetime,
    until: datetime,
    skip: int,
    limit: int,
) -> list[domain.Issue]:
    """Load issues that everybody may know of, reported in a time, the newest first."""
    where = {
        **PUBLIC,
        "state": {"$in": list(states)},
        "category": {"$in": list(categories)},
        "reported_at": {"$gte": since, "$lte": until},
    }
    return issues.query(tx, where, sort=[("reported_at", -1), ("_id", -1)], skip=skip, limit=limit)


def issues_of(tx: Transaction, issue_ids: Iterable[str]) -> list[domain.Issue]:
    """Load several issues; raises NotFound."""
    wanted = tuple(issue_ids)
    issues.find_many(tx, wanted)
    return [issues.get(tx, issue_id) for issue_id in wanted]


def issues_to_approve(
    tx: Transaction, *, kind: domain.ApprovalKind | None, after: str | None, limit: int
) -> list[domain.Issue]:
    """Load the issues after an id on which a proposal waits, by id."""
    waiting = {"state": domain.ApprovalState.PENDING.value, **({"proposal.kind": kind.value} if kind else {})}
    where = {
        "approvals.state": domain.ApprovalState.PENDING.value,
        "approvals": {"$elemMatch": waiting},
        "_id": {"$gt": after or ""},
    }
    return issues.query(tx, where, sort=[("_id", 1)], limit=limit)


def issues_since(tx: Transaction, moment: datetime) -> tuple[list[domain.Issue], bool]:
    """Load the issues reported since a moment, the newest first, and say whether these are all."""
    where = {"reported_at": {"$gte": moment}}
    found = issues.query(tx, where, sort=[("reported_at", -1)], limit=MOST_PREVIEWED + 1)
    return found[:MOST_PREVIEWED], len(found) <= MOST_PREVIEWED
