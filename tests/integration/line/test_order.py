"""The relay: each aggregate's events leave in the order of their sequence, whoever publishes, whatever clocks said."""

from datetime import timedelta
from typing import Any

import pytest

from shared import clock, outbox
from shared.relay import WINDOW
from shared.store import Store
from shared.transaction import Transaction
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.system import System
from tests.support.toy import domain, repository
from tests.support.toy.driver import Toy

pytestmark = pytest.mark.server
ACCOUNTS = ("A-1", "A-2", "A-3")
AN_HOUR = timedelta(hours=1)


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


def an_hour_back(uuid: str) -> str:
    """Return the id that a host would have made whose clock is an hour behind."""
    milliseconds = int(uuid.replace("-", "")[:12], 16) - int(AN_HOUR.total_seconds() * 1000)
    digits = f"{milliseconds:012x}"
    return f"{digits[:8]}-{digits[8:12]}{uuid[13:]}"


def skew(store: Store, after: int) -> None:
    """Give the outbox's later events the ids and times of a host whose clock is behind."""
    later = {"events.sequence": {"$gt": after}}
    documents = list(store.outbox.find(later))
    store.outbox.delete_many(later)
    store.outbox.insert_many(
        {
            **document,
            "_id": an_hour_back(document["_id"]),
            "time": document["time"] - AN_HOUR,
            "events": [{**one, "id": an_hour_back(one["id"])} for one in document["events"]],
        }
        for document in documents
    )
    assert later_first(store) != list(store.outbox.find(sort=[("order", 1)]))


def later_first(store: Store) -> list[dict[str, Any]]:
    """Return the outbox as the clocks of hosts would have it."""
    return list(store.outbox.find(sort=[("_id", 1)]))


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
