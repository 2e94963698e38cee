"""Deliberations, their rolls, and what people have against their results, as documents."""

from collections.abc import Iterable
from dataclasses import replace

from services.issues import domain
from shared.collection import A_TEXT, Collection, Index
from shared.transaction import Transaction

deliberations = Collection(
    "deliberations",
    domain.Deliberation,
    key="deliberation_id",
    indexes=[Index("issue_id", "_id"), Index("state", "_id")],
)
voters = Collection(
    "voters",
    domain.Voter,
    key="voter_id",
    indexes=[
        Index("deliberation_id"),
        Index("person_id", "_id"),
        Index("proxy", "deliberation_id", where={"proxy": A_TEXT}),
    ],
)
objections = Collection(
    "objections",
    domain.Objection,
    key="objection_id",
    indexes=[Index("deliberation_id", "_id"), Index("person_id", "_id")],
)


def voter(tx: Transaction, deliberation_id: str, person_id: str) -> domain.Voter | None:
    """Find a line of the roll."""
    return voters.find(tx, domain.voter_id(deliberation_id, person_id))


def save_roll(tx: Transaction, deliberation_id: str, roll: Iterable[domain.Voter]) -> None:
    """Write every line of the roll, in place of the lines that are there."""
    known = {one.voter_id: one for one in voters_of(tx, deliberation_id)}
    for one in roll:
        before = known.pop(one.voter_id, None)
        voters.save(tx, replace(one, revision=before.revision) if before else one)
    for gone in known.values():
        voters.delete(tx, gone)


def voters_of(tx: Transaction, deliberation_id: str) -> list[domain.Voter]:
    """Load the whole roll."""
    return voters.query(tx, {"deliberation_id": deliberation_id})


def votes_held(tx: Transaction, deliberation_id: str, proxy: str) -> list[domain.Voter]:
    """Load the lines of the roll that this person may vote for."""
    return voters.query(tx, {"proxy": proxy, "deliberation_id": deliberation_id})


def objection(tx: Transaction, deliberation_id: str, person_id: str) -> domain.Objection | None:
    """Find what this person has against the result."""
    return objections.find(tx, domain.voter_id(deliberation_id, person_id))


def list_objections(tx: Transaction, deliberation_id: str, *, after: str | None, limit: int) -> list[domain.Objection]:
    """Load the objections after an id, by id."""
    where = {"deliberation_id": deliberation_id, **({"_id": {"$gt": after}} if after else {})}
    return objections.query(tx, where, sort=[("_id", 1)], limit=limit)


def list_deliberations(
    tx: Transaction, *, issue_id: str | None, state: domain.DeliberationState | None, after: str | None, limit: int
) -> list[domain.Deliberation]:
    """Load the deliberations after an id, by id."""
    wanted = {"issue_id": issue_id, "state": state and state.value, "_id": after and {"$gt": after}}
    where = {name: value for name, value in wanted.items() if value is not None}
    return deliberations.query(tx, where, sort=[("_id", 1)], limit=limit)


def votes_held_anywhere(tx: Transaction, proxy: str) -> list[domain.Voter]:
    """Load the lines of every roll that this person may vote for."""
    return voters.query(tx, {"proxy": proxy})


def objections_of(tx: Transaction, person: str) -> list[domain.Objection]:
    """Load what this person had against results."""
    return objections.query(tx, {"person_id": person}, sort=[("_id", 1)])


def drop_objections(tx: Transaction, deliberation_id: str) -> None:
    """Remove what people had against a result; how many they were stays with it."""
    for one in objections.query(tx, {"deliberation_id": deliberation_id}):
        objections.delete(tx, one)
