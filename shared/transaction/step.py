"""What one command or event changes, and what a transaction knows of an entity."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne

from shared.actor import Actor
from shared.buckets import Entry
from shared.cloudevents import CloudEvent
from shared.collection import Collection
from shared.errors import LinliError
from shared.events import Event

Key = tuple[str, str]  # collection, id
Write = InsertOne[Any] | ReplaceOne[Any] | DeleteOne


class CannotUndoStep(LinliError):
    """A step was refused after its changes had reached the database; the whole batch has to go back."""


class NotLoaded(Exception):
    """A rehearsed rule looks up entities that are not loaded; without a collection, what no rehearsal can foresee."""

    def __init__(self, collection: Collection[Any] | None, keys: list[str]) -> None:
        super().__init__(collection and collection.name, keys)
        self.collection, self.keys = collection, keys


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """A fact, and what its envelope says where neither the cause nor the fact itself does; who acted, or nobody."""

    fact: Event
    correlation: str | None = None
    causation: str | None = None
    anonymous: bool = False


@dataclass(kw_only=True)
class Step:
    """The changes of one command or event, not yet part of the transaction; `call` names the command or question."""

    actor: Actor
    call: str = ""
    cause: CloudEvent | None = None
    causation: str | None = None
    correlation: str | None = None
    saved: dict[Key, tuple[Collection[Any], Any]] = field(default_factory=dict)
    records: list[tuple[Collection[Any], Any]] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    deadlines: dict[Key, datetime | None] = field(default_factory=dict)
    messages: list[Entry] = field(default_factory=list)
    flushed: bool = False


@dataclass(kw_only=True)
class Held:
    """What the transaction knows of one entity: as it is now, and the revision the database has (0: none)."""

    collection: Collection[Any]
    entity: Any
    stored: int
    dirty: bool = False

    def write(self, key: str) -> Write | None:
        """Return the write that brings the database from the stored revision to the entity.

        The id alone says which document: it was read in this transaction's snapshot, so that the database refuses the
        write if anybody has changed it since. Naming the revision too would have each write planned as a query.
        """
        if self.entity is None:
            return DeleteOne({"_id": key}) if self.stored else None
        document = self.collection.to_document(self.entity)
        return ReplaceOne({"_id": key}, document) if self.stored else InsertOne(document)

    def written(self) -> None:
        """Note that the database has it now."""
        self.dirty, self.stored = False, self.entity.revision if self.entity is not None else 0
