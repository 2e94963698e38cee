"""Events that a person has to look at: kept with raw bytes and reason, listed, replayed under the same id, dropped."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from bson import Binary
from marshmallow import validate
from pymongo import UpdateOne

from shared import clock
from shared.handling import Delivery
from shared.schemas import Id, Page, ShortText
from shared.store import Store
from shared.transaction import Transaction

LARGEST_KEPT = 12 * 1024 * 1024  # bytes; a MongoDB document ends at 16 MiB
PREVIEW = 2000  # characters
REPLAY = "replay_parked"
LOOK_ALIKES = str.maketrans(".$\0", "\u2024\uff04\u2400")  # what the key of a document must not contain
ORIGINALS = {ord(look_alike): original for original, look_alike in zip(".$\0", "\u2024\uff04\u2400", strict=True)}


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which parked events: by id, type, reason, handler, time; all conditions have to hold."""

    ids: tuple[Id, ...] = ()
    type: ShortText | None = None
    reason: ShortText | None = None
    handler: ShortText | None = None
    since: datetime | None = None
    until: datetime | None = None

    def where(self) -> dict[str, Any]:
        """Return the condition on parked documents."""
        times = {"$gte": self.since, "$lt": self.until}
        conditions: dict[str, Any] = {
            "_id": {"$in": list(self.ids)} if self.ids else None,
            "type": self.type,
            "reason": self.reason,
            "handler": self.handler,
            "parked_at": {name: moment for name, moment in times.items() if moment is not None} or None,
        }
        return {"state": "parked", **{name: value for name, value in conditions.items() if value is not None}}


@dataclass(frozen=True, kw_only=True)
class ListParked(Selection, Page):
    """List parked events."""


@dataclass(frozen=True, kw_only=True)
class ShowParked:
    """Show one parked event with its raw bytes."""

    parked_id: Id


@dataclass(frozen=True, kw_only=True)
class ReplayParked(Selection):
    """Give parked events back to their handler; `rate` is events a second, at once when absent."""

    limit: Annotated[int, validate.Range(1, 10000)] = 1000
    rate: Annotated[float, validate.Range(min=0.01, max=10000)] | None = None


@dataclass(frozen=True, kw_only=True)
class DropParked(Selection):
    """Drop parked events; they stay readable by id, marked as dropped."""

    limit: Annotated[int, validate.Range(1, 10000)] = 1000


def park(store: Store, handler: str, queue: str, deliveries: list[Delivery]) -> None:
    """Keep the deliveries; one that is parked again after a crash or a replay stays one row."""
    if deliveries:
        store.parked.bulk_write([_row(handler, queue, delivery) for delivery in deliveries], ordered=False)


def _row(handler: str, queue: str, delivery: Delivery) -> UpdateOne:
    body = delivery.body
    message_id = (_writable(delivery.message_id) or "").encode()
    identity = hashlib.sha256(b"\0".join([queue.encode(), message_id, body])).hexdigest()[:24]
    now = clock.now()
    known = {
        "queue": queue,
        "handler": handler,
        "type": delivery.event.type if delivery.event else _writable(delivery.routing_key),
        "event_id": delivery.event.id if delivery.event else _writable(delivery.message_id),
        "correlation": delivery.event.correlationid if delivery.event else None,
        "exchange": _writable(delivery.exchange),
        "routing_key": _writable(delivery.routing_key),
        "content_type": _writable(delivery.content_type),
        "headers": _plain(delivery.headers),
        "message_id": _writable(delivery.message_id),
        "size": len(body),
        "raw": Binary(body[:LARGEST_KEPT]),
        "first_failed_at": now,
    }
    latest = {
        "state": "parked",
        "reason": delivery.park_reason,
        "detail": _writable(str(delivery.error)[:PREVIEW]),
        "attempts": delivery.attempt + 1,
        "parked_at": now,
    }
    return UpdateOne({"_id": identity}, {"$setOnInsert": known, "$set": latest, "$inc": {"times": 1}}, upsert=True)


def _plain(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the headers that can be sent again; a key MongoDB cannot hold is written with look-alikes."""
    plain = (str, int, float, bool)
    return {
        (_writable(str(name)) or "").translate(LOOK_ALIKES): _writable(value)
        for name, value in headers.items()
        if isinstance(value, plain) and not str(name).startswith("x-")
    }


def _writable(value: Any) -> Any:
    """Return the value, what no database takes as text: half of a character pair, a number beyond 64 bits."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    return str(value) if isinstance(value, int) and value.bit_length() > 63 else value


def _headers(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name.translate(ORIGINALS): value for name, value in kept.items()}


def listed(store: Store, request: ListParked) -> dict[str, Any]:
    """Return one page of parked events, oldest first, without their bytes."""
    where = request.where()
    if request.after:
        where["_id"] = {**where.get("_id", {}), "$gt": request.after}
    rows = list(store.parked.find(where, {"raw": 0, "headers": 0}, sort=[("_id", 1)], limit=request.limit + 1))
    page = rows[: request.limit]
    return {"items": [_view(row) for row in page], "next": page[-1]["_id"] if len(rows) > request.limit else None}


def shown(store: Store, parked_id: str) -> dict[str, Any] | None:
    """Return one parked event whole; bytes that are no text are written as escapes."""
    row = store.parked.find_one({"_id": parked_id})
    return (
        None
        if row is None
        else {**_view(row), "body": bytes(row["raw"][:LARGEST_KEPT]).decode(errors="backslashreplace")[:100_000]}
    )


def _view(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"parked_id": row["_id"], **{name: value for name, value in row.items() if name not in ("_id", "raw")}}


def replay(store: Store, request: ReplayParked) -> int:
    """Set a deadline for each selected event, spread by the rate; the clock gives them back to their queues."""
    rows = store.parked.find(request.where(), {"_id": 1}, sort=[("_id", 1)], limit=request.limit)
    ids = [row["_id"] for row in rows]
    with store.transaction() as tx:
        for position, parked_id in enumerate(ids):
            wait = timedelta(seconds=position / request.rate if request.rate else 0)
            tx.set_deadline(REPLAY, parked_id, tx.now + wait)
    return len(ids)


def replay_one(tx: Transaction, parked_id: str) -> None:
    """Put a parked event back into its queue through the outbox, under its own id."""
    store = tx.store
    row = store.parked.find_one_and_update(
        {"_id": parked_id, "state": "parked"},
        {"$set": {"state": "replayed", "replayed_at": tx.now}},
        session=tx.session,
    )
    if row is None:
        return
    tx.send_raw(
        {
            "id": f"replay/{parked_id}/{row['times']}",
            "type": row["type"],
            "subject": parked_id,
            "sequence": 1,
            "queue": row["queue"],
            "content_type": row["content_type"] or "",
            "message_id": row["message_id"] or row["event_id"],  # bare data keeps the id that its business key gave it
            "headers": {**_headers(row["headers"]), "x-exchange": row["exchange"], "x-routing-key": row["routing_key"]},
            "body": row["raw"],
        }
    )


def drop(store: Store, request: DropParked) -> int:
    """Mark the selected events as dropped."""
    rows = store.parked.find(request.where(), {"_id": 1}, sort=[("_id", 1)], limit=request.limit)
    ids = [row["_id"] for row in rows]
    change = {"$set": {"state": "dropped", "dropped_at": clock.now()}}
    return store.parked.update_many({"_id": {"$in": ids}, "state": "parked"}, change).modified_count
