"""Issues that belong together: groups, relapses, reports of the same problem, and who supports them."""

from typing import Any

from services.issues import domain
from services.issues.repository.issues import issues
from shared.collection import Collection, Index
from shared.transaction import Transaction

supports = Collection(
    "supports", domain.Support, key="support_id", indexes=[Index("issue_id", "since"), Index("person_id", "_id")]
)
MOST_TOLD = 2500  # persons in one fact; as many as a roll has voters at most
MOST_COMPARED = 100  # open issues of one place, the newest
OPEN_STATES = [state.value for state in domain.OPEN]
SOLVED_BEFORE = [domain.IssueState.CLOSED.value, domain.IssueState.FORCE_CLOSED.value]
Where = dict[str, Any]


def lead_of(tx: Transaction, issue: domain.Issue) -> domain.Issue:
    """Load the issue that this one is merged into; itself where it is not merged."""
    merged = issue.state is domain.IssueState.MERGED and issue.lead_issue_id
    return issues.get(tx, merged) if merged else issue


def part_of(tx: Transaction, issue: domain.Issue, person: str) -> domain.Issue:
    """Find the part of a group that awaits this person's answer: the issue itself, or what was resolved with it."""
    if person == issue.reporter_ref:
        return issue
    found = issues.query(tx, own_part(issue.issue_id, person), sort=[("_id", 1)], limit=1)
    return found[0] if found else issue


def own_part(lead: str, person: str) -> Where:
    """Say which issue of a group is this person's and resolved."""
    return {"lead_issue_id": lead, "reporter_ref": person, "state": domain.IssueState.RESOLVED.value}


def closed_before(tx: Transaction, issue: domain.Issue) -> domain.Issue | None:
    """Find the issue that was closed last on the asset and in the class of this one."""
    if issue.asset_id is None or issue.category is None:
        return None
    found = issues.query(tx, closed_on(issue.asset_id, issue.category), sort=[("closed_at", -1)], limit=1)
    return found[0] if found else None


def closed_on(asset_id: str, category: str) -> Where:
    """Say which issues were closed on an asset and in a class."""
    return {"asset_id": asset_id, "category": category, "state": {"$in": SOLVED_BEFORE}}


def candidates(tx: Transaction, draft: domain.Draft) -> list[domain.Issue]:
    """Load the newest open issues of the asset, the building and the estate, each once."""
    found = [
        one for where in near(draft) for one in issues.query(tx, where, sort=[("reported_at", -1)], limit=MOST_COMPARED)
    ]
    return list({one.issue_id: one for one in found}.values())


def near(draft: domain.Draft) -> list[Where]:
    """Say which open issues are near, place by place."""
    places = {"asset_id": draft.asset_id, "building_id": draft.building_id, "estate_id": draft.estate_id}
    shown = {
        "state": {"$in": OPEN_STATES},
        "sensitive": False,
        "visibility": domain.Visibility.PUBLIC.value,
    }
    return [{name: unit, **shown} for name, unit in places.items() if unit is not None]


def find_support(tx: Transaction, issue_id: str, person: str) -> domain.Support | None:
    """Find the support of this person for this issue."""
    return supports.find(tx, domain.support_id(issue_id, person))


def supporters_of(tx: Transaction, issue: domain.Issue) -> tuple[str, ...]:
    """Name who supports this issue, the earliest first, as many as a fact carries."""
    if not issue.supporters:
        return ()
    found = supports.query(tx, {"issue_id": issue.issue_id}, sort=[("since", 1)], limit=MOST_TOLD)
    return tuple(one.person_id for one in found)


def supports_of(tx: Transaction, person: str, *, after: str | None, limit: int) -> list[domain.Support]:
    """Load what this person supports, by issue, after one."""
    where: Where = {"person_id": person}
    if after is not None:
        where["_id"] = {"$gt": domain.support_id(after, person)}
    return supports.query(tx, where, sort=[("_id", 1)], limit=limit)
