"""Asking again for events: after a queue was deleted the sources send what they sent before.

Consumers stop what they have handled by the event id, so asking too much costs time and nothing else.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import logs, outbox
from shared.broker.topology import Subscription
from shared.buckets import asked_again, holding, number_of
from shared.events import Event, Inbound
from shared.mongo import retried, translated
from shared.store import Store
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


def known_queues(store: Store) -> set[str]:
    """Return the queues that were declared once.

    Read before looking which exist: one that another process declares in between must not look lost.
    """
    with translated():
        return {row["_id"] for row in store.database["subscriptions"].find({}, {"_id": 1})}


def note_lost(store: Store, queues: Collection[str]) -> None:
    """Remember which known queues are gone, before anybody declares them again.

    Otherwise a source that declares a consumer's queue first, or a process that dies in between, would hide that there
    is anything to ask for.
    """
    if queues:
        with translated():
            store.database["subscriptions"].update_many({"_id": {"$in": list(queues)}}, {"$set": {"lost": True}})


def remember(store: Store, subscriptions: Iterable[Subscription]) -> None:
    """Remember queues that have just been declared."""
    with translated():
        for one in subscriptions:
            change = {"$set": {"type": one.type}}
            for queue in one.queues:
                store.database["subscriptions"].update_one({"_id": queue}, change, upsert=True)


def ask_again(store: Store, subscriptions: Iterable[Subscription]) -> None:
    """Ask the sources to send again what was in lost queues, now that these are there to take it.

    Where another process asks for one of them at this moment, look again for what is left.
    """
    own = list(subscriptions)
    retried(lambda: _ask(store, own), seconds=store.settings.command_seconds)


def _ask(store: Store, subscriptions: list[Subscription]) -> None:
    seen = store.database["subscriptions"]
    with translated():
        marks = {row["_id"] for row in seen.find({"lost": True}, {"_id": 1})}
    lost = [one for one in subscriptions if marks.intersection(one.queues)]
    if not lost:
        return
    with store.transaction() as tx:
        outbox.append(tx, *_requests(lost, tx.now - REACH))
        queues = [queue for one in lost for queue in one.queues]
        seen.update_many({"_id": {"$in": queues}}, {"$unset": {"lost": ""}}, session=tx.session)
    log.warning("queues were deleted; asking for their events again", queues=[one.queue for one in lost])


def _requests(lost: list[Subscription], since: datetime) -> Iterator[EventsRequested]:
    """Write one request for each consumer."""
    for service in sorted({one.service for one in lost}):
        own = [one for one in lost if one.service == service]
        yield EventsRequested(
            service=service,
            sources=tuple(sorted({source for one in own for source in one.sources})),
            types=tuple(sorted({one.type for one in own})),
            since=since,
        )


def send_again(tx: Transaction, types: Iterable[str], since: datetime) -> int:
    """Put events that were sent back to pending, out of reach of their ageing, and return how many."""
    wanted = list(types)
    where, sent = holding(wanted, since), tx.store.outbox
    counted = list(sent.aggregate([{"$match": where}, *number_of(wanted)], session=tx.session))
    sent.update_many(where, asked_again(wanted), session=tx.session)
    return sum(one["count"] for one in counted)
