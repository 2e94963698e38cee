"""Partitions over replicas: each subject in its order whoever is killed, stopped or paused, and nobody has too much."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.toy.ordered import CREDITED, RECEIVED, Register

pytestmark = pytest.mark.server
ACCOUNTS = [f"A-{number}" for number in range(12)]
HANDLER = "on_account_credited"


def active(process: Process) -> int:
    """Return on how many partitions a replica is active."""
    return int(process.metric("bus_partitions_active", handler=HANDLER))


@contextmanager
def paused(process: Process) -> Iterator[None]:
    """Stop a process as a frozen machine does, and let it go on."""
    process.signal(signal.SIGSTOP)
    yield
    process.signal(signal.SIGCONT)


def active_queues(register: Register, process: Process) -> set[str]:
    """Return the partitions that a replica has claimed and nobody after it."""
    return {queue for queue, holder in register.holders().items() if holder == process.instance}


def spread(replicas: list[Process], most: int) -> bool:
    """Whether all partitions are known to be active somewhere, on no replica too many."""
    shares = [active(one) for one in replicas]
    return sum(shares) == CREDITED.partitions and max(shares) <= most


class Flow:
    """Events of every account, one after the other, until something is seen to be true."""

    def __init__(self, register: Register) -> None:
        self._register, self.done = register, 0

    def until(self, condition: Callable[[], Any]) -> None:
        """Announce another event of each account until the condition is true."""

        def look() -> Any:
            self._register.announce(ACCOUNTS, 1)
            self.done += 1
            return condition()

        eventually(look, every=0.1, seconds=60)

    def wait_handled(self) -> None:
        """Wait until all of it has taken effect, each account in its order."""
        for account_id in ACCOUNTS:
            self._register.wait_heard(account_id, range(1, self.done + 1), seconds=40)


def test_the_partitions_spread_over_the_replicas_and_then_rest(register: Register) -> None:
    register.start_ledger()
    [first] = register.start()
    flow = Flow(register)
    flow.until(lambda: active(first) == CREDITED.partitions)
    second, third = register.start(replicas=2)
    replicas = [first, second, third]
    flow.until(lambda: spread(replicas, 2))
    left = [one.metric("bus_partitions_left_total") for one in replicas]
    rounds = flow.done + 20
    flow.until(lambda: flow.done >= rounds)
    flow.wait_handled()
    assert [one.metric("bus_partitions_left_total") for one in replicas] == left
    assert sum(left) >= 2
    assert set(register.holders().values()) <= {one.instance for one in replicas}


@pytest.mark.fault
def test_a_killed_a_stopped_and_a_paused_replica_leave_every_subject_in_its_order(register: Register) -> None:
    register.start_ledger()
    replicas = register.start(replicas=3, BATCH_SIZE=5)
    flow = Flow(register)
    flow.until(lambda: spread(replicas, 2))
    frozen, killed, stopped = sorted(replicas, key=active, reverse=True)
    [fresh] = register.start(BATCH_SIZE=5)
    with paused(frozen):
        held = active_queues(register, frozen)
        assert held
        flow.until(lambda: not held & active_queues(register, frozen))
    killed.kill()
    flow.until(lambda: active(fresh) > 0)
    assert stopped.stop() == 0
    flow.until(lambda: spread([frozen, fresh], 2))
    flow.wait_handled()
    assert register.system.parked() == []


@pytest.mark.fault
def test_replicas_that_die_at_the_worst_moments_leave_every_subject_in_its_order(register: Register) -> None:
    """Killed before and after the commit, and before acknowledging: what they had in work comes again elsewhere."""
    points = ("before_commit:9", "after_commit:9", "before_ack:9")
    register.start_ledger()
    dying = [register.start(BATCH_SIZE=5, FAILPOINT=point, wait=False)[0] for point in points]
    [left] = register.start(BATCH_SIZE=5)
    flow = Flow(register)
    flow.until(lambda: not any(one.alive for one in dying))
    flow.until(lambda: active(left) == CREDITED.partitions)
    flow.wait_handled()
    assert register.system.parked() == []


def test_a_replica_that_is_stopped_ends_its_batch_before_another_takes_the_partition(register: Register) -> None:
    [queue, _] = RECEIVED.queues
    register.database.flags.insert_one({"_id": "gate"})
    [first] = register.start(BATCH_SIZE=2)
    for number in range(1, 11):
        register.bank.pay("x", number, "wait" if number == 1 else "book")
    eventually(lambda: register.holders("on_payment_received").get(queue) == first.instance)
    [second] = register.start(BATCH_SIZE=2)
    first.signal(signal.SIGTERM)
    eventually(lambda: "stopping" in first.get("/readyz").text)
    assert register.heard("bank-x") == []
    assert register.holders("on_payment_received") == {queue: first.instance}
    register.database.flags.delete_one({"_id": "gate"})
    register.wait_heard("bank-x", range(1, 11))
    assert first.popen.wait(30) == 0
    assert register.holders("on_payment_received") == {queue: second.instance}
    assert second.metric("bus_inbox_duplicates_total") == 0
