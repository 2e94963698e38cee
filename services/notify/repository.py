"""Documents of notify: contacts, notifications with the lease of their sender, and the copy of the tree."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from services.notify.domain import PENDING, Contact, Notification, OrgUnit, State
from shared.collection import Collection, Index
from shared.mongo import translated
from shared.store import Store
from shared.transaction import Transaction

LEASE_SECONDS = 60
BATCH = 100  # notifications one sender takes at once

contacts = Collection("contacts", Contact, key="person_id")
notifications = Collection(
    "notifications",
    Notification,
    key="notification_id",
    indexes=[
        Index("state", "due_at"),
        Index("person_ref", "state", "settled_at"),
        Index("claim", where={"claim": {"$gt": ""}}),
    ],
)
org_units = Collection("org_units", OrgUnit, key="org_unit_id")


class OfUnit(Protocol):
    """Whatever names a unit of the tree."""

    @property
    def org_unit_id(self) -> str:
        """The unit's id."""
        ...


def load_units(tx: Transaction, facts: Iterable[OfUnit]) -> None:
    """Load what our copy knows of the units, in one round trip."""
    org_units.find_many(tx, [fact.org_unit_id for fact in facts])


def knows_the_tree(tx: Transaction) -> bool:
    """Whether any unit has been announced to us."""
    return bool(org_units.query(tx, {}, limit=1))


def inbox(tx: Transaction, person_ref: str, after: str | None, limit: int) -> list[Notification]:
    """Return what the person received, newest first, behind the notification named by `after`."""
    received: dict[str, Any] = {"person_ref": person_ref, "state": State.DELIVERED.value}
    last = notifications.find(tx, after) if after else None
    if after and (last is None or last.person_ref != person_ref):
        return []
    if last is not None:
        older = {"settled_at": {"$lt": last.settled_at}}
        same = {"settled_at": last.settled_at, "_id": {"$lt": last.notification_id}}
        received |= {"$or": [older, same]}
    return notifications.query(tx, received, sort=[("settled_at", -1), ("_id", -1)], limit=limit)


def counts(tx: Transaction) -> list[dict[str, Any]]:
    """Count notifications by state, channel and template, with their tries and failures."""
    group = {
        "_id": {"state": "$state", "channel": "$channel", "template": "$template"},
        "notifications": {"$sum": 1},
        "attempts": {"$sum": "$attempts"},
        "failed": {"$sum": {"$size": "$failures"}},
    }
    return list(tx.store.collection(notifications.name).aggregate([{"$group": group}]))


def claim_due(store: Store, now: datetime) -> str | None:
    """Lease up to 100 due notifications to the caller and return the token; None when nothing is due.

    The lease runs on the database's clock, so that neither a story's clock nor a replica's wrong one shortens it.
    """
    raw = store.collection(notifications.name)
    free: dict[str, Any] = {
        "state": {"$in": [state.value for state in PENDING]},
        "due_at": {"$lte": now},
        "$expr": {"$lt": ["$leased_until", "$$NOW"]},  # null sorts before every date
    }
    until = {"$add": ["$$NOW", LEASE_SECONDS * 1000]}
    token = uuid.uuid4().hex
    with translated():
        due = [document["_id"] for document in raw.find(free, {"_id": 1}).sort("due_at", 1).limit(BATCH)]
        if not due:
            return None
        raw.update_many({"_id": {"$in": due}, **free}, [{"$set": {"claim": token, "leased_until": until}}])
    return token


def claimed(tx: Transaction, token: str) -> list[Notification]:
    """Return the notifications that are still leased under the token."""
    return notifications.query(tx, {"claim": token}, sort=[("due_at", 1), ("_id", 1)])


def contacts_of(tx: Transaction, held: Iterable[Notification]) -> dict[str, Contact]:
    """Return the contacts of the recipients."""
    return contacts.find_many(tx, dict.fromkeys(notification.person_ref for notification in held))
