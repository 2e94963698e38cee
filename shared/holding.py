"""Subjects that wait in order: events of a partition behind one of theirs that failed, and who may let them go on.

Each is an open row of `parked` with its `position` in the partition. The first of a subject is its head; all of them
have one state: `waiting` for the clock, `ready` to be handled by whoever holds the partition, or `parked` for a person.
What a person drops is marked in the inbox: when the broker delivers it again, it must not come after its successors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ReturnDocument, UpdateOne

from shared import clock
from shared.errors import Unavailable
from shared.mongo import Database, translated
from shared.transaction import Transaction

WAITING, READY, PARKED = "waiting", "ready", "parked"
DROPPED = "dropped"
Row = dict[str, Any]


class Overtaken(Unavailable):
    """Another replica has been given this partition; what is in work here is not committed."""


@dataclass(kw_only=True)
class Partition:
    """One partition as this process holds it.

    Whoever is given its events claims it by the next epoch. Every transaction on it writes to the claim, so that one
    of an earlier holder, which may have been paused for long, cannot commit after a later one has begun.
    """

    store: Database
    queue: str
    epoch: int = 0
    overtaken: bool = True
    holds: bool = False  # whether anything of it waits

    def claim(self) -> None:
        """Take the partition over from whoever held it; waits for that one's open transaction to end."""
        with translated():
            claimed: Any = self.store.partitions.find_one_and_update(
                {"_id": self.queue},
                {"$inc": {"epoch": 1}, "$set": {"holder": self.store.settings.instance, "since": clock.wall()}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
            self.holds = self.anything_waits()
        self.epoch, self.overtaken = claimed["epoch"], False

    def guard(self, tx: Transaction, positions: int = 0) -> int:
        """Make the transaction one of the present holder's and return the first of so many new positions.

        Raises Overtaken.
        """
        claimed = self.store.partitions.find_one_and_update(
            {"_id": self.queue, "epoch": self.epoch}, {"$inc": {"last": positions, "batches": 1}}, session=tx.session
        )
        if claimed is None:
            self.overtaken = True
            raise Overtaken("another replica holds the partition", queue=self.queue)
        return int(claimed.get("last", 0)) + 1

    def anything_waits(self, tx: Transaction | None = None) -> bool:
        """Look whether any subject of the partition waits."""
        where = {"queue": self.queue, "open": True}
        return self.store.parked.find_one(where, {"_id": 1}, session=tx and tx.session) is not None

    def held(self, subjects: Sequence[str]) -> set[str]:
        """Return which of the subjects wait."""
        where = {"queue": self.queue, "open": True, "subject": {"$in": list(subjects)}}
        return set(self.store.parked.distinct("subject", where))

    def kept(self, keys: Sequence[str]) -> set[str]:
        """Return which of the rows are open."""
        return {row["_id"] for row in self.store.parked.find({"_id": {"$in": list(keys)}, "open": True}, {"_id": 1})}


def first_rows(tx: Transaction, queue: str, subject: str, limit: int) -> list[Row]:
    """Return the first open rows of a subject in their order."""
    where = {"queue": queue, "open": True, "subject": subject}
    return list(tx.store.parked.find(where, sort=[("position", 1)], limit=limit, session=tx.session))


def set_state(tx: Transaction, queue: str, subject: str, state: str) -> None:
    """Give all open rows of a subject their common state."""
    where = {"queue": queue, "open": True, "subject": subject}
    tx.store.parked.update_many(where, {"$set": {"state": state}}, session=tx.session)


def let_go_on(tx: Transaction, row: Row) -> bool:
    """Let a subject be handled again from its head; tell whether the row is that head, which all others follow."""
    [head] = first_rows(tx, row["queue"], row["subject"], 1)
    if head["_id"] != row["_id"]:
        return False
    if row["state"] == PARKED:
        tx.store.parked.update_one({"_id": row["_id"]}, {"$set": {"attempts": 0}}, session=tx.session)
    set_state(tx, row["queue"], row["subject"], READY)
    return True


def drop(tx: Transaction, rows: Sequence[Row]) -> list[str]:
    """Take open rows off, for good; return the heads behind dropped ones, which go on now."""
    subjects = {(row["queue"], row["subject"]) for row in rows}
    for queue in {queue for queue, _ in subjects}:
        tx.store.partitions.update_one({"_id": queue}, {"$inc": {"drops": 1}}, session=tx.session)  # see Partition
    heads = {at: head["_id"] for at in subjects for head in first_rows(tx, *at, 1)}
    change = {"$set": {"state": DROPPED, "dropped_at": tx.now}, "$unset": {"open": ""}}
    tx.store.parked.update_many({"_id": {"$in": [row["_id"] for row in rows]}}, change, session=tx.session)
    tx.store.processed_events.bulk_write([_mark(row) for row in rows], ordered=False, session=tx.session)
    after = {at: head["_id"] for at in subjects for head in first_rows(tx, *at, 1)}
    going_on = [at for at, head in after.items() if head != heads.get(at)]
    for at in going_on:
        set_state(tx, *at, READY)
    return [after[at] for at in going_on]


def _mark(row: Row) -> UpdateOne:
    mark = {
        "event_id": row["event_id"],
        "handler": row["handler"],
        "type": row["type"],
        "result": DROPPED,
        "correlation": row["correlation"],
        "deliveries": 0,
        "at": clock.wall(),
    }
    return UpdateOne({"_id": f"{row['handler']}:{row['event_id']}"}, {"$setOnInsert": mark}, upsert=True)
