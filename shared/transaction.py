"""One unit of work: identity map, buffered writes, and facts, committed together or not at all.

Changes belong to a step (one command, or one event of a batch). A step that is refused leaves no trace;
the others of its batch go on. Nothing is written before `flush`, which writes each collection in one round trip.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pymongo import DeleteOne, InsertOne, ReplaceOne

from shared.actor import Actor
from shared.cloudevents import CloudEvent, child_traceparent, encode, new_id
from shared.collection import Collection, with_revision
from shared.errors import Conflict, LinliError, Refusal
from shared.events import Event
from shared.schemas import dump

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

    from shared.mongo import Store

E = TypeVar("E")
Key = tuple[str, str]
Write = InsertOne[Any] | ReplaceOne[Any] | DeleteOne


class CannotUndoStep(LinliError):
    """A step was refused after its changes had reached the database; the whole batch has to go back."""


@dataclass(kw_only=True)
class Held:
    """What the transaction knows of one entity: as it is now, and the revision the database has (0: none)."""

    collection: Collection[Any]
    entity: Any
    stored: int
    dirty: bool = False


@dataclass(kw_only=True)
class Step:
    """The changes of one command or event, not yet part of the transaction."""

    actor: Actor
    cause: CloudEvent | None = None
    causation: str | None = None
    correlation: str | None = None
    saved: dict[Key, tuple[Collection[Any], Any]] = field(default_factory=dict)
    facts: list[tuple[Event, str | None]] = field(default_factory=list)
    deadlines: dict[Key, datetime | None] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    flushed: bool = False


class Transaction:
    """Reads and writes of one unit of work; `now` is the moment it decides at."""

    def __init__(self, store: "Store", session: "ClientSession | None", now: datetime) -> None:
        self.store, self.session, self.now = store, session, now
        self._held: dict[Key, Held] = {}
        self._missing: set[Key] = set()
        self._outbox: list[dict[str, Any]] = []
        self._deadlines: dict[Key, datetime | None] = {}
        self._by_id: dict[str, Held] = {}
        self._step: Step | None = None

    # -- who and why

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self._current.actor

    @property
    def cause(self) -> CloudEvent | None:
        """The event that is being handled, None in a command."""
        return self._current.cause

    @property
    def _current(self) -> Step:
        if self._step is None:
            raise LinliError("a transaction is used inside a step only")
        return self._step

    def number(self, series: str) -> str:
        """Take the next number of a series, such as IS-0101; a rolled-back one leaves a gap."""
        return f"{series}-{self.store.next_number(series):04d}"

    # -- entities

    def load(self, collection: Collection[E], keys: list[str]) -> dict[str, E]:
        """Return the entities that exist under the ids, each loaded once."""
        unknown = [
            key
            for key in keys
            if (collection.name, key) not in self._held and (collection.name, key) not in self._missing
        ]
        if unknown:
            self._remember(collection, self._read(collection, {"_id": {"$in": unknown}}))
            self._missing.update((collection.name, key) for key in unknown if (collection.name, key) not in self._held)
        current = ((key, self._now_at((collection.name, key))) for key in dict.fromkeys(keys))
        return {key: entity for key, entity in current if entity is not None}

    def query(
        self, collection: Collection[E], where: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int
    ) -> list[E]:
        """Return the entities that match, with buffered changes of the collection written first."""
        if self.session is not None:
            self._flush_collection(collection.name)
        documents = self._read(collection, where, sort=sort, limit=limit)
        self._remember(collection, documents)
        found = (self._now_at((collection.name, str(document["_id"]))) for document in documents)
        return [entity for entity in found if entity is not None]

    def save(self, collection: Collection[E], entity: E) -> None:
        """Buffer the entity for commit."""
        if self.session is None:
            raise LinliError("a query reads only")
        self._current.saved[collection.name, collection.id_of(entity)] = (collection, entity)

    def delete(self, collection: Collection[E], entity: E) -> None:
        """Buffer the removal of the entity."""
        self._current.saved[collection.name, collection.id_of(entity)] = (collection, None)

    def _now_at(self, key: Key) -> Any:
        if self._step is not None and key in self._step.saved:
            return self._step.saved[key][1]
        return self._held[key].entity if key in self._held else None

    def _read(
        self,
        collection: Collection[Any],
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> list[dict[str, Any]]:
        cursor = self.store.collection(collection.name).find(where, session=self.session, limit=limit)
        return list(cursor.sort(list(sort)) if sort else cursor)

    def _remember(self, collection: Collection[Any], documents: Iterable[dict[str, Any]]) -> None:
        """Keep what was read, unless the transaction knows a newer state already."""
        for document in documents:
            key = (collection.name, str(document["_id"]))
            if key not in self._held:
                entity = collection.to_entity(document)
                self._hold(key, Held(collection=collection, entity=entity, stored=document["revision"]))

    def _hold(self, key: Key, held: Held) -> Held:
        self._held[key] = self._by_id[key[1]] = held
        return held

    # -- facts, deadlines, messages (through outbox and deadlines)

    def announce(self, fact: Event, correlation: str | None) -> None:
        """Buffer a fact for the outbox."""
        self._current.facts.append((fact, correlation))

    def send_raw(self, message: dict[str, Any]) -> None:
        """Buffer a message that is no fact of this service, such as a replayed one."""
        self._current.messages.append(message)

    def set_deadline(self, kind: str, key: str, due_at: datetime | None) -> None:
        """Buffer a deadline, or its removal."""
        self._current.deadlines[kind, key] = due_at

    # -- steps

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        """Collect changes; take them over at the end, or drop them when the body raises."""
        self._step = step
        try:
            yield
            self._take_over(step)
        except Refusal as refusal:
            if step.flushed:
                raise CannotUndoStep("a step was refused after it had been written") from refusal
            raise
        finally:
            self._step = None

    def _take_over(self, step: Step) -> None:
        """Make the step's changes part of the transaction and number its facts."""
        announced = Counter(fact.subject_id for fact, _ in step.facts)
        self._hold_saved(step, announced)
        step.saved = {}
        self._deadlines.update(step.deadlines)
        self._outbox.extend(self._outbox_documents(step))
        self._outbox.extend(step.messages)

    def _hold_saved(self, step: Step, announced: Mapping[str, int]) -> None:
        """Hold what the step saved: one revision for each fact of it, at least one."""
        for key, (collection, entity) in step.saved.items():
            held = self._held.get(key) or self._hold(key, Held(collection=collection, entity=None, stored=0))
            self._missing.discard(key)
            held.dirty = True
            held.entity = entity and with_revision(entity, entity.revision + max(1, announced.get(key[1], 0)))

    def _outbox_documents(self, step: Step) -> Iterator[dict[str, Any]]:
        """Turn the step's facts into outbox documents; facts of one aggregate carry consecutive revisions."""
        left = Counter(fact.subject_id for fact, _ in step.facts)
        for fact, correlation in step.facts:
            left[fact.subject_id] -= 1
            sequence = self._revision_behind(fact) - left[fact.subject_id]
            yield self._outbox_document(step, fact, correlation, max(1, sequence))

    def _revision_behind(self, fact: Event) -> int:
        """Return the revision of what the fact is about: its subject, else the first of its id fields that is held."""
        names = [fact.subject, *(member.name for member in fields(fact) if member.name.endswith("_id"))]
        held = (self._by_id.get(str(getattr(fact, name))) for name in names)
        return next((int(one.entity.revision) for one in held if one is not None and one.entity is not None), 1)

    def _outbox_document(self, step: Step, fact: Event, correlation: str | None, sequence: int) -> dict[str, Any]:
        data = dump(fact)
        event = CloudEvent(
            id=new_id(),
            source=self.store.service,
            type=fact.type,
            subject=fact.subject_id,
            time=self.now,
            data=data,
            sequence=sequence,
            correlationid=correlation or step.correlation or _root(data) or fact.subject_id,
            causationid=step.causation,
            traceparent=child_traceparent(step.cause.traceparent if step.cause else None),
            actor=step.actor.id,
            community=self.store.settings.community,
        )
        return self.store.outbox_document(event, encode(event))

    # -- commit

    def flush(self) -> None:
        """Write everything that is buffered, one round trip per collection."""
        for name in dict.fromkeys(key[0] for key, held in self._held.items() if held.dirty):
            self._flush_collection(name)
        self._flush_deadlines()
        if self._outbox:
            self.store.outbox.insert_many(self._outbox, session=self.session)
        self._outbox = []

    @property
    def announced(self) -> bool:
        """Whether anything is waiting to be published."""
        return bool(self._outbox)

    def _flush_collection(self, name: str) -> None:
        self._flush_step(name)
        dirty = {key: held for key, held in self._held.items() if held.dirty and key[0] == name}
        writes = [write for key, held in dirty.items() if (write := _write(key[1], held)) is not None]
        if writes:
            result = self.store.collection(name).bulk_write(writes, session=self.session)
            expected = sum(1 for write in writes if not isinstance(write, InsertOne))
            if result.matched_count + result.deleted_count != expected:
                raise Conflict("somebody else changed it first", collection=name)
        for held in dirty.values():
            held.dirty, held.stored = False, held.entity.revision if held.entity is not None else 0

    def _flush_step(self, name: str) -> None:
        """Hold what the running step saved so far, under a revision that its end replaces."""
        step = self._step
        if step is not None and any(key[0] == name for key in step.saved):
            step.flushed = True
            self._hold_saved(step, {})

    def _flush_deadlines(self) -> None:
        if not self._deadlines:
            return
        writes: list[Any] = []
        for (kind, key), due_at in self._deadlines.items():
            identity = f"{kind}:{key}"
            document = {"_id": identity, "kind": kind, "key": key, "due_at": due_at}
            writes.append(
                DeleteOne({"_id": identity}) if due_at is None else ReplaceOne({"_id": identity}, document, upsert=True)
            )
        self.store.deadlines.bulk_write(writes, session=self.session)
        self._deadlines = {}


def _root(data: Mapping[str, Any]) -> str | None:
    """Return the issue, course or visit that a fact belongs to."""
    return next((data[name] for name in ("issue_id", "course_id", "visit_id") if data.get(name)), None)


def _write(key: str, held: Held) -> Write | None:
    """Return the guarded write that brings the database from the stored revision to the held entity."""
    if held.entity is None:
        return DeleteOne({"_id": key, "revision": held.stored}) if held.stored else None
    document = held.collection.to_document(held.entity)
    if held.stored:
        return ReplaceOne({"_id": key, "revision": held.stored}, document)
    return InsertOne(document)
