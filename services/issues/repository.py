"""Documents of issues; the only place that names their fields."""

from collections.abc import Iterable
from typing import Protocol

from services.issues import domain
from shared.collection import Collection, Index
from shared.transaction import Transaction

issues = Collection(
    "issues",
    domain.Issue,
    key="issue_id",
    indexes=[
        Index("client_id", unique=True, where={"client_id": {"$type": "string"}}),
        Index("state", "_id"),
        Index("reporter_ref", "_id"),
    ],
)
deliberations = Collection("deliberations", domain.Deliberation, key="deliberation_id")
voters = Collection("voters", domain.Voter, key="voter_id", indexes=[Index("deliberation_id")])
projects = Collection("projects", domain.Project, key="project_id")
org_units = Collection("org_units", domain.OrgUnit, key="org_unit_id", indexes=[Index("secretary_id")])

COLLECTIONS = (issues, deliberations, voters, projects, org_units)


def issue_of_client(tx: Transaction, client_id: str | None) -> domain.Issue | None:
    """Find the issue that this report made already."""
    if client_id is None:
        return None
    found = issues.query(tx, {"client_id": client_id}, limit=1)
    return found[0] if found else None


def list_issues(
    tx: Transaction, *, state: domain.IssueState | None, reporter: str | None, after: str | None, limit: int
) -> list[domain.Issue]:
    """Load the issues after an id, by id."""
    wanted = {"state": state and state.value, "reporter_ref": reporter, "_id": after and {"$gt": after}}
    where = {name: value for name, value in wanted.items() if value is not None}
    return issues.query(tx, where, sort=[("_id", 1)], limit=limit)


def issues_of(tx: Transaction, project: domain.Project) -> list[domain.Issue]:
    """Load the issues that a project solves."""
    return [issues.get(tx, issue_id) for issue_id in project.issue_ids]


def voter(tx: Transaction, deliberation_id: str, person_id: str) -> domain.Voter | None:
    """Find a line of the roll."""
    return voters.find(tx, domain.voter_id(deliberation_id, person_id))


def save_roll(tx: Transaction, roll: Iterable[domain.Voter]) -> None:
    """Write every line of the roll."""
    for one in roll:
        voters.save(tx, one)


def voters_of(tx: Transaction, deliberation_id: str) -> list[domain.Voter]:
    """Load the whole roll."""
    return voters.query(tx, {"deliberation_id": deliberation_id})


def parent_of(tx: Transaction, org_unit_id: str) -> domain.OrgUnit | None:
    """Find the unit one level up; None at the top, or where our copy does not know."""
    unit = org_units.find(tx, org_unit_id)
    return org_units.find(tx, unit.parent_id) if unit and unit.parent_id else None


def unit_of_secretary(tx: Transaction, person_id: str) -> domain.OrgUnit | None:
    """Find the unit that this person is secretary of, the highest of several."""
    found = org_units.query(tx, {"secretary_id": person_id}, sort=[("_id", 1)], limit=1)
    return found[0] if found else None


class OfUnit(Protocol):
    """Whatever names a unit of the tree."""

    @property
    def org_unit_id(self) -> str:
        """The unit's id."""
        ...


def load_units(tx: Transaction, facts: Iterable[OfUnit]) -> None:
    """Load what our copy knows of the units, in one round trip."""
    org_units.find_many(tx, [fact.org_unit_id for fact in facts])


def knows_the_tree(tx: Transaction) -> bool:
    """Whether any unit has reached our copy."""
    return bool(org_units.query(tx, {}, limit=1))
