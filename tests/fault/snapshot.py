"""What the databases and the provider of messages hold at the end of a run."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import requests

from shared.buckets import unsent
from tests.support.system import SERVICES, System

Row = dict[str, Any]
# Collections that say nothing about what happened.
IDLE = {"leases", "wakes", "partitions", "deadlines", "counters", "subscriptions"}


@dataclass
class Snapshot:
    """Every document, by service and collection, and the keys of the messages that went out."""

    rows: dict[str, dict[str, list[Row]]]
    sent: list[str]

    @classmethod
    def of(cls, system: System, services: Iterable[str] = SERVICES) -> "Snapshot":
        """Look into the databases of these services."""
        rows = {}
        for service in services:
            database = system.database(service)
            names = sorted(set(database.list_collection_names()) - IDLE)
            rows[service] = {name: list(database[name].find({}, {"raw": 0})) for name in names}
            rows[service]["outbox"] = [one for bucket in rows[service].get("outbox", []) for one in _events(bucket)]
        messages = requests.get(f"{system.gateway}/messages", timeout=30).json() if system.gateway else []
        return cls(rows, [message["idempotency_key"] for message in messages])

    def of_service(self, service: str, collection: str) -> list[Row]:
        """Return the documents of one collection."""
        return self.rows.get(service, {}).get(collection, [])

    def of_all(self, collection: str) -> list[tuple[str, Row]]:
        """Return the documents of a collection that every service has, each with its service."""
        return [(service, row) for service in self.rows for row in self.of_service(service, collection)]

    @property
    def announced(self) -> dict[str, Row]:
        """Every event that stands in an outbox, by id."""
        return {
            row["_id"]: {**json.loads(row["body"]), "sent_at": row.get("sent_at")}
            for _, row in self.of_all("outbox")
            if not row["_id"].startswith("replay/")
        }


def _events(bucket: Row) -> Iterator[Row]:
    """Return a row for each event of a bucket."""
    left = {one["id"] for one in unsent(bucket)} if "pending" in bucket else set()
    for one in bucket["events"]:
        state = {"pending": True} if one["id"] in left else {"sent_at": bucket.get("sent_at")}
        yield {"_id": one["id"], **one, **state}
