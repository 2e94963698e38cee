"""Handle the events of a partition so that each subject's take effect in their order, without a framework.

The broker gives a partition to one consumer at a time and returns what it did not acknowledge in the old order; the
claim on the partition (`holding.py`) keeps out whoever held it before. What fails holds its subject and nobody else:

| outcome | effect on the later events of the subject |
|---|---|
| done, duplicate, already handled, refused | none |
| conflict, fact that must come first | kept behind it; tried again by the clock, then in their order |
| parked | kept behind it, until a person replays or drops it; then in their order |
| not readable, or no subject | none: nobody knows whose events they are |

What is kept stays in the database. When a subject may go on, its head goes through the queue once more: whoever holds
the partition then takes it as the word to work off what is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import pymongo

from shared.actor import CLOCK
from shared.errors import Conflict, LinliError, Unavailable
from shared.handling import Delivery, EventHandler, Rule
from shared.holding import PARKED, READY, WAITING, Partition, Row, first_rows, set_state
from shared.inbox import DUPLICATE
from shared.mongo import translated
from shared.parking import REPLAY, delivery_of, identity, keep
from shared.transaction import Transaction

BEHIND, BEHIND_PARKED = "behind", "behind_parked"
FAILED = frozenset({"retry", "parked"})
RELEASED_AT_ONCE = 100  # kept events in one transaction
T = TypeVar("T")


class Behind(LinliError):
    """An earlier event of the same subject is not done."""


def subject_of(delivery: Delivery) -> str | None:
    """Return whose event it is, as far as that can be read."""
    return (delivery.event.subject or None) if delivery.event else None


@dataclass(kw_only=True)
class OrderedHandler(EventHandler):
    """One partition of a subscription; `ladder` is how many seconds a subject waits after each try."""

    partition: Partition
    ladder: Sequence[float]
    released: list[Delivery] = field(default_factory=list)  # kept events that the last batch worked off
    _failed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Let each transaction begin with the claim on the partition."""
        self._load, self.preload = self.preload, self._guarded

    def _guarded(self, tx: Transaction, facts: Sequence[Any]) -> None:
        self.partition.guard(tx)
        if self._load is not None:
            self._load(tx, facts)

    def handle(self, rule: Rule, deliveries: list[Delivery]) -> None:
        """Give each delivery its outcome, and keep what has to wait; all are empty where the process has to stop."""
        self._failed, self.released = set(), []
        for one in deliveries:
            self._read(one)
        try:
            ready, reminded = self._sorted_out(deliveries)
            self._run(rule, ready)
            self._keep([one for one in deliveries if one.outcome in FAILED or one.outcome == BEHIND])
            for subject in reminded:
                self._release(rule, subject)
        except Unavailable:
            for one in deliveries:
                one.outcome = ""

    def _run(self, rule: Rule, batch: list[Delivery]) -> None:
        """Run what no earlier event of its subject holds up; raises Unavailable where something stays undecided."""
        ready = []
        for one in batch:
            subject = subject_of(one)
            if subject is not None and subject in self._failed:
                one.outcome = one.outcome or BEHIND
            elif one.outcome:  # parked: its envelope could be read, its data could not
                self._note(one)
            else:
                ready.append(one)
        super()._run(rule, ready)
        for one in ready:
            if not one.outcome:
                raise Unavailable("the process stops, or another replica holds the partition")
            self._note(one)

    def _note(self, one: Delivery) -> None:
        subject = subject_of(one)
        if subject is not None and one.outcome in FAILED:
            self._failed.add(subject)

    # -- what waits

    def _sorted_out(self, deliveries: list[Delivery]) -> tuple[list[Delivery], list[str]]:
        """Return what may run, and the subjects that a known event reminds of; what is behind gets its outcome."""
        subjects = [subject for one in deliveries if (subject := subject_of(one)) is not None]
        held = self._insist(lambda: self.partition.held(subjects)) if self.partition.holds else set()
        if not held:
            return deliveries, []
        known = self._insist(lambda: self._known([one for one in deliveries if subject_of(one) in held]))
        ready, reminded = [], []
        for one in deliveries:
            subject = subject_of(one)
            if subject is None or subject not in held:
                ready.append(one)
            elif self._key(one) in known:
                one.outcome = DUPLICATE
                reminded.append(subject)
            else:
                one.outcome = one.outcome or BEHIND
        return ready, list(dict.fromkeys(reminded))

    def _known(self, deliveries: list[Delivery]) -> set[str]:
        """Return the keys of those events that are kept already, or handled."""
        marks = {f"{self.name}:{one.event.id}": self._key(one) for one in deliveries if one.event}
        handled = self.store.processed_events.find({"_id": {"$in": list(marks)}}, {"_id": 1})
        return self.partition.kept(list(marks.values())) | {marks[mark["_id"]] for mark in handled}

    def _key(self, one: Delivery) -> str:
        return identity(self.partition.queue.encode(), one.event.id.encode() if one.event else b"")

    def _keep(self, failed: list[Delivery]) -> None:
        """Keep each subject's events in the order they came; those without a subject are settled as anywhere else."""
        by_subject: dict[str, list[Delivery]] = {}
        for one in failed:
            if (subject := subject_of(one)) is not None:
                by_subject.setdefault(subject, []).append(one)
        if by_subject:
            self._insist(lambda: self._write_down(by_subject))
            self.partition.holds = True

    def _write_down(self, by_subject: dict[str, list[Delivery]]) -> None:
        with self.store.transaction() as tx:
            position = self.partition.guard(tx, sum(map(len, by_subject.values())))
            writes = []
            for subject, group in by_subject.items():
                heads = first_rows(tx, self.partition.queue, subject, 1)
                state = heads[0]["state"] if heads else self._begin_to_wait(tx, self._key(group[0]), group[0])
                for one in group:
                    held = {"state": state, "subject": subject, "position": position, "open": True}
                    writes.append(self._row(one, **held))
                    position += 1
            self.store.parked.bulk_write(writes, session=tx.session)

    def _begin_to_wait(self, tx: Transaction, key: str, head: Delivery) -> str:
        """Return the state of a subject whose head has just failed, and set the time of its next try."""
        if head.outcome == "retry" and head.attempt >= len(self.ladder):
            head.park("retries_exhausted", head.error or LinliError("it failed too often"))
        if head.outcome == "parked":
            return PARKED
        pause = self.ladder[head.attempt] if head.outcome == "retry" else 0  # what it was behind has been dropped
        tx.set_deadline(REPLAY, key, tx.now + timedelta(seconds=pause))
        return READY if head.outcome == BEHIND else WAITING

    def _row(self, one: Delivery, **held: Any) -> pymongo.UpdateOne:
        if one.outcome == BEHIND:
            one.park_reason, one.error = BEHIND_PARKED, one.error or Behind("an earlier one of its subject is not done")
            held["attempts"] = one.attempt
        return keep(self._key(one), self.name, self.partition.queue, one, **held)

    # -- working off

    def _release(self, rule: Rule, subject: str) -> None:
        """Handle what is kept of a subject in its order, until nothing is left or something fails again."""
        while rows := self._insist(lambda: self._ready_rows(subject)):
            deliveries = [delivery_of(row) for row in rows]
            for one in deliveries:
                self._read(one)
            self._failed = set()
            self._run(rule, deliveries)
            self._insist(lambda: self._write_off(subject, rows, deliveries))  # noqa: B023 -- called before the next round
            self.released += [one for one in deliveries if one.outcome != BEHIND]

    def _ready_rows(self, subject: str) -> list[Row]:
        with self.store.reading(CLOCK) as tx:
            rows = first_rows(tx, self.partition.queue, subject, RELEASED_AT_ONCE)
        return rows if rows and rows[0]["state"] == READY else []

    def _write_off(self, subject: str, rows: list[Row], deliveries: list[Delivery]) -> None:
        """Close the rows of what is done; the rest of the subject waits for what failed, or is next."""
        kept = list(zip(rows, deliveries, strict=True))
        done = [row["_id"] for row, one in kept if one.outcome not in FAILED and one.outcome != BEHIND]
        failed = [(row, one) for row, one in kept if one.outcome in FAILED][:1]
        with self.store.transaction() as tx:
            self.partition.guard(tx)
            change = {"$set": {"state": "replayed", "replayed_at": tx.now}, "$unset": {"open": ""}}
            self.store.parked.update_many({"_id": {"$in": done}, "open": True}, change, session=tx.session)
            state = READY
            for row, one in failed:
                state = self._begin_to_wait(tx, row["_id"], one)
                again = keep(row["_id"], self.name, self.partition.queue, one, state=state)
                self.store.parked.bulk_write([again], session=tx.session)
            set_state(tx, self.partition.queue, subject, state)
            holds = self.partition.anything_waits(tx)
        self.partition.holds = holds

    def _insist(self, action: Callable[[], T]) -> T:
        """Do it, however long the database is away; raises Unavailable where the process has to stop."""
        hold = 0.05
        while True:
            self.trying()
            try:
                with pymongo.timeout(self.store.settings.event_seconds), translated():
                    return action()
            except (Conflict, Unavailable) as error:
                if self.stopping():
                    raise Unavailable("the process stops, or another replica holds the partition") from error
            self.pause(hold)
            hold = min(2.0, hold * 2)
