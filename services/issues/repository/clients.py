"""Systems that may report over HTTP, as documents."""

from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from services.issues.domain.api_clients import ApiClient, fingerprint
from shared.collection import Collection, Index
from shared.transaction import Transaction

api_clients = Collection("api_clients", ApiClient, key="client", indexes=[Index("key_hash", unique=True)])
USAGE = "api_usage"  # one document a client: its present minute, and how often it asked in it


def client_of_key(tx: Transaction, key: str) -> ApiClient | None:
    """Find the client whose key this is."""
    found = api_clients.query(tx, {"key_hash": fingerprint(key)}, limit=1)
    return found[0] if found else None


def list_api_clients(tx: Transaction, *, after: str | None, limit: int) -> list[ApiClient]:
    """Load the clients after a name, by name."""
    return api_clients.query(tx, {"_id": {"$gt": after or ""}}, sort=[("_id", 1)], limit=limit)


def count_request(tx: Transaction, client: ApiClient, now: datetime) -> int:
    """Count one more request of the client's minute, on all replicas; at once, so that a refused one counts too."""
    minute = now.replace(second=0, microsecond=0)
    more: Any = {"$cond": [{"$eq": ["$minute", minute]}, {"$add": ["$asked", 1]}, 1]}
    document: Any = tx.store.collection(USAGE).find_one_and_update(
        {"_id": client.client},
        [{"$set": {"asked": more, "minute": minute}}],
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return int(document["asked"])
