"""From the outbox to the broker: one leader per service, confirms pipelined, each aggregate in its own order.

The leader holds a lease in the service's database. It wakes at once after a commit of its own process, by a change
stream after a commit of another replica, and polls as the last resort. An event is marked as sent after the broker has
confirmed it; a crash in between sends it again under the same id, which every consumer's inbox stops.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from pymongo.errors import PyMongoError

from shared import clock, failpoints, logs, metrics
from shared.broker import publisher
from shared.broker.connection import BROKER_ERRORS
from shared.broker.publisher import Outgoing, Publisher
from shared.broker.topology import Manifest
from shared.store import Store

log = logs.get(__name__)
WINDOW = 1000  # unconfirmed messages at once
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
        self._renew_at = 0.0
        self._declared = False
        self.beat = time.monotonic()
        self.leading = False

    def wake(self) -> None:
        """Tell the relay that something was committed."""
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
        pause = 0.05
        while not self._stopping:
            try:
                self._signal = Signal()
                more = self._lead() and self.publish_pending()
                pause = 0.05
            except (*BROKER_ERRORS, PyMongoError) as error:
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
        """Wake the relay when another replica commits."""
        others = [{"$match": {"operationType": "insert", "fullDocument.by": {"$ne": self._store.settings.instance}}}]
        while not self._stopping:
            try:
                with self._store.outbox.watch([*others, {"$project": {"_id": 1}}], max_await_time_ms=1000) as stream:
                    self._follow(stream)
            except PyMongoError as error:
                log.info("change stream ended; polling until it is back", error=type(error).__name__)
                eventlet.sleep(POLL_SECONDS)

    def _follow(self, stream: Any) -> None:
        """Wake at each commit the stream tells of; a follower only looks now and then whether it leads."""
        while stream.alive and not self._stopping:
            if not self.leading:
                eventlet.sleep(POLL_SECONDS)
            elif stream.try_next() is not None:
                self.wake()

    def publish_pending(self) -> bool:
        """Publish one window; tell whether to look for another at once. What is committed meanwhile wakes the relay.

        Nothing goes out before the consumers' queues exist: where an outside consumer takes everything, no event would
        come back as unroutable.
        """
        self._declared = self._declared or self._declare()
        documents = self._next_window() if self._declared else []
        metrics.OUTBOX_PENDING.labels(self._service).set(len(documents))
        if not documents:
            return False
        failpoints.passed("before_publish")
        outcomes = self._publisher.publish([_outgoing(document, self._service) for document in documents])
        failpoints.passed("after_publish")
        for outcome, times in Counter(outcomes).items():
            metrics.PUBLISHED.labels(self._service, outcome).inc(times)
        sent = [d["_id"] for d, outcome in zip(documents, outcomes, strict=True) if self._is_sent(d, outcome)]
        self._mark(sent)
        failpoints.passed("after_mark")
        if len(sent) < len(documents):
            self._explain(outcomes)
            eventlet.sleep(0.2)
        return bool(sent) and (len(documents) >= WINDOW or len(sent) < len(documents))

    def _next_window(self) -> list[dict[str, Any]]:
        """Return pending documents, oldest first, those of one aggregate by sequence whatever clocks said."""
        pending = self._store.outbox.find({"pending": True}, sort=[("_id", 1)], limit=WINDOW)
        documents = list(pending)
        if len(documents) == WINDOW:
            documents = self._with_earlier_ones(documents)
        return _in_order(documents)

    def _with_earlier_ones(self, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add events beyond the window that a skewed clock put behind a later one of their aggregate."""
        newest = {document["subject"]: document["sequence"] for document in _in_order(documents)}
        beyond = self._store.outbox.find(
            {"pending": True, "subject": {"$in": list(newest)}, "_id": {"$gt": documents[-1]["_id"]}}
        )
        return documents + [late for late in beyond if late["sequence"] < newest[late["subject"]]]

    def _is_sent(self, document: dict[str, Any], outcome: str) -> bool:
        """Tell whether the event needs no further try: confirmed, or nobody is supposed to receive it."""
        if outcome == publisher.UNROUTABLE:
            metrics.UNROUTABLE.labels(self._service, document["type"]).inc()
            return not self._manifest.expects(self._service, document["type"]) and document["exchange"] != ""
        return outcome == publisher.CONFIRMED

    def _mark(self, sent: list[str]) -> None:
        if sent:
            self._store.outbox.update_many(
                {"_id": {"$in": sent}}, {"$unset": {"pending": ""}, "$set": {"sent_at": clock.wall()}}
            )

    def _explain(self, outcomes: list[str]) -> None:
        """Say why events stay, and declare the queues again when one is missing."""
        log.warning("events stay in the outbox", **{name: outcomes.count(name) for name in set(outcomes)})
        if publisher.UNROUTABLE in outcomes:
            self._declare()

    # -- leadership

    def _lead(self) -> bool:
        """Take or keep the lease; by the server's clock, so that replicas need not agree on the time."""
        if self.leading and time.monotonic() < self._renew_at:
            return True
        me = self._store.settings.instance
        mine = {"$or": [{"holder": me}, {"$expr": {"$lt": ["$until", "$$NOW"]}}]}
        until = {"$add": ["$$NOW", int(LEASE.total_seconds() * 1000)]}
        taken = self._store.leases.update_one({"_id": "relay", **mine}, [{"$set": {"holder": me, "until": until}}])
        self.leading, self._renew_at = bool(taken.matched_count), time.monotonic() + RENEW_SECONDS
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


def _in_order(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the order of arrival between aggregates and that of the sequence within each."""
    by_subject: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        by_subject.setdefault(document["subject"], []).append(document)
    for group in by_subject.values():
        group.sort(key=lambda document: (document["sequence"], document["_id"]), reverse=True)
    return [by_subject[document["subject"]].pop() for document in documents]


def _outgoing(document: dict[str, Any], service: str) -> Outgoing:
    return Outgoing(
        exchange=document["exchange"],
        routing_key=document["routing_key"],
        body=document["body"],
        message_id=document.get("message_id") or document["_id"],
        content_type=document.get("content_type", "application/json"),
        headers=document.get("headers", {}),
        kind=document["type"],
        source=service,
    )
