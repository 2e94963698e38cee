"""Deliberations, their rolls, and projects as documents."""

from collections.abc import Iterable

from services.issues import domain
from shared.collection import Collection, Index
from shared.transaction import Transaction

deliberations = Collection("deliberations", domain.Deliberation, key="deliberation_id")
voters = Collection(
    "voters", domain.Voter, key="voter_id", indexes=[Index("deliberation_id"), Index("person_id", "_id")]
)
projects = Collection("projects", domain.Project, key="project_id")


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
