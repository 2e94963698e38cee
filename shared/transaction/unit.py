"""The transaction that handlers work with."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from bson import Timestamp
from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.client_session import ClientSession

from shared.actor import Actor
from shared.buckets import Entry, buckets, logical_time
from shared.cloudevents import CloudEvent
from shared.collection import Collection, with_revision
from shared.errors import Conflict, LinliError, Refusal
from shared.mongo import Database
from shared.transaction.facts import outbox_entries
from shared.transaction.step import Announcement, CannotUndoStep, Held, Key, NotLoaded, Step

E = TypeVar("E")


class Transaction:
    """Reads and writes of one unit of work; `now` is the moment it decides at."""

    def __init__(self, store: Database, session: ClientSession | None, now: datetime) -> None:
        self._store, self._session, self.now = store, session, now
        self._held: dict[Key, Held] = {}
        self._missing: set[Key] = set()
        self._outbox: list[Entry] = []
        self._deadlines: dict[Key, datetime | None] = {}
        self._by_id: dict[str, Held] = {}
        self._step: Step | None = None
        self._rehearsing = False

    @property
    def store(self) -> Database:
        """The service's database, for what no entity covers."""
        self._only_for_real()
        return self._store

    @property
    def session(self) -> ClientSession | None:
        """The session that makes reads and writes of the database part of this transaction; None in a query."""
        self._only_for_real()
        return self._session

    # -- who and why

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self._current.actor

    @property
    def call(self) -> str:
        """The command or question that is being answered, empty where nobody called."""
        return self._current.call

    @property
    def cause(self) -> CloudEvent | None:
        """The event that is being handled, None in a command."""
        return self._current.cause

    @property
    def _current(self) -> Step:
        if self._step is None:
            raise LinliError("a transaction is used inside a step only")
        return self._step

    @property
    def _changing(self) -> Step:
        """The running step, in a transaction that may write; raises LinliError in a query."""
        if self._session is None:
            raise LinliError("a query reads only")
        return self._current

    def number(self, series: str) -> str:
        """Take the next number of a series, such as IS-0101; a rolled-back one leaves a gap."""
        self._only_for_real()
        _ = self._changing  # a number is taken at once, outside the transaction
        return f"{series}-{self._store.next_number(series):04d}"

    # -- entities

    def load(self, collection: Collection[E], keys: list[str]) -> dict[str, E]:
        """Return the entities that exist under the ids, each loaded once."""
        unknown = [
            key
            for key in keys
            if (collection.name, key) not in self._held and (collection.name, key) not in self._missing
        ]
        if unknown and self._rehearsing:
            raise NotLoaded(collection, unknown)
        if unknown:
            self._remember(collection, self._read(collection, {"_id": {"$in": unknown}}))
            self._missing.update((collection.name, key) for key in unknown if (collection.name, key) not in self._held)
        current = ((key, self._now_at((collection.name, key))) for key in dict.fromkeys(keys))
        return {key: entity for key, entity in current if entity is not None}

    def query(
        self,
        collection: Collection[E],
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]],
        limit: int,
        skip: int = 0,
    ) -> list[E]:
        """Return the entities that match, with buffered changes of the collection written first."""
        self._only_for_real()
        if self._session is not None:
            self._flush_collection(collection.name)
        documents = self._read(collection, where, sort=sort, limit=limit, skip=skip)
        self._remember(collection, documents)
        found = (self._now_at((collection.name, str(document["_id"]))) for document in documents)
        return [entity for entity in found if entity is not None]

    def save(self, collection: Collection[E], entity: E) -> None:
        """Buffer the entity for commit."""
        self._changing.saved[collection.name, collection.id_of(entity)] = (collection, entity)

    def delete(self, collection: Collection[E], entity: E) -> None:
        """Buffer the removal of the entity."""
        self._changing.saved[collection.name, collection.id_of(entity)] = (collection, None)

    def record(self, collection: Collection[E], entity: E) -> None:
        """Leave a new entity behind, the one thing a question writes; it is answered or refused after that only."""
        if self._session is not None:
            self.save(collection, entity)
        else:
            self._current.records.append((collection, entity))

    def write_records(self) -> None:
        """Write what a question leaves behind, one round trip per collection."""
        by_name: dict[str, list[dict[str, Any]]] = {}
        for collection, entity in self._current.records:
            by_name.setdefault(collection.name, []).append(collection.to_document(with_revision(entity, 1)))
        for name, documents in by_name.items():
            self._store.collection(name).insert_many(documents, ordered=False)

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
        skip: int = 0,
    ) -> list[dict[str, Any]]:
        cursor = self._store.collection(collection.name).find(where, session=self._session, limit=limit, skip=skip)
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

    def announce(self, announcement: Announcement) -> None:
        """Buffer a fact for the outbox."""
        self._changing.announcements.append(announcement)

    def send_raw(self, message: Entry) -> None:
        """Buffer a message that is no fact of this service, such as a replayed one."""
        self._changing.messages.append(message)

    def set_deadline(self, kind: str, key: str, due_at: datetime | None) -> None:
        """Buffer a deadline, or its removal."""
        self._changing.deadlines[kind, key] = due_at

    # -- steps

    def rehearse(self, step: Step, rule: Callable[[], None]) -> NotLoaded | None:
        """Run a rule until it looks up what is not loaded, and return that; nothing it does counts.

        A rule that asks for more than entities by id cannot be rehearsed; one that fails will do so again.
        """
        self._step, self._rehearsing = step, True
        try:
            rule()
        except NotLoaded as missing:
            return missing
        except Exception:  # noqa: BLE001 -- decided where the rule runs for real
            return None
        finally:
            self._step, self._rehearsing = None, False
        return None

    def _only_for_real(self) -> None:
        if self._rehearsing:
            raise NotLoaded(None, [])

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
        self._hold_saved(step, Counter(one.fact.subject_id for one in step.announcements))
        step.saved = {}
        self._deadlines.update(step.deadlines)
        self._outbox.extend(outbox_entries(self._store, step, self._revision_of, self.now))
        self._outbox.extend(step.messages)

    def _hold_saved(self, step: Step, announced: Mapping[str, int]) -> None:
        """Hold what the step saved: one revision for each fact of it, at least one."""
        for key, (collection, entity) in step.saved.items():
            held = self._held.get(key) or self._hold(key, Held(collection=collection, entity=None, stored=0))
            self._missing.discard(key)
            held.dirty = True
            held.entity = entity and with_revision(entity, entity.revision + max(1, announced.get(key[1], 0)))

    def _revision_of(self, key: str) -> int | None:
        held = self._by_id.get(key)
        return None if held is None or held.entity is None else int(held.entity.revision)

    # -- commit

    def flush(self) -> None:
        """Write everything that is buffered, one round trip per collection."""
        for name in dict.fromkeys(key[0] for key, held in self._held.items() if held.dirty):
            self._flush_collection(name)
        self._flush_deadlines()
        self._flush_outbox()

    def _flush_outbox(self) -> None:
        if self._outbox and self._session is not None:
            written = buckets(self._outbox, self._logical_time(self._session), self.now)
            self._store.outbox.insert_many(written, session=self._session)
        self._outbox = []

    def _logical_time(self, session: ClientSession) -> Timestamp:
        if session.cluster_time is None:  # nothing was read or written but the facts
            self._store.leases.find_one({"_id": "relay"}, session=session)
        return logical_time(session)

    @property
    def announced(self) -> bool:
        """Whether anything is waiting to be published."""
        return bool(self._outbox)

    def _flush_collection(self, name: str) -> None:
        self._flush_step(name)
        dirty = {key: held for key, held in self._held.items() if held.dirty and key[0] == name}
        writes = [write for key, held in dirty.items() if (write := held.write(key[1])) is not None]
        if writes:
            result = self._store.collection(name).bulk_write(writes, session=self._session)
            expected = sum(1 for write in writes if not isinstance(write, InsertOne))
            if result.matched_count + result.deleted_count != expected:
                raise Conflict("somebody else changed it first", collection=name)
        for held in dirty.values():
            held.written()

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
        self._store.deadlines.bulk_write(writes, session=self._session)
        self._deadlines = {}
