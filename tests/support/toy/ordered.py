"""What a test does with the register: announces in the ledger's name, makes trouble, and looks what took effect."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared import outbox
from shared.broker.topology import Manifest, Subscription
from shared.config import settings
from shared.store import Store
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.system import System
from tests.support.toy import domain, repository
from tests.support.toy.driver import LEDGER, PAYMENT, Bank

REGISTER = "tests.support.toy.register:RegisterService"
WIDER = "tests.support.toy.register:WiderService"
UNORDERED = "tests.support.toy.register:UnorderedService"
CREDITED = Subscription(
    service="register", handler="on_account_credited", type="account.credited", sources=("ledger",), partitions=4
)
RECEIVED = Subscription(
    service="register", handler="on_payment_received", type=PAYMENT, sources=("bank",), partitions=2
)


class Register:
    """The register of one system, and the ledger's outbox beside it."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system = system
        self.manifest = folder / "topology.json"
        self.declare(CREDITED, RECEIVED)
        system.settings["TOPOLOGY_FILE"] = str(self.manifest)
        system.settings["HEARTBEAT_SECONDS"] = "2"
        self.database = system.database("register")
        self.bank = Bank(system.place.amqp_uri)
        place = system.place
        own = {"amqp_uri": place.amqp_uri, "mongodb_uri": place.mongodb_uri, "database_prefix": place.prefix}
        self.ledger = Store("ledger", replace(settings(), **own, instance="test"))

    def close(self) -> None:
        """Close the connections."""
        self.bank.close()
        self.ledger.client.close()

    def declare(self, *subscriptions: Subscription) -> None:
        """Write the manifest that services read when they start."""
        self.manifest.write_text(Manifest(subscriptions).write(), encoding="utf-8")

    def start(self, *, replicas: int = 1, wait: bool = True, target: str = REGISTER, **env: Any) -> list[Process]:
        """Start replicas of the register."""
        return self.system.start("register", target=target, replicas=replicas, wait=wait, **_texts(env))

    def start_ledger(self, *, replicas: int = 1, **env: Any) -> list[Process]:
        """Start the ledger, which publishes what stands in its outbox."""
        return self.system.start("ledger", target=LEDGER, replicas=replicas, **_texts(env))

    # -- what happens

    def announce(self, accounts: Iterable[str], times: int) -> None:
        """Credit each account so many times, in one transaction of the ledger."""
        with self.ledger.transaction() as tx:
            for account_id in accounts:
                account = repository.account_or_new(tx, account_id)
                for _ in range(times):
                    account, fact = domain.credit(account, 1)
                    outbox.append(tx, fact)
                repository.accounts.save(tx, account)

    def trouble(self, account_id: str, number: int, kind: str) -> None:
        """Let an event fail: `later` can be tried again, `broken` is a defect."""
        self.database.trouble.insert_one({"_id": f"{account_id}/{number}", "kind": kind})

    def mend(self) -> None:
        """End all trouble."""
        self.database.trouble.delete_many({})

    # -- looks

    def heard(self, account_id: str) -> list[int]:
        """Return the numbers that took effect, in their order."""
        found = self.database.entries.find_one({"_id": account_id})
        return list(found["sequences"]) if found else []

    def wait_heard(self, account_id: str, numbers: Iterable[int], *, seconds: float = 20.0) -> None:
        """Wait until as many have taken effect, and compare their order."""
        wanted = list(numbers)
        eventually(lambda: len(self.heard(account_id)) >= len(wanted), seconds=seconds)
        assert self.heard(account_id) == wanted

    def parked(self, subject: str) -> list[dict[str, Any]]:
        """Return what is kept of a subject, in its order."""
        return list(self.database.parked.find({"subject": subject, "open": True}, {"raw": 0}, sort=[("position", 1)]))

    def holders(self, handler: str = "on_account_credited") -> dict[str, str]:
        """Return who has claimed which partition."""
        return {
            row["_id"]: row["holder"] for row in self.database.partitions.find({"_id": {"$regex": rf"\.{handler}\."}})
        }


def _texts(env: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in env.items()}
