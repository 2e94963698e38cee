"""What was handled before: effects happen once per handler and event id, and once per command id."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pymongo import InsertOne, UpdateOne

from shared import clock
from shared.errors import Conflict
from shared.transaction import Transaction

DONE, DUPLICATE, BUSINESS_DUPLICATE = "done", "duplicate", "duplicate_business_key"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the inbox remembers of one handled event."""

    event_id: str
    type: str
    result: str
    correlation: str | None


class Inbox:
    """The marks of one handler within one transaction."""

    def __init__(self, tx: Transaction, handler: str, event_ids: list[str]) -> None:
        self._tx, self._handler = tx, handler
        self._marks: dict[str, Mark] = {}
        self._again: Counter[str] = Counter()
        ids = [self._key(event_id) for event_id in event_ids]
        known = tx.store.processed_events.find({"_id": {"$in": ids}}, {"event_id": 1}, session=tx.session)
        self._known = {document["event_id"] for document in known}

    def _key(self, event_id: str) -> str:
        return f"{self._handler}:{event_id}"

    def knows(self, event_id: str) -> bool:
        """Tell whether the event was handled before this batch began."""
        return event_id in self._known

    def seen(self, event_id: str) -> bool:
        """Tell whether the event was handled before, in this batch or an earlier one, and count the delivery."""
        if event_id not in self._known and event_id not in self._marks:
            return False
        self._again[event_id] += 1
        return True

    def mark(self, mark: Mark) -> None:
        """Remember the event as handled."""
        self._marks[mark.event_id] = mark

    def flush(self) -> None:
        """Write the marks in one round trip."""
        writes: list[InsertOne[dict[str, Any]] | UpdateOne] = [
            InsertOne(
                {
                    "_id": self._key(mark.event_id),
                    "event_id": mark.event_id,
                    "handler": self._handler,
                    "type": mark.type,
                    "result": mark.result,
                    "correlation": mark.correlation,
                    "deliveries": 1 + self._again.pop(mark.event_id, 0),
                    "at": clock.wall(),
                }
            )
            for mark in self._marks.values()
        ]
        writes += [
            UpdateOne({"_id": self._key(event_id)}, {"$inc": {"deliveries": times}})
            for event_id, times in self._again.items()
        ]
        if writes:
            self._tx.store.processed_events.bulk_write(writes, ordered=False, session=self._tx.session)


def earlier_answer(tx: Transaction, command_id: str, command: str) -> dict[str, Any] | None:
    """Return what the command answered when it was first called, wrapped so that None means never.

    Raises Conflict when the id belongs to another command.
    """
    known = tx.store.processed_commands.find_one({"_id": command_id}, session=tx.session)
    if known is None:
        return None
    if known["command"] != command:
        raise IdOfAnotherCommand(
            "this command_id was used for another command", command_id=command_id, used_for=known["command"]
        )
    return {"answer": known["answer"]}


class IdOfAnotherCommand(Conflict):
    """A command_id names one call of one command for ever."""

    retryable = False


def remember_answer(tx: Transaction, command_id: str, command: str, answer: Any) -> None:
    """Keep the answer for a repeated call."""
    tx.store.processed_commands.insert_one(
        {"_id": command_id, "command": command, "answer": answer, "at": clock.wall()}, session=tx.session
    )
