"""From the outbox to the broker: one leader per service, confirms pipelined, each aggregate in its own order.

The leader holds a lease in the service's database. It wakes at once after a commit of its own process, by a word in
`wakes` after a commit of another replica, and polls as the last resort. A bucket is marked as sent after the broker has
confirmed its events; a crash in between sends them again under the same ids, which every consumer's inbox stops.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator
from datetime import timedelta
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from pymongo import CursorType, UpdateMany, UpdateOne
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from shared import failpoints, logs, metrics
from shared.broker import publisher
from shared.broker.connection import BROKER_ERRORS
from shared.broker.publisher import Outgoing, Publisher
from shared.broker.topology import Manifest
from shared.broker.waves import LATER, WITHHELD, publish_in_waves
from shared.buckets import IN_ORDER, PENDING, Entry, marked_sent, unsent, whole
from shared.cloudevents import CONTENT_TYPE
from shared.errors import Unavailable
from shared.store import Store

log = logs.get(__name__)
WINDOW = 1000  # unconfirmed messages at once, more only where one bucket goes beyond it
LOOK = 100  # buckets in one look, at most 16 MiB
LEASE = timedelta(seconds=10)
RENEW_SECONDS = 3.0
POLL_SECONDS = 1.0


class Relay:
    """Publishes a service's outbox while it holds the lease."""

    def __init__(self, store: Store, manifest: Manifest, declare: Callable[[], bool]) -> None:
        self._store, self._manifest, self._declare = store, manifest, declare
        self._publisher = Publisher(store.settings.amqp_uri, store.settings.heartbeat_seconds)
        self._service = store.service
        self._stopping = False
        self._signal = Signal()
        self._renew_at = self._over_at = 0.0
        self._declared = False
        self.beat = time.monotonic()
        self.leading = False

    def wake(self) -> None:
        """Tell the relay that something was committed here."""
        if not self._signal.ready():
            self._signal.send()

    @property
    def held_back(self) -> bool:
        """Whether the broker takes nothing of what this process publishes."""
        return self._publisher.held_back

    def stop(self) -> None:
        """End after the present window and let another replica lead at once."""
        self._stopping = True
        self.wake()

    def run(self) -> None:
        """Publish until stopped."""
        self.beat, pause = time.monotonic(), 0.05
        while not self._stopping:
            try:
                told, self._signal = self._signal.ready(), Signal()
                more = self._lead() and self.publish_pending()
                if told and not self.leading:
                    self._tell_leader()
                pause = 0.05
            except (*BROKER_ERRORS, PyMongoError, Unavailable) as error:
                log.warning("relay has to wait", error=f"{type(error).__name__}: {error}", again_in=pause)
                eventlet.sleep(pause)
                pause = min(5.0, pause * 2)
                continue
            finally:
                self.beat = time.monotonic()
            if not more and not self._stopping:
                self._rest()
        self._resign()

    def _rest(self) -> None:
        """Wait for a commit; after a second without one, show the broker that this side lives."""
        self._signal.wait(timeout=POLL_SECONDS)
        if not self._signal.ready():
            self._publisher.keep_alive()

    def watch(self) -> None:
        """Wake the relay, while it leads, when another replica has committed something."""
        while not self._stopping:
            if self.leading:
                try:
                    self._hear()
                except PyMongoError as error:
                    log.info("cannot hear other replicas; polling until it is back", error=type(error).__name__)
            eventlet.sleep(POLL_SECONDS)

    def _tell_leader(self) -> None:
        """Say that there is something to publish; many commits are one word, and losing it costs a poll."""
        self._store.wakes.with_options(write_concern=WriteConcern(w=1)).insert_one({})

    def _hear(self) -> None:
        """Wake at each word; a tailable cursor costs nothing while nobody speaks, unlike a change stream."""
        with self._store.wakes.find({}, cursor_type=CursorType.TAILABLE_AWAIT).max_await_time_ms(1000) as words:
            while words.alive and self.leading and not self._stopping:
                for _ in words:
                    self.wake()

    def publish_pending(self) -> bool:
        """Publish one look's worth; tell whether to look again at once. What is committed meanwhile wakes the relay.

        Nothing goes out before the consumers' queues exist: where an outside consumer takes everything, no event would
        come back as unroutable.
        """
        self._declared = self._declared or self._declare()
        pending = self._look() if self._declared else []
        metrics.OUTBOX_PENDING.labels(self._service).set(sum(len(unsent(one)) for one in pending))
        sent, stay = 0, 0
        held: dict[Hashable, str] = {}
        for window in _windows(pending):
            if self._stopping or not self._lead():
                break
            events = sum(len(unsent(bucket)) for bucket in window)
            left = self._publish(window, held)
            sent, stay = sent + events - len(left), stay + len(left)
            if set(left) - {LATER}:
                break  # the broker has difficulties
        return sent > 0 and (len(pending) == LOOK or stay > 0)

    def _look(self) -> list[dict[str, Any]]:
        """Return pending buckets as they are at one moment: who meets commits on the way may see the later one only."""
        with self._store.snapshot() as session:
            return list(self._store.outbox.find(PENDING, sort=IN_ORDER, limit=LOOK, session=session))

    def _publish(self, window: list[dict[str, Any]], held: dict[Hashable, str]) -> list[str]:
        """Publish some buckets, mark what was confirmed, and return the outcomes of what stays."""
        entries = [one for bucket in window for one in unsent(bucket)]
        failpoints.passed("before_publish")
        outcomes = self._send(entries, held)
        failpoints.passed("after_publish")
        for outcome, times in Counter(one for one in outcomes if one != LATER).items():
            metrics.PUBLISHED.labels(self._service, outcome).inc(times)
        stay = {
            one["id"]: outcome
            for one, outcome in zip(entries, outcomes, strict=True)
            if not self._is_sent(one, outcome)
        }
        self._mark(window, stay)
        failpoints.passed("after_mark")
        if set(stay.values()) - {LATER}:
            self._explain(outcomes)
            eventlet.sleep(0.2)
        return list(stay.values())

    def _send(self, entries: list[Entry], held: dict[Hashable, str]) -> list[str]:
        """Send a window; events that somebody takes in order go to the partition of their subject, one by one."""
        keys = [self._partition_keys(one) for one in entries]
        rows = [(one["subject"], one["type"]) if own else None for one, own in zip(entries, keys, strict=True)]
        messages = [self._outgoing(one, own) for one, own in zip(entries, keys, strict=True)]
        return publish_in_waves(self._send_leading, messages, rows, held)

    def _send_leading(self, messages: list[Outgoing]) -> list[str]:
        """Send unless the lease is over: another may lead since, if this process was paused."""
        late = time.monotonic() > self._over_at
        return [WITHHELD] * len(messages) if late else self._publisher.publish(messages)

    def _partition_keys(self, entry: Entry) -> list[str]:
        """Return where an event goes beyond its type; a replayed one goes straight to its queue."""
        fact = "queue" not in entry
        return self._manifest.partition_keys(self._service, entry["type"], entry["subject"]) if fact else []

    def _is_sent(self, entry: Entry, outcome: str) -> bool:
        """Tell whether the event needs no further try: confirmed, or nobody is supposed to receive it."""
        if outcome == publisher.UNROUTABLE:
            metrics.UNROUTABLE.labels(self._service, entry["type"]).inc()
            return not self._manifest.expects(self._service, entry["type"]) and "queue" not in entry
        return outcome == publisher.CONFIRMED

    def _mark(self, window: list[dict[str, Any]], stay: Collection[str]) -> None:
        """Mark buckets as sent, or what is left of them; one of which more was asked for meanwhile stays as it is."""
        done: list[str] = []
        writes: list[UpdateMany | UpdateOne] = []
        for bucket in window:
            left = [one["id"] for one in unsent(bucket) if one["id"] in stay] if stay else []
            if whole(bucket) and not left:
                done.append(bucket["_id"])
            else:
                change = {"$set": {"left": left}} if left else marked_sent()
                writes.append(UpdateOne({"_id": bucket["_id"], "left": bucket.get("left")}, change))
        writes.append(UpdateMany({"_id": {"$in": done}, "left": None}, marked_sent()))
        self._store.outbox.bulk_write(writes, ordered=False)

    def _explain(self, outcomes: list[str]) -> None:
        """Say why events stay, and declare the queues again when one is missing."""
        log.warning("events stay in the outbox", **{name: outcomes.count(name) for name in set(outcomes)})
        if publisher.UNROUTABLE in outcomes:
            self._declare()

    def _outgoing(self, entry: Entry, partition_keys: list[str]) -> Outgoing:
        to_one = "queue" in entry
        return Outgoing(
            exchange="" if to_one else f"{self._service}.events",
            routing_key=entry["queue"] if to_one else entry["type"],
            body=entry["body"],
            message_id=entry.get("message_id") or entry["id"],
            content_type=entry.get("content_type", CONTENT_TYPE),
            headers={"BCC": partition_keys} if partition_keys else entry.get("headers", {}),
            kind=entry["type"],
            source=self._service,
        )

    # -- leadership

    def _lead(self) -> bool:
        """Take or keep the lease; by the server's clock, so that replicas need not agree on the time."""
        if self.leading and time.monotonic() < self._renew_at:
            return True
        me = self._store.settings.instance
        mine = {"$or": [{"holder": me}, {"$expr": {"$lt": ["$until", "$$NOW"]}}]}
        until = {"$add": ["$$NOW", int(LEASE.total_seconds() * 1000)]}
        asked_at = time.monotonic()
        taken = self._store.leases.update_one({"_id": "relay", **mine}, [{"$set": {"holder": me, "until": until}}])
        self.leading, self._renew_at = bool(taken.matched_count), time.monotonic() + RENEW_SECONDS
        self._over_at = asked_at + LEASE.total_seconds()
        metrics.RELAY_LEADER.labels(self._service).set(int(self.leading))
        return self.leading

    def _resign(self) -> None:
        self._publisher.close()
        if self.leading:
            try:
                me = {"_id": "relay", "holder": self._store.settings.instance}
                self._store.leases.update_one(me, [{"$set": {"holder": None, "until": "$$NOW"}}])
            except PyMongoError as error:
                log.info("lease runs out by itself", error=type(error).__name__)


def _windows(pending: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut into parts of about a window; a bucket stays whole."""
    window: list[dict[str, Any]] = []
    size = 0
    for bucket in pending:
        window.append(bucket)
        size += len(unsent(bucket))
        if size >= WINDOW:
            yield window
            window, size = [], 0
    if window:
        yield window
