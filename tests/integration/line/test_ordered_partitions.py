"""Partitions over replicas: each subject in its order whoever is killed, stopped or paused, and nobody has too much."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.broker.topology import subscription_queues
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.toy.ordered import CREDITED, Register

pytestmark = pytest.mark.server
ACCOUNTS = [f"A-{number}" for number in range(12)]
HANDLER = "on_account_credited"


def active(process: Process) -> int:
    """Return on how many partitions a replica is active."""
    return int(process.metric("bus_partitions_active", handler=HANDLER))


def consumers(register: Register) -> list[int]:
    """Return how many consumers each partition has, as the broker sees it."""
    place = register.system.place
    names = {queue.name for queue in subscription_queues(CREDITED)}
    found = place.api("GET", f"queues/{place.vhost}?disable_stats=true&enable_queue_totals=true")
    return [one for one in found if one["name"] in names]


@contextmanager
def paused(process: Process) -> Iterator[None]:
    """Stop a process as a frozen machine does, and let it go on."""
    process.signal(signal.SIGSTOP)
    yield
    process.signal(signal.SIGCONT)


def spread(replicas: list[Process], most: int) -> bool:
    """Whether all partitions are known to be active somewhere, on no replica too many."""
    shares = [active(one) for one in replicas]
    return sum(shares) == CREDITED.partitions and max(shares) <= most


def announce_until(register: Register, done: int, condition) -> int:
    """Announce another event of each account until the condition is true; return how many there are now."""

    def look() -> bool:
        nonlocal done
        register.announce(ACCOUNTS, 1)
        done += 1
        return bool(condition())

    eventually(look, every=0.1, seconds=30)
    return done


def test_the_partitions_spread_over_the_replicas_and_then_rest(register: Register) -> None:
    register.start_ledger()
    [first] = register.start()
    register.announce(ACCOUNTS, 3)
    done = announce_until(register, 3, lambda: active(first) == CREDITED.partitions)
    second, third = register.start(replicas=2)
    done = announce_until(register, done, lambda: spread([first, second, third], 2))
    left = sum(one.metric("bus_partitions_left_total") for one in (first, second, third))
    third.stop()
    done = announce_until(register, done, lambda: spread([first, second], 2))
    for account_id in ACCOUNTS:
        register.wait_heard(account_id, range(1, done + 1))
    assert left >= 2
    before = sum(one.metric("bus_partitions_left_total") for one in (first, second))
    looks = [one.metric("bus_partitions_left_total") for one in (first, second) for _ in range(30)]
    assert sum(looks) == before * 30
