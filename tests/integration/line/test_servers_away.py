"""A broker or database that is away: calls are answered in time, the process lives, recovers, loses nothing."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.errors import LinliError, Unavailable
from shared.shell.client import Client
from tests.integration.line.conftest import make_toy
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.proxy import Proxy
from tests.support.rpc import RawCaller
from tests.support.toy.driver import Toy

pytestmark = [pytest.mark.server, pytest.mark.timeout(180)]
LONGEST_ANSWER = 10.0  # seconds
SHORT = {"EVENT_SECONDS": 2, "STALLED_SECONDS": 4, "SILENCE_SECONDS": 12}
Fault = Callable[[Proxy], None]
FAULTS: dict[str, Fault] = {"refuses": Proxy.refuse, "stalls": Proxy.stall}


class Far:
    """A ledger with a bad network to both servers."""

    def __init__(self, toy: Toy) -> None:
        self.toy = toy
        self.broker, self.database = Proxy(toy.system.place.amqp_uri), Proxy(toy.system.place.mongodb_uri)

    def start(self, *, wait: bool = True) -> Process:
        """Start the ledger behind the proxies."""
        env: dict[str, Any] = {"AMQP_URI": self.broker.uri, "MONGODB_URI": self.database.uri, **SHORT}
        return self.toy.start(wait=wait, **env)[0]

    def mend_database(self) -> None:
        """Let the database be reached again; what was held back is lost, as after minutes of silence."""
        self.database.reset()
        self.database.flow()

    def close(self) -> None:
        """End the proxies."""
        self.broker.close()
        self.database.close()


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    """Give a ledger far from its servers, started while both are away."""
    for toy in make_toy(tmp_path_factory.mktemp("far")):
        made = Far(toy)
        yield made
        made.close()


@pytest.fixture(scope="module")
def process(far: Far) -> Process:
    """Give the process that lives through all of it, started while both servers are away."""
    far.broker.refuse()
    far.database.refuse()
    started = far.start(wait=False)
    eventually(lambda: problems(started) == "starting")
    assert started.get("/livez").status_code == 200
    far.database.flow()
    eventually(lambda: "broker" in problems(started) or "no consumer" in problems(started))
    far.broker.flow()
    started.wait_ready()
    far.toy.call("open_account", "far")
    return started


def problems(process: Process) -> str:
    """Return why the process is not ready."""
    try:
        answer = process.get("/readyz")
    except OSError:
        return ""
    return ", ".join(answer.json()["problems"])


def refused(call: Callable[[], object]) -> LinliError:
    """Return the error of a call that has to fail in time."""
    began = time.monotonic()
    with pytest.raises(LinliError) as caught:
        call()
    assert time.monotonic() - began < LONGEST_ANSWER + 1  # and what the way there and back costs
    return caught.value


def test_started_while_the_servers_are_away_it_becomes_ready_when_they_come(process: Process) -> None:
    assert process.is_ready()


@pytest.mark.parametrize("fault", FAULTS)
def test_commands_are_answered_in_time_while_the_database_is_away(far: Far, process: Process, fault: str) -> None:
    before, revision = far.toy.balance("far"), far.toy.database.accounts.find_one({"_id": "far"})
    caller = RawCaller(far.toy.system.place.amqp_uri)
    FAULTS[fault](far.database)
    began = time.monotonic()
    calls = [caller.send("ledger", "deposit", b'{"args": ["far", 1], "kwargs": {}}') for _ in range(15)]
    calls += [caller.send("ledger", "get_account", b'{"args": ["far"], "kwargs": {}}') for _ in range(15)]
    errors = [caller.wait(call)["error"] for call in calls]
    assert time.monotonic() - began < LONGEST_ANSWER
    assert {(error["code"], error["retryable"]) for error in errors} == {("unavailable", True)}
    eventually(lambda: "database" in problems(process))
    assert process.get("/livez").status_code == 200
    assert process.get("/metrics").status_code == 200
    far.mend_database()
    process.wait_ready()
    assert far.toy.database.accounts.find_one({"_id": "far"}) == revision
    assert caller.call("ledger", "deposit", "far", 1)["result"]["balance"] == before + 1
    caller.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_events_wait_while_the_database_is_away(far: Far, process: Process, fault: str) -> None:
    """Held, not counted against them: none goes to the ladder, none is parked, and holding is not stalling."""
    name = f"database-{fault}"
    FAULTS[fault](far.database)
    paid = [far.toy.bank.pay(name) for _ in range(100)]
    eventually(lambda: "database" in problems(process))
    since = time.monotonic()
    eventually(lambda: time.monotonic() - since > SHORT["STALLED_SECONDS"] + 1)
    assert process.get("/livez").status_code == 200
    far.mend_database()
    far.toy.wait_booked(name, len(paid))
    assert {far.toy.mark(one)["result"] for one in paid} == {"done"}
    assert process.metric("bus_retry_total") == process.metric("bus_parked_total") == 0
    far.toy.system.recorder.wait_for("account.credited", len(paid), account_id=name)
    process.wait_ready()


@pytest.mark.parametrize("fault", FAULTS)
def test_callers_are_told_in_time_while_their_broker_is_away(far: Far, process: Process, fault: str) -> None:
    client = Client(far.broker.uri)
    balance = client.call("ledger", "get_account", "far")["balance"]
    FAULTS[fault](far.broker)
    error = refused(lambda: client.call("ledger", "deposit", "far", 1))
    assert (type(error), error.retryable) == (Unavailable, True)
    assert process.get("/livez").status_code == 200
    far.broker.flow()
    process.wait_ready()
    assert client.call("ledger", "get_account", "far")["balance"] in (balance, balance + 1)
    client.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_while_the_broker_is_away(far: Far, process: Process, fault: str) -> None:
    """What was being handled, what was committed and not published, what arrives meanwhile: each has one effect."""
    name = f"broker-{fault}"
    paid = [far.toy.bank.pay(name) for _ in range(300)]
    FAULTS[fault](far.broker)
    paid += [far.toy.bank.pay(name) for _ in range(50)]
    eventually(lambda: "broker" in problems(process) or "no consumer" in problems(process))
    assert process.get("/livez").status_code == 200
    far.broker.flow()
    far.toy.wait_booked(name, len(paid))
    far.toy.system.recorder.wait_for("account.credited", len(paid), account_id=name)
    process.wait_ready()
    assert far.toy.system.parked() == []


def test_connections_that_are_cut_again_and_again_under_load_lose_nothing(far: Far, process: Process) -> None:
    paid = []
    for _ in range(10):
        paid += [far.toy.bank.pay("cut") for _ in range(30)]
        far.broker.reset()
        paid += [far.toy.bank.pay("cut") for _ in range(30)]
        far.database.reset()
    far.toy.wait_booked("cut", len(paid), seconds=40)
    far.toy.system.recorder.wait_for("account.credited", len(paid), account_id="cut", seconds=40)
    process.wait_ready()


def test_a_slow_network_changes_nothing_but_the_time(far: Far, process: Process) -> None:
    far.broker.delay(0.02)
    far.database.delay(0.02)
    paid = [far.toy.bank.pay("slow") for _ in range(100)]
    far.toy.wait_booked("slow", len(paid), seconds=90)
    assert process.get("/livez").status_code == 200
    far.broker.flow()
    far.database.flow()
    far.toy.system.recorder.wait_for("account.credited", len(paid), seconds=60, account_id="slow")
    process.wait_ready(60)
