"""The relay: each aggregate's events leave in the order of their sequence, whoever publishes, whatever clocks said."""

import threading

import pytest
from eventlet.event import Event as Signal

from shared import clock, outbox
from shared.broker.topology import Manifest
from shared.relay import WINDOW, Relay
from shared.transaction import Transaction
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.system import System
from tests.support.toy import domain, repository
from tests.support.toy.driver import Toy
from tests.support.toy.skew import AN_HOUR, skew

pytestmark = pytest.mark.server
ACCOUNTS = ("A-1", "A-2", "A-3")


def sequences(system: System, account_id: str) -> list[int]:
    """Return the sequences of an account's credits as they passed."""
    return [int(one["sequence"]) for one in system.recorder.of("account.credited", account_id=account_id)]


def book(tx: Transaction, account_id: str, times: int) -> None:
    """Credit an account as the ledger's handler does."""
    account = repository.account_or_new(tx, account_id)
    for _ in range(times):
        account, fact = domain.credit(account, 1)
        outbox.append(tx, fact)
    repository.accounts.save(tx, account)


def leader(processes: list[Process]) -> list[Process]:
    """Return those that say they publish."""
    return [one for one in processes if one.alive and one.metric("bus_outbox_relay_leader") == 1]


def test_an_aggregates_events_leave_in_sequence_although_ids_and_clocks_are_skewed(toy: Toy) -> None:
    """More events than one window holds, the later ones written by a host whose clock is an hour behind."""
    each = WINDOW // 2
    with toy.store() as store:
        for _ in range(5):
            with store.transaction() as tx:
                for account_id in ACCOUNTS:
                    book(tx, account_id, each // 5)
        skew(store, each // 2)
    [process] = toy.start()
    toy.system.recorder.wait_for("account.credited", each * len(ACCOUNTS), seconds=30)
    for account_id in ACCOUNTS:
        assert sequences(toy.system, account_id) == list(range(1, each + 1))
    assert process.alive


def test_a_replica_whose_clock_is_behind_changes_no_order(toy: Toy) -> None:
    slow = toy.folder / "slow"
    clock.set_test_clock(slow, clock.now() - AN_HOUR)
    toy.start(CLOCK_FILE=slow, wait=False)
    toy.start(wait=False)
    for process in toy.system.processes:
        process.wait_ready()
    toy.call("open_account", "skewed")
    for _ in range(40):
        toy.call("deposit", "skewed", 1)
    toy.system.recorder.wait_for("account.credited", 40)
    assert sequences(toy.system, "skewed") == list(range(2, 42))
    times = [one["time"] for one in toy.system.recorder.of("account.credited")]
    assert times != sorted(times)  # both replicas took part


def test_the_relay_has_one_leader_and_another_takes_over_after_a_kill_or_a_stop(toy: Toy) -> None:
    replicas = toy.start(replicas=3)
    [first] = eventually(lambda: leader(replicas))
    toy.call("open_account", "led")
    first.kill()
    toy.call("deposit", "led", 1)
    toy.system.recorder.wait_for("account.credited", 1)  # after the lease has run out
    [second] = eventually(lambda: leader(replicas))
    assert second is not first
    assert second.stop() == 0
    toy.call("deposit", "led", 1)
    toy.system.recorder.wait_for("account.credited", 2, seconds=5)  # it gave the lease back
    [third] = eventually(lambda: leader(replicas))
    assert third.alive
    assert sequences(toy.system, "led") == [2, 3]


def test_a_word_of_a_replica_that_follows_wakes_the_leader(toy: Toy) -> None:
    with toy.store() as store:
        store.ensure_indexes(())
        leader, follower = (Relay(store, Manifest([]), lambda: True) for _ in range(2))
        assert leader._lead()
        hearing = threading.Thread(target=leader.watch)
        hearing.start()
        try:
            eventually(leader._signal.ready)  # what was said before it came
            for _ in range(3):
                leader._signal = Signal()
                follower._tell_leader()
                eventually(leader._signal.ready)
        finally:
            leader.stop()
            hearing.join()
