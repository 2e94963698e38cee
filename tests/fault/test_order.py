"""A consumer of one long series of facts about each subject, killed and paused while they come."""

import contextlib
import os
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.broker.topology import Manifest, Subscription
from tests.fault.client import Hand, Journal
from tests.fault.findings import Findings
from tests.fault.fleet import Fleet
from tests.fault.order import announced_of, check_all_there, check_order
from tests.fault.quiet import wait_until_quiet
from tests.fault.run import LINES, MARKS, fresh_seed
from tests.fault.schedule import REPLICAS
from tests.fault.snapshot import Snapshot
from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import System
from tests.support.toy.driver import AUDIT, LEDGER, MANIFEST, Toy
from tests.support.toy.ordered import CREDITED, RECEIVED, REGISTER

KILLS = max(6, int(os.environ.get("FAULT_KILLS") or 0) // 10)
ACCOUNTS, CLIENTS = 8, 3
PAYMENTS = 40  # more, after each kill
QUIET_WITHIN = 200.0  # seconds; replicas that fight for one account send each other up to the third rung of the ladder
TOYS = {"ledger": LEDGER, "audit": AUDIT, "register": REGISTER}
REQUESTED = Subscription(
    service="register", handler="on_events_requested", type="events.requested", sources=("audit", "ledger")
)
SUBSCRIPTIONS = Manifest([*MANIFEST.subscriptions, CREDITED, RECEIVED, REQUESTED])

pytestmark = [*MARKS, pytest.mark.timeout(300 + 20 * KILLS)]


@pytest.fixture
def unheard(place: Place, tmp_path: Path) -> Iterator[System]:
    """Make a system that nobody records."""
    made = System(place, tmp_path, services=())
    yield made
    made.stop()


class Payers:
    """Pay into accounts, one after the other, until told to stop."""

    def __init__(self, amqp_uri: str, seed: int) -> None:
        self.journal = Journal()
        self._uri, self._seed, self._over = amqp_uri, seed, threading.Event()
        self._threads = [threading.Thread(target=self._pay, args=(client,)) for client in range(CLIENTS)]

    @contextlib.contextmanager
    def paying(self) -> Iterator[None]:
        """Open the accounts and pay while the body lasts."""
        hand = Hand(self._uri, self.journal, threading.Event())
        for account in range(ACCOUNTS):
            hand.do("ledger", "open_account", account_id=f"A-{account}")
        hand.close()
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join()

    def _pay(self, client: int) -> None:
        hand, rng = Hand(self._uri, self.journal, threading.Event()), random.Random(f"{self._seed}/{client}")
        while not self._over.is_set():
            hand.do("ledger", "deposit", account_id=f"A-{rng.randrange(ACCOUNTS)}", amount=1)
        hand.close()


def test_a_series_of_facts_is_handled_whole_and_in_order_while_its_consumers_are_killed_and_paused(
    unheard: System,
) -> None:
    """The audit takes them as they come, the register in their order."""
    seed = fresh_seed()
    rng, toy = random.Random(f"{seed}/kills"), Toy(unheard, unheard.folder)
    manifest = unheard.folder / "ordered.json"
    manifest.write_text(SUBSCRIPTIONS.write(), encoding="utf-8")
    unheard.settings["TOPOLOGY_FILE"] = str(manifest)
    fleet, payers = Fleet(unheard, targets=TOYS), Payers(unheard.place.amqp_uri, seed)
    fleet.start()
    with contextlib.closing(toy.bank), payers.paying():
        paused = [fleet.replicas[service, rng.randrange(REPLICAS)] for service in ("audit", "register")]
        for process in paused:
            process.signal(signal.SIGSTOP)  # with what it has taken; the broker gives it to another when it notices
        for _ in range(KILLS):
            known = len(payers.journal.acknowledged)
            eventually(lambda known=known: len(payers.journal.acknowledged) >= known + PAYMENTS, seconds=60)
            fleet.wait_for_one_of_each()
            rng.choice([process for process in fleet.replicas.values() if process not in paused]).kill()
            fleet.fill()
        for process in paused:
            process.signal(signal.SIGCONT)
    wait_until_quiet(unheard, services=TOYS, seconds=QUIET_WITHIN)
    snapshot, findings = Snapshot.of(unheard, TOYS), Findings()
    announced = announced_of(snapshot.announced, "account.credited")
    handled = {row["_id"]: row["sequences"] for row in snapshot.of_service("audit", "entries")}
    check_all_there(announced, handled, findings)
    in_order = {row["_id"]: row["sequences"] for row in snapshot.of_service("register", "entries")}
    check_all_there(announced, in_order, findings)
    check_order(in_order, findings)
    deposits = sum(command.method == "deposit" for command in payers.journal.acknowledged)
    booked = sum(row["balance"] for row in snapshot.of_service("ledger", "accounts"))
    findings.compare("booked", {"deposits": deposits}, {"deposits": booked})
    LINES.append(f"series: seed={seed} kills={KILLS} acknowledged={deposits} {findings.counts}")
    assert not findings.wrong, f"FAULT_SEED={seed}\n{findings}"
