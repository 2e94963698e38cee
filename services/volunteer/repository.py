"""Documents and entities of volunteer; the only place that names fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from services.volunteer.domain import (
    MAX_OPEN_OFFERS,
    AlreadyRegistered,
    Candidate,
    Dispatch,
    DispatchState,
    IssueCopy,
    LearningRecord,
    LedgerRow,
    Level,
    OrgUnit,
    Policy,
    Reach,
    UnitDraft,
    Volunteer,
    candidate,
    empty_record,
    pool,
    record_id,
)
from shared.collection import Collection, Index
from shared.errors import NotFound
from shared.transaction import Transaction

org_units = Collection("org_units", OrgUnit, key="org_unit_id", indexes=[Index("path", "_id"), Index("level", "_id")])
volunteers = Collection(
    "volunteers",
    Volunteer,
    key="volunteer_id",
    indexes=[Index("pools", "is_party_member", "load", "hundredths", "_id")],  # the order of R5
)
learning_records = Collection("learning_records", LearningRecord, key="record_id")
dispatches = Collection("dispatches", Dispatch, key="dispatch_id", indexes=[Index("issue_id", "round", "state")])
issue_copies = Collection("issue_copies", IssueCopy, key="issue_id")
hours_ledger = Collection(
    "hours_ledger",
    LedgerRow,
    key="ledger_id",
    indexes=[Index("dispatch_id", "_id"), Index("volunteer_id", "_id")],
)
COLLECTIONS = (org_units, volunteers, learning_records, dispatches, issue_copies, hours_ledger)
BY_ID = [("_id", 1)]
BY_RANK = [("load", 1), ("hundredths", 1), ("_id", 1)]


class OfPerson(Protocol):
    """Whatever names a person."""

    @property
    def person_id(self) -> str:
        """The person's id."""
        ...


def units_around(tx: Transaction, drafts: Iterable[UnitDraft]) -> dict[str, OrgUnit]:
    """Load what the tree holds of the units that are named, and of their parents."""
    named = {key for draft in drafts for key in (draft.org_unit_id, draft.parent_id) if key}
    return org_units.find_many(tx, sorted(named))


def units_below(tx: Transaction, unit: OrgUnit, depth: int, after: str | None, limit: int) -> list[OrgUnit]:
    """List the units up to so many levels below a unit, by id."""
    levels = list(Level)[unit.level.depth + 1 : unit.level.depth + 1 + depth]
    where = {"path": unit.org_unit_id, "level": {"$in": levels}, "_id": {"$gt": after or ""}}
    return org_units.query(tx, where, sort=BY_ID, limit=limit)


def every_unit(tx: Transaction) -> list[OrgUnit]:
    """Load the whole tree, some hundreds of units, parents before children."""
    return sorted(org_units.query(tx, {}), key=lambda unit: (unit.level.depth, unit.org_unit_id))


def reach_from(tx: Transaction, org_unit_id: str | None, scope: Level) -> tuple[Reach, ...] | None:
    """List the units around a place from the scope outwards; without a place, the communities.

    None when the place, or any tree at all, is not known yet.
    """
    if org_unit_id is None:
        around = org_units.query(tx, {"level": Level.COMMUNITY}, sort=BY_ID)
    else:
        place = org_units.find(tx, org_unit_id)
        around = list(org_units.find_many(tx, place.path).values()) if place else []
    near = sorted((unit for unit in around if unit.level.depth <= scope.depth), key=lambda unit: -unit.level.depth)
    return tuple(Reach(scope=unit.level, org_unit_id=unit.org_unit_id) for unit in near) or None


def free_number(tx: Transaction, wanted: str | None) -> str:
    """Return the wanted volunteer number, or else the next that nobody bears; raises AlreadyRegistered."""
    if wanted is not None:
        if volunteers.find(tx, wanted):
            raise AlreadyRegistered("this number is taken", volunteer_id=wanted)
        return wanted
    number = tx.number("V")
    while volunteers.find(tx, number):
        number = tx.number("V")
    return number


def learning_of(tx: Transaction, person_id: str) -> LearningRecord:
    """Load what a person has learned; empty where nothing is known."""
    return learning_records.find(tx, record_id(person_id)) or empty_record(person_id)


def load_learners(tx: Transaction, facts: Iterable[OfPerson]) -> None:
    """Load what the persons have learned, and the volunteers among them, in two round trips."""
    records = learning_records.find_many(tx, [record_id(fact.person_id) for fact in facts])
    volunteers.find_many(tx, [record.volunteer_id for record in records.values() if record.volunteer_id])


def copy_of(tx: Transaction, issue_id: str) -> IssueCopy:
    """Load what is remembered of an issue; fresh where nothing is known."""
    return issue_copies.find(tx, issue_id) or IssueCopy(issue_id=issue_id)


def completed_dispatches(tx: Transaction, issue_id: str, number: int) -> list[Dispatch]:
    """Load the dispatches of a round whose hours wait for the resident's answer."""
    where = {"issue_id": issue_id, "round": number, "state": DispatchState.COMPLETED}
    return dispatches.query(tx, where, sort=BY_ID)


def unstaffed_dispatches(tx: Transaction, issue_id: str, rounds: int) -> list[Dispatch]:
    """Load the dispatches up to a round that still look for people."""
    states = [DispatchState.OFFERING, DispatchState.UNFILLED]
    where = {"issue_id": issue_id, "round": {"$lte": rounds}, "state": {"$in": states}}
    return dispatches.query(tx, where, sort=BY_ID)


def ledger_rows(tx: Transaction, where: dict[str, str], after: str | None, limit: int) -> list[LedgerRow]:
    """List the rows of a dispatch or volunteer by id."""
    return hours_ledger.query(tx, {**where, "_id": {"$gt": after or ""}}, sort=BY_ID, limit=limit)


@dataclass(frozen=True, kw_only=True)
class Search:
    """What candidates are looked for: how much which qualification counts on a day, and how many may be needed."""

    qualification: str | None
    policy: Policy
    day: date
    limit: int

    @property
    def wanted(self) -> str | None:
        """The qualification, where it counts at all."""
        return None if self.policy is Policy.NONE else self.qualification


def rings(
    tx: Transaction, reach: tuple[Reach, ...], search: Search, asked: Iterable[str] = ()
) -> Iterator[list[Candidate]]:
    """Look for candidates in one unit after the other, outwards; a ring is read when the one before was not enough.

    A ring holds the best `limit` of each kind (Party member or not; qualified or not) and thus every candidate that
    any choice of `limit` people could need, however many live there.
    """
    seen = set(asked)
    for steps, near in enumerate(reach):
        found = _best_of(tx, near.org_unit_id, search, seen)
        seen |= found.keys()
        yield [
            candidate(one, scope=near.scope, steps=steps, qualification=search.wanted, day=search.day)
            for one in found.values()
        ]


def _best_of(tx: Transaction, org_unit_id: str, search: Search, seen: set[str]) -> dict[str, Volunteer]:
    """Load the best of each kind in one unit, in the order of the index, so that nothing beyond them is touched."""
    free: dict[str, Any] = {"open_offers": {"$lt": MAX_OPEN_OFFERS}, "_id": {"$nin": sorted(seen)}}
    found: dict[str, Volunteer] = {}
    for where in _pools(org_unit_id, search):
        for is_party_member in (True, False):
            selected = {**where, "is_party_member": is_party_member, **free}
            best = volunteers.query(tx, selected, sort=BY_RANK, limit=search.limit)
            found.update((one.volunteer_id, one) for one in best)
    return found


def _pools(org_unit_id: str, search: Search) -> list[dict[str, Any]]:
    """Say where to look: among the qualified, among everybody, or both; a pool also holds those whose time is over."""
    anybody: dict[str, Any] = {"pools": pool(org_unit_id)}
    if search.wanted is None:
        return [anybody]
    valid = {"qualification": search.wanted, "valid_until": {"$gte": search.day.isoformat()}}
    qualified = {"pools": pool(org_unit_id, search.wanted), "qualifications": {"$elemMatch": valid}}
    return [qualified] if search.policy is Policy.REQUIRED else [qualified, anybody]


def place(tx: Transaction, org_unit_id: str, scope: Level) -> tuple[Reach, ...]:
    """List the units around a place from the scope outwards; raises NotFound."""
    reach = reach_from(tx, org_unit_id, scope)
    if reach is None:
        raise NotFound(f"there is no OrgUnit {org_unit_id}", kind="OrgUnit", id=org_unit_id)
    return reach
