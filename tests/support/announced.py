"""What a service has announced, read from its outbox."""

import json
from collections.abc import Iterator
from typing import Any

from shared.buckets import IN_ORDER, unsent


def announced(database: Any, kind: str | None = None) -> list[dict[str, Any]]:
    """Return the events of a service's outbox in its order, each with when it was sent, None while it waits."""
    return [event for event in _events(database) if kind in (None, event["type"])]


def waiting(database: Any) -> list[dict[str, Any]]:
    """Return the events that are not sent yet."""
    return [event for event in _events(database) if event["sent_at"] is None]


def _events(database: Any) -> Iterator[dict[str, Any]]:
    for bucket in database["outbox"].find(sort=IN_ORDER):
        left = [one["id"] for one in unsent(bucket)] if "pending" in bucket else []
        for one in bucket["events"]:
            if "queue" not in one:  # a parked event on its way back is nothing new
                yield {**json.loads(one["body"]), "sent_at": None if one["id"] in left else bucket.get("sent_at")}
