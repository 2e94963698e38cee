"""What a test does with the ledger: pays in from a bank of its own, raises flags, and looks into the database."""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from amqp.basic_message import Message
from kombu import Connection

from shared.broker.topology import Manifest, Subscription
from shared.clock import COMMUNITY_TIME
from shared.config import settings
from shared.store import Store
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.system import System

LEDGER = "tests.support.toy.service:LedgerService"
AUDIT = "tests.support.toy.audit:AuditService"
CARELESS = "tests.support.toy.wrong:CarelessService"
PAYMENT = "payment.received"
RECALL = "payment.recalled"
MANIFEST = Manifest(
    [
        Subscription(service="audit", handler="on_account_credited", type="account.credited", sources=("ledger",)),
        Subscription(service="ledger", handler="on_payment_received", type=PAYMENT, sources=("bank",)),
        Subscription(service="ledger", handler="on_payment_recalled", type=RECALL, sources=("bank",)),
        *(
            Subscription(
                service=name, handler="on_events_requested", type="events.requested", sources=("audit", "ledger")
            )
            for name in ("audit", "ledger")
        ),
    ]
)


def payment(account_id: str, amount: int = 1, behaviour: str = "book", *, kind: str = PAYMENT, **envelope: Any) -> Any:
    """Make a payment as a CloudEvent of the bank; its id is also the payment's."""
    event_id = envelope.pop("id", uuid.uuid4().hex)
    data = {"payment_id": event_id, "account_id": account_id, "amount": amount, "behaviour": behaviour}
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "bank",
        "type": kind,
        "subject": account_id,
        "time": datetime.now(COMMUNITY_TIME).isoformat(),
        "sequence": "1",
        "data": data,
        **envelope,
    }


class Bank:
    """Publishes to `bank.events`, over one connection, with confirms."""

    def __init__(self, amqp_uri: str) -> None:
        self._connection = Connection(amqp_uri, transport_options={"confirm_publish": True})
        self._channel = self._connection.channel()
        self._channel.exchange_declare("bank.events", "topic", durable=True, auto_delete=False)

    def publish(
        self,
        body: bytes,
        *,
        kind: str = PAYMENT,
        content_type: str | None = "application/json",
        message_id: str | None = None,
        headers: Mapping[str, Any] | None = None,
    ) -> None:
        """Publish bytes exactly as given."""
        properties = {"content_type": content_type, "message_id": message_id, "delivery_mode": 2}
        given = {name: value for name, value in properties.items() if value is not None}
        message = Message(body, application_headers=dict(headers or {}), **given)
        self._channel.basic_publish(message, exchange="bank.events", routing_key=kind, timeout=20)

    def send(self, event: dict[str, Any], headers: Mapping[str, Any] | None = None) -> str:
        """Publish an event and return its id."""
        self.publish(json.dumps(event).encode(), kind=event["type"], message_id=event["id"], headers=headers)
        return str(event["id"])

    def pay(self, account_id: str, amount: int = 1, behaviour: str = "book", **envelope: Any) -> str:
        """Publish a payment and return its id."""
        return self.send(payment(account_id, amount, behaviour, **envelope))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Toy:
    """The ledger of one system, and the audit beside it."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self.folder = system, folder
        manifest = folder / "topology.json"
        manifest.write_text(MANIFEST.write(), encoding="utf-8")
        system.settings["TOPOLOGY_FILE"] = str(manifest)
        system.settings["HEARTBEAT_SECONDS"] = "2"
        self.bank = Bank(system.place.amqp_uri)
        self.database = system.database("ledger")

    def start(self, *, replicas: int = 1, wait: bool = True, target: str = LEDGER, **env: Any) -> list[Process]:
        """Start replicas of the ledger."""
        settings = {name: str(value) for name, value in env.items()}
        return self.system.start("ledger", target=target, replicas=replicas, wait=wait, **settings)

    def start_audit(self) -> Process:
        """Start the service that hears the ledger."""
        return self.system.start("audit", target=AUDIT)[0]

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the ledger's database as its processes do."""
        uri, prefix = self.system.place.mongodb_uri, self.system.place.prefix
        store = Store("ledger", replace(settings(), mongodb_uri=uri, database_prefix=prefix))
        yield store
        store.client.close()

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call the ledger with a stock client."""
        return self.system.call("ledger", method, *args, **kwargs)

    # -- flags

    def raise_flag(self, name: str) -> None:
        """Close the gate, or break the rule."""
        self.database.flags.replace_one({"_id": name}, {"_id": name}, upsert=True)

    def lower_flag(self, name: str) -> None:
        """Open the gate, or mend the rule."""
        self.database.flags.delete_one({"_id": name})

    # -- looks

    def balance(self, account_id: str) -> int:
        """Return what the account holds; nothing where there is none."""
        found = self.database.accounts.find_one({"_id": account_id})
        return int(found["balance"]) if found else 0

    def runs(self, key: str) -> int:
        """Return how often a handler ran for this payment, rolled-back runs included."""
        found = self.database.runs.find_one({"_id": key})
        return int(found["times"]) if found else 0

    def mark(self, event_id: str) -> dict[str, Any]:
        """Return what the inbox remembers of an event."""
        return dict(self.database.processed_events.find_one({"event_id": event_id}) or {})

    def parked(self, event_id: str | None) -> dict[str, Any]:
        """Return the parked row of an event, whatever its state."""
        return dict(self.database.parked.find_one({"event_id": event_id}) or {})

    def wait_booked(self, account_id: str, amount: int, *, seconds: float = 20.0) -> None:
        """Wait until the account holds exactly this."""
        eventually(lambda: self.balance(account_id) >= amount, seconds=seconds)
        assert self.balance(account_id) == amount

    def wait_parked(self, event_id: str | None, *, seconds: float = 20.0) -> dict[str, Any]:
        """Wait until the event is parked and return its row."""
        return eventually(lambda: self.parked(event_id), seconds=seconds)

    def contents(self) -> dict[str, list[Any]]:
        """Return everything that the ledger keeps and that a refused command must not change."""
        kept = sorted(set(self.database.list_collection_names()) - {"leases", "runs", "flags", "subscriptions"})
        return {name: sorted(self.database[name].find(), key=lambda row: str(row["_id"])) for name in kept}
