"""Asking again for events: after a queue was deleted the sources send what they sent before.

Consumers stop what they have handled by the event id, so asking too much costs time and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import clock, logs, outbox
from shared.broker.topology import Subscription
from shared.events import Event, Inbound
from shared.mongo import Store, translated
from shared.transaction import Transaction

log = logs.get(__name__)
REACH = timedelta(hours=24)  # how far back a deleted queue asks


@dataclass(frozen=True, kw_only=True)
class EventsRequested(Event, type="events.requested", subject="service", zh="请求补发事件"):
    """A consumer lacks events of these types and asks their sources to send them again."""

    service: str
    sources: tuple[str, ...]
    types: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, kw_only=True)
class EventsRequestedInbound(Inbound, type="events.requested", source="*"):
    """Another service asks for events again."""

    service: str
    sources: tuple[str, ...]
    types: tuple[str, ...]
    since: datetime


def ask_again(store: Store, missing: Iterable[Subscription]) -> None:
    """Remember the queues of this service; for one that existed once and is gone, ask the sources to send again."""
    with translated():
        known = {row["_id"] for row in store.database["subscriptions"].find({}, {"_id": 1})}
        lost = [one for one in missing if one.queue in known]
        for one in missing:
            store.database["subscriptions"].update_one({"_id": one.queue}, {"$set": {"type": one.type}}, upsert=True)
    if not lost:
        return
    log.warning("queues were deleted; asking for their events again", queues=[one.queue for one in lost])
    with store.transaction() as tx:
        fact = EventsRequested(
            service=store.service,
            sources=tuple(sorted({source for one in lost for source in one.sources})),
            types=tuple(sorted({one.type for one in lost})),
            since=clock.now() - REACH,
        )
        outbox.append(tx, fact)


def send_again(tx: Transaction, types: Iterable[str], since: datetime) -> int:
    """Put events that were sent back to pending and return how many."""
    where = {"type": {"$in": list(types)}, "time": {"$gte": since}, "pending": {"$exists": False}}
    again = tx.store.outbox.update_many(where, {"$set": {"pending": True}}, session=tx.session)
    return again.modified_count
