"""The outbox as documents: the events of one transaction are one bucket, written once, marked once.

```
{_id, order, pending: true, time, events: [{id, type, subject, sequence, correlation, body}, …]}
```

`order` is the database's logical clock as the transaction saw it. Whoever changes an entity has read it after the one
before committed, so the buckets of one aggregate lie in the order of its sequence, whatever the clocks of hosts say.
A bucket that is to be sent only in part, because the rest was confirmed, names what is `left`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bson import Timestamp
from pymongo.client_session import ClientSession

from shared import clock
from shared.cloudevents import CloudEvent, encode, new_id

PENDING = {"pending": True}
IN_ORDER = [("order", 1), ("_id", 1)]
MOST_EVENTS = 500
MOST_BYTES = 4 * 1024 * 1024  # a document has at most 16 MiB
Entry = dict[str, Any]


def entry(event: CloudEvent) -> Entry:
    """Return how an event stands in its bucket."""
    return {
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "correlation": event.correlationid,
        "body": encode(event),
    }


def buckets(entries: Iterable[Entry], order: Timestamp, now: datetime) -> Iterator[dict[str, Any]]:
    """Put the events of one transaction into as few documents as they fit, in their order."""
    for part in _parts(entries):
        yield {"_id": new_id(), "order": order, "pending": True, "time": now, "events": part}


def _parts(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    size = 0
    for one in entries:
        if part and (len(part) == MOST_EVENTS or size + len(one["body"]) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(one)
        size += len(one["body"])
    if part:
        yield part


def logical_time(session: ClientSession) -> Timestamp:
    """Return the database's clock at the last answer in this session: later than all that the session has read."""
    seen: Any = session.cluster_time
    return Timestamp(seen["clusterTime"].time, seen["clusterTime"].inc)


def unsent(bucket: Mapping[str, Any]) -> list[Entry]:
    """Return the events of a bucket that are to be sent."""
    if whole(bucket):
        return list(bucket["events"])
    left = set(bucket["left"])
    return [one for one in bucket["events"] if one["id"] in left]


def of_thread(correlation: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Return the steps that list a thread's events by id, one a row."""
    own = {"events.correlation": correlation}
    return [
        {"$match": own},
        {"$unwind": "$events"},
        {"$match": {**own, "events.id": {"$gt": after}}},
        {"$sort": {"events.id": 1}},
        {"$limit": limit},
    ]


def of_types(types: Sequence[str], since: datetime, until: datetime, skip: int, limit: int) -> list[dict[str, Any]]:
    """Return the steps that list the events of these types that were announced in a time, by id, one a row."""
    own = {"events.type": {"$in": list(types)}}
    return [
        {"$match": {**own, "time": {"$gte": since, "$lte": until}}},
        {"$unwind": "$events"},
        {"$match": own},
        {"$sort": {"events.id": 1}},
        {"$skip": skip},
        {"$limit": limit},
    ]


def whole(bucket: Mapping[str, Any]) -> bool:
    """Tell whether a pending bucket was never sent in part."""
    return "left" not in bucket


def marked_sent() -> dict[str, Any]:
    """Return the change that marks a bucket as sent."""
    return {"$unset": {"pending": "", "left": ""}, "$set": {"sent_at": clock.wall()}}


def holding(types: Sequence[str], since: datetime) -> dict[str, Any]:
    """Return the filter of buckets that hold sent events of these types."""
    some_sent = [{"pending": {"$exists": False}}, {"left": {"$exists": True}}]
    return {"events.type": {"$in": types}, "time": {"$gte": since}, "$or": some_sent}


def asked_again(types: Sequence[str]) -> list[dict[str, Any]]:
    """Return the change that makes the events of these types pending again, out of reach of their ageing."""
    again = {"$map": {"input": _of(types), "as": "one", "in": "$$one.id"}}
    left = {"$setUnion": [{"$ifNull": ["$left", []]}, again]}
    return [{"$set": {"pending": True, "left": left}}, {"$unset": "sent_at"}]


def number_of(types: Sequence[str]) -> list[dict[str, Any]]:
    """Return the steps that count the events of these types."""
    return [{"$group": {"_id": None, "count": {"$sum": {"$size": _of(types)}}}}]


def _of(types: Sequence[str]) -> dict[str, Any]:
    return {"$filter": {"input": "$events", "as": "one", "cond": {"$in": ["$$one.type", types]}}}


WAITING: list[dict[str, Any]] = [
    {"$match": PENDING},
    {"$group": {"_id": None, "count": {"$sum": {"$size": {"$ifNull": ["$left", "$events"]}}}}},
]  # steps that count what is pending
