"""Three replicas of one service: an event has one effect, and one aggregate written by all of them adds up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.line.conftest import make_toy
from tests.support.eventually import eventually
from tests.support.toy.driver import Toy, payment

pytestmark = pytest.mark.server
CALLS, EVENTS = 60, 60


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    """Give a ledger of three replicas."""
    for toy in make_toy(tmp_path_factory.mktemp("three")):
        toy.start(replicas=3, BATCH_SIZE=5)
        yield toy


def handled_by(toy: Toy) -> list[float]:
    """Return how many events each replica has settled."""
    return [process.metric("bus_processed_total") for process in toy.system.of("ledger")]


def test_the_same_event_on_three_replicas_at_once_has_one_effect(three: Toy) -> None:
    events = [payment("same", 1) for _ in range(30)]
    for event in events:
        for _ in range(3):  # one after the other, so that the broker gives each copy to another replica
            three.bank.send(event)
    three.wait_booked("same", 30)
    eventually(lambda: [three.mark(event["id"])["deliveries"] for event in events] == [3] * 30)
    three.system.settled()
    assert three.balance("same") == 30
    three.system.recorder.wait_for("account.credited", 30, account_id="same")
    assert all(count > 0 for count in handled_by(three))
    assert three.system.parked() == []


def test_one_aggregate_written_by_three_replicas_at_once_adds_up(three: Toy) -> None:
    """Calls and events on one account at the same time; nothing is lost or counted twice, no number is missing."""
    three.call("open_account", "hot")
    with ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(three.call, "deposit", "hot", 1) for _ in range(CALLS)]
        paid = [three.bank.pay("hot", 1) for _ in range(EVENTS)]
        answers = [call.result(30) for call in calls]
    assert len({answer["balance"] for answer in answers}) == CALLS
    three.wait_booked("hot", CALLS + EVENTS, seconds=60)  # two rungs of the ladder, 5 s and 30 s
    assert {three.mark(one)["result"] for one in paid} == {"done"}
    credited = three.system.recorder.wait_for("account.credited", CALLS + EVENTS, account_id="hot")
    assert [int(one["sequence"]) for one in credited] == list(range(2, CALLS + EVENTS + 2))
    assert [one["data"]["balance"] for one in credited] == list(range(1, CALLS + EVENTS + 1))
