"""The clock of a service: due deadlines are claimed in batches and handled once, whichever replica ticks first."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import eventlet
import pymongo
from eventlet.event import Event as Signal

from shared import clock, logs
from shared.actor import CLOCK
from shared.errors import Conflict, LinliError, Refusal
from shared.mongo import retried, translated
from shared.store import Store
from shared.transaction import CannotUndoStep, Step, Transaction

log = logs.get(__name__)
MOST = 100  # deadlines in one transaction
Rule = Callable[[Transaction, str], None]


class Ticker:
    """Handles due deadlines every tick."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.rules: dict[str, Rule] = {}
        self._stopping = Signal()

    def stop(self) -> None:
        """End after the present batch."""
        if not self._stopping.ready():
            self._stopping.send()

    def run(self) -> None:
        """Tick until stopped."""
        while not self._stopping.ready():
            try:
                self.run_due(clock.now())
            except LinliError as error:
                log.warning("tick has to wait", error=str(error))
            self._stopping.wait(timeout=self._store.settings.tick_seconds * random.uniform(0.8, 1.2))  # noqa: S311 -- replicas spread out

    def run_due(self, now: datetime) -> int:
        """Handle everything that is due at this moment and return how many deadlines took effect here."""
        handled = 0
        refused: set[str] = set()
        while not self._stopping.ready():
            due = self._due(now, refused)
            if not due:
                return handled
            handled += self._handle(due, now, refused)
        return handled

    def _due(self, now: datetime, without: set[str]) -> list[dict[str, Any]]:
        where = {"due_at": {"$lte": now}, "kind": {"$in": list(self.rules)}, "_id": {"$nin": list(without)}}
        with translated():
            return list(self._store.deadlines.find(where, sort=[("due_at", 1), ("_id", 1)], limit=MOST))

    def _handle(self, due: list[dict[str, Any]], now: datetime, broken: set[str]) -> int:
        """Handle the deadlines in one transaction, or else one by one; one that breaks waits for the next tick."""
        try:
            return retried(
                lambda: self._once(due, now), seconds=self._store.settings.command_seconds, pause=eventlet.sleep
            )
        except Conflict:
            if len(due) == 1:
                broken.add(due[0]["_id"])
                return 0
        except LinliError as error:
            if error.retryable and not self._store.answers():
                raise
            if len(due) == 1:
                self._report(due[0], error, broken)
                return 0
        except Exception as error:  # noqa: BLE001 -- one broken rule must not stop the clock
            if len(due) == 1:
                self._report(due[0], error, broken)
                return 0
        return sum(self._handle([one], now, broken) for one in due)

    def _report(self, deadline: dict[str, Any], error: Exception, broken: set[str]) -> None:
        log.error("deadline cannot be handled", kind=deadline["kind"], key=deadline["key"], exc_info=error)
        broken.add(deadline["_id"])

    def _once(self, due: list[dict[str, Any]], now: datetime) -> int:
        with pymongo.timeout(self._store.settings.event_seconds), self._store.unit(now) as tx:
            open_ones = {
                row["_id"]: row["due_at"]
                for row in self._store.deadlines.find({"_id": {"$in": [one["_id"] for one in due]}}, session=tx.session)
            }
            mine = [one for one in due if open_ones.get(one["_id"]) == one["due_at"]]
            self._claim(tx, mine)
            for one in mine:
                self._step(tx, one, alone=len(due) == 1)
            return len(mine)

    def _claim(self, tx: Transaction, mine: list[dict[str, Any]]) -> None:
        """Remove the deadlines first; whoever removes one has its effect, all others conflict."""
        if not mine:
            return
        gone = self._store.deadlines.delete_many({"_id": {"$in": [one["_id"] for one in mine]}}, session=tx.session)
        if gone.deleted_count != len(mine):
            raise Conflict("another replica was faster")

    def _step(self, tx: Transaction, one: dict[str, Any], *, alone: bool) -> None:
        """Run the rule; a refusal means that the deadline is no longer of any consequence."""
        try:
            with tx.step(Step(actor=CLOCK, causation=one["_id"])):
                self.rules[one["kind"]](tx, one["key"])
        except Refusal as refusal:
            log.info("deadline had no effect", kind=one["kind"], key=one["key"], code=refusal.code)
        except CannotUndoStep as error:
            if alone:
                raise error.__cause__ or error from None
            raise
