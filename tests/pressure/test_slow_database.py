"""A database that is slow or does not answer for a while: callers are told in time, and nothing is done twice."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest

from deploy.local import mongodb, processes
from deploy.local.instance import Instance
from shared.errors import LinliError
from shared.shell.client import Client
from tests.fault.run import LEFT_SOCKETS
from tests.pressure.gauges import MOST_MEMORY, peak_memory, problems
from tests.support.eventually import eventually
from tests.support.lines import LINES
from tests.support.proxy import Proxy
from tests.support.toy.driver import Toy

pytestmark = [pytest.mark.pressure, LEFT_SOCKETS, pytest.mark.timeout(240)]
SLOW = 0.15  # seconds for each packet, so seconds for a transaction
CALLERS = 60  # at the same time, three for each worker
PAID = 500
ANSWERED_WITHIN = 11.0  # seconds: the ten that a caller waits, and the way there and back
FROZEN = 12.0  # seconds


@contextmanager
def frozen(servers: Instance) -> Iterator[None]:
    """Stop the database with SIGSTOP while the body lasts."""
    pid = processes.running(servers, mongodb.NAME)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def deposits(toy: Toy) -> list[tuple[bool, float]]:
    """Let many callers pay in at once; return for each whether it was done, and the seconds it took."""

    def one(number: int) -> tuple[bool, float]:
        with closing(Client(toy.system.place.amqp_uri)) as client:
            began = time.monotonic()
            try:
                client.call("ledger", "deposit", f"account-{number % 20}", 1)
            except LinliError as error:
                if not error.retryable:
                    raise
                return False, time.monotonic() - began
            return True, time.monotonic() - began

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, range(CALLERS)))


def settled(toy: Toy, paid: list[str], rounds: list[list[tuple[bool, float]]]) -> dict[str, Any]:
    """Wait until everything accepted has its one effect, and return the figures."""
    toy.wait_booked("paid", len(paid), seconds=90)
    answers = [answer for one in rounds for answer in one]
    done = sum(1 for ok, _ in answers if ok)
    slowest = max(seconds for _, seconds in answers)
    assert slowest < ANSWERED_WITHIN
    balance = sum(toy.balance(f"account-{number}") for number in range(20))
    assert done <= balance <= len(answers)  # what was refused for time may have been done
    toy.system.recorder.wait_for("account.credited", len(paid) + balance, seconds=90)
    eventually(lambda: toy.database.outbox.count_documents({"pending": True}) == 0)
    assert {toy.mark(one)["result"] for one in paid} == {"done"}
    assert toy.system.parked() == []
    return {"answered": done, "refused": len(answers) - done, "slowest": f"{slowest:.1f}s"}


def test_a_slow_database_makes_callers_wait_or_refuses_them_in_time(own_toy: Toy) -> None:
    database = Proxy(own_toy.system.place.mongodb_uri)
    [process] = own_toy.start(MONGODB_URI=database.uri)
    for number in range(20):
        own_toy.call("open_account", f"account-{number}")
    database.delay(SLOW)
    paid = [own_toy.bank.pay("paid") for _ in range(PAID)]
    rounds = [deposits(own_toy), deposits(own_toy)]
    assert process.get("/livez").status_code == 200
    database.delay(0.0)
    figures = settled(own_toy, paid, rounds)
    process.wait_ready()
    memory = peak_memory(process)
    assert memory < MOST_MEMORY
    LINES.append(f"slow database: {' '.join(f'{k}={v}' for k, v in figures.items())} memory={memory:.0f}MB")
    database.close()


def test_a_database_that_stands_still_makes_nobody_wait_for_ever(own_toy: Toy, own_servers: Instance) -> None:
    [process] = own_toy.start()
    for number in range(20):
        own_toy.call("open_account", f"account-{number}")
    with frozen(own_servers):
        since = time.monotonic()
        paid = [own_toy.bank.pay("paid") for _ in range(PAID)]
        rounds = [deposits(own_toy)]
        eventually(lambda: any("database" in one for one in problems(process)))
        eventually(lambda: time.monotonic() - since > FROZEN)
        assert process.get("/livez").status_code == 200
    figures = settled(own_toy, paid, [*rounds, deposits(own_toy)])
    process.wait_ready()
    memory = peak_memory(process)
    assert memory < MOST_MEMORY
    LINES.append(f"database stands still: {' '.join(f'{k}={v}' for k, v in figures.items())} memory={memory:.0f}MB")
