"""What was handled before: effects happen once per handler and event id, and once per command id."""

import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import InsertOne, UpdateOne

from shared import clock
from shared.actor import Actor
from shared.errors import Conflict
from shared.transaction import Transaction

DONE, DUPLICATE, BUSINESS_DUPLICATE = "done", "duplicate", "duplicate_business_key"
ERASED = {"erased": True}  # in the place of an answer that held what a person had cut


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


class IdOfAnotherCommand(Conflict):
    """A command_id names one call of one command by one caller for ever."""

    retryable = False


def earlier_answer(tx: Transaction, command_id: str, command: str, actor: Actor) -> dict[str, Any] | None:
    """Return what the command answered when it was first called, wrapped so that None means never.

    Raises IdOfAnotherCommand when the id belongs to another command, or to somebody else: the answer was made for
    the eyes of whoever called first.
    """
    known = tx.store.processed_commands.find_one({"_id": command_id}, session=tx.session)
    if known is None:
        return None
    if not is_of(known, actor, tx.store.settings.auth_key):
        raise IdOfAnotherCommand(
            "this command_id was used by somebody else, or by a caller who cannot be recognised any more",
            command_id=command_id,
        )
    if known["command"] != command:
        raise IdOfAnotherCommand(
            "this command_id was used for another command", command_id=command_id, used_for=known["command"]
        )
    return {"answer": known["answer"]}


def is_of(known: Mapping[str, Any], actor: Actor, key: str | None) -> bool:
    """Whether this actor made the call whose answer is remembered."""
    return bool(known.get("caller") == seal(known["_id"], actor, key))


def remember_answer(tx: Transaction, command_id: str, command: str, actor: Actor, answer: Any) -> None:
    """Keep the answer for a repeated call by the same caller."""
    tx.store.processed_commands.insert_one(
        {
            "_id": command_id,
            "command": command,
            "caller": seal(command_id, actor, tx.store.settings.auth_key),
            "about": ids_in(answer),
            "answer": answer,
            "at": clock.wall(),
        },
        session=tx.session,
    )


def forget_answers(tx: Transaction, ids: Iterable[str]) -> None:
    """Cut what commands answered about these; that they were done stays known, and a repeat does nothing again."""
    tx.store.processed_commands.update_many(
        {"about": {"$in": list(ids)}}, {"$set": {"answer": ERASED, "about": []}}, session=tx.session
    )


def seal(command_id: str, actor: Actor, key: str | None) -> str:
    """Say who called so that only they can be recognised, and nobody can be read from it or followed through it."""
    caller = json.dumps([command_id, actor.id, actor.on_behalf_of])
    return hmac.new((key or "").encode(), caller.encode(), "sha256").hexdigest()


def ids_in(answer: Any) -> list[str]:
    """Name what an answer is about: its own fields that hold an id."""
    if not isinstance(answer, dict):
        return []
    return sorted({value for name, value in answer.items() if name.endswith("_id") and isinstance(value, str)})
