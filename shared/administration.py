"""Questions and work on a service's part of the bus: parked events, the thread of an issue, queues, lag."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared import clock
from shared.broker import topology
from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection
from shared.buckets import WAITING, of_thread, of_types, unsent
from shared.errors import Unavailable
from shared.mongo import Database
from shared.schemas import Id, Page, ShortText


@dataclass(frozen=True, kw_only=True)
class RunDue:
    """Handle what is due at this moment, now when absent."""

    now: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EventsOf(Page):
    """List the events of one issue, course or visit that this service announced."""

    correlation_id: Id


@dataclass(frozen=True, kw_only=True)
class ResendEvents:
    """Send events of these types again that were sent since then."""

    types: tuple[ShortText, ...]
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Queues:
    """Ask the broker for depth and consumers of this service's queues."""


def events_of(store: Database, request: EventsOf) -> dict[str, Any]:
    """Return one page of a thread, in the order of announcement."""
    rows = list(store.outbox.aggregate(of_thread(request.correlation_id, request.after or "", request.limit + 1)))
    page = rows[: request.limit]
    items = [{**json.loads(row["events"]["body"]), "sent": row["events"] not in unsent(row)} for row in page]
    return {"items": items, "next": page[-1]["events"]["id"] if len(rows) > request.limit else None}


def announced(
    store: Database, types: Sequence[str], *, since: datetime, until: datetime, skip: int, limit: int
) -> list[dict[str, Any]]:
    """Return the events of these types that this service announced in a time, as far back as they are kept."""
    rows = store.outbox.aggregate(of_types(types, since, until, skip, limit))
    return [json.loads(row["events"]["body"]) for row in rows]


def queues(store: Database, names: list[str]) -> dict[str, Any]:
    """Return depth and consumers of each queue as the broker sees them, and the outbox; raises Unavailable.

    A partition says which replica claimed it last: of an idle one the broker may have made another active since.
    """
    connection = None
    try:
        connection = open_connection(store.settings.amqp_uri, 0)
        seen = {name: topology.depth(connection, name) for name in names}
    except BROKER_ERRORS as error:
        raise Unavailable("the broker does not answer; try again", reason=type(error).__name__) from error
    finally:
        close_quietly(connection)
    holders = {row["_id"]: row["holder"] for row in store.partitions.find({"_id": {"$in": names}})}
    return {
        "queues": [
            {
                "queue": name,
                "exists": answer is not None,
                "messages": answer[0] if answer else 0,
                "consumers": answer[1] if answer else 0,
                "active": holders.get(name),
            }
            for name, answer in seen.items()
        ],
        "outbox": _outbox(store),
        "parked": store.parked.count_documents({"state": "parked"}),
        "held": store.parked.count_documents({"open": True, "state": {"$ne": "parked"}}),
    }


def _outbox(store: Database) -> dict[str, Any]:
    pending = sum(one["count"] for one in store.outbox.aggregate(WAITING))
    return {"pending": pending, "oldest_seconds": round(store.oldest_unsent(clock.now()), 3)}
