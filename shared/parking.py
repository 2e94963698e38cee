"""Events that a person has to look at: kept with raw bytes and reason, listed, replayed under the same id, dropped."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from bson import Binary
from marshmallow import validate
from pymongo import UpdateOne

from shared import clock, holding
from shared.buckets import Entry
from shared.cloudevents import new_id
from shared.handling import Delivery
from shared.mongo import retried
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
    message_id = (_writable(delivery.message_id) or "").encode()
    return keep(identity(queue.encode(), message_id, delivery.body), handler, queue, delivery)


def identity(*parts: bytes) -> str:
    """Return the id of the row that keeps what these parts name."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def keep(parked_id: str, handler: str, queue: str, delivery: Delivery, **held: Any) -> UpdateOne:
    """Return the write that keeps a delivery; `held` is what an ordered subscription adds."""
    body = delivery.body
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
        **held,
    }
    return UpdateOne({"_id": parked_id}, {"$setOnInsert": known, "$set": latest, "$inc": {"times": 1}}, upsert=True)


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


def delivery_of(kept: Mapping[str, Any]) -> Delivery:
    """Return the delivery as it was when it was kept."""
    return Delivery(
        body=bytes(kept["raw"]),
        content_type=kept["content_type"],
        headers=_headers(kept["headers"]),
        message_id=kept["message_id"],
        exchange=kept["exchange"],
        routing_key=kept["routing_key"],
        attempt=kept["attempts"],
    )


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
    """Put a parked event back into its queue through the outbox, under its own id.

    One of an ordered subscription stays where it is kept, in its order: what goes to the queue is the word to go on.
    """
    kept = tx.store.parked.find_one({"_id": parked_id}, session=tx.session)
    if kept is None:
        return
    if kept.get("open"):
        if holding.let_go_on(tx, kept):
            tx.send_raw(_again(kept, new_id()))
    elif kept["state"] == "parked":
        change = {"$set": {"state": "replayed", "replayed_at": tx.now}}
        tx.store.parked.update_one({"_id": parked_id}, change, session=tx.session)
        tx.send_raw(_again(kept, kept["times"]))


def _again(kept: Mapping[str, Any], time: int | str) -> Entry:
    return {
        "id": f"replay/{kept['_id']}/{time}",
        "type": kept["type"],
        "subject": kept["_id"],
        "sequence": 1,
        "queue": kept["queue"],
        "content_type": kept["content_type"] or "",
        "message_id": kept["message_id"] or kept["event_id"],  # bare data keeps the id that its business key gave it
        "headers": {**_headers(kept["headers"]), "x-exchange": kept["exchange"], "x-routing-key": kept["routing_key"]},
        "body": kept["raw"],
    }


def drop(store: Store, request: DropParked) -> int:
    """Mark the selected events as dropped; what waited behind one of an ordered subscription goes on."""
    rows = list(store.parked.find(request.where(), {"raw": 0}, sort=[("_id", 1)], limit=request.limit))
    ids = [one["_id"] for one in rows if not one.get("open")]
    change = {"$set": {"state": "dropped", "dropped_at": clock.now()}}
    dropped = store.parked.update_many({"_id": {"$in": ids}, "state": "parked"}, change).modified_count
    held = [one["_id"] for one in rows if one.get("open")]
    return dropped + (retried(lambda: _drop_held(store, held), seconds=store.settings.command_seconds) if held else 0)


def _drop_held(store: Store, ids: list[str]) -> int:
    with store.transaction() as tx:
        where = {"_id": {"$in": ids}, "open": True, "state": "parked"}
        rows = list(store.parked.find(where, {"raw": 0}, session=tx.session))
        for head in holding.drop(tx, rows) if rows else ():
            tx.set_deadline(REPLAY, head, tx.now)
    return len(rows)
