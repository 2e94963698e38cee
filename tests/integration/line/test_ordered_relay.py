"""What the relay does for ordered subscriptions when clocks differ, a queue refuses, or a leader was paused."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.broker.partitions import partition_of
from shared.broker.topology import Manifest
from shared.broker.waves import WITHHELD
from shared.mongo import LONG_AGO
from shared.relay import Relay
from tests.support.bus import queue_messages
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.toy.ordered import CREDITED, RECEIVED, Register
from tests.support.toy.skew import skew

pytestmark = pytest.mark.server
FULL = 3


def leaders(processes: list[Process]) -> list[Process]:
    """Return those that say they publish."""
    return [one for one in processes if one.alive and one.metric("bus_outbox_relay_leader") == 1]


def test_an_ordered_subscription_sees_the_sequence_although_ids_and_clocks_are_skewed(register: Register) -> None:
    for _ in range(3):
        register.announce(["A-1", "A-2"], 10)
    skew(register.ledger, after=15)
    register.start_ledger()
    register.start()
    for account_id in ("A-1", "A-2"):
        register.wait_heard(account_id, range(1, 31))


def test_a_partition_that_refuses_is_passed_by_other_subjects_only(register: Register) -> None:
    [process] = register.start_ledger()
    place, queue = register.system.place, CREDITED.queues[partition_of("A-1", CREDITED.partitions)]
    free = next(f"B-{n}" for n in range(9) if CREDITED.queues[partition_of(f"B-{n}", CREDITED.partitions)] != queue)
    place.api(
        "PUT",
        f"policies/{place.vhost}/full",
        pattern=f"^{queue}$",
        definition={"max-length": FULL},
        **{"apply-to": "queues"},
    )
    register.announce(["A-1", free], 20)
    eventually(lambda: process.metric("bus_published_total", outcome="refused") > 0)
    eventually(lambda: process.metric("bus_published_total", outcome="confirmed") >= 20 + FULL)
    assert process.metric("bus_published_total", outcome="withheld") > 0
    register.start()
    eventually(lambda: len(register.heard("A-1")) > FULL)  # taken and refused in turn
    place.api("DELETE", f"policies/{place.vhost}/full")
    for account_id in ("A-1", free):
        register.wait_heard(account_id, range(1, 21))


@contextmanager
def relay(register: Register) -> Iterator[Relay]:
    """Give a relay of the ledger as a replica runs it."""
    made = Relay(register.ledger, Manifest([CREDITED, RECEIVED]), lambda: True)
    yield made
    made._publisher.close()


def test_a_leader_that_was_paused_over_its_lease_publishes_nothing_it_read_before(register: Register) -> None:
    register.start_ledger(RELAY=False)
    [consumer] = register.start()
    register.system.recorder.deliveries = 0
    register.announce(["A-1"], 5)
    with relay(register) as old, relay(register) as new:
        assert old._lead()
        stale = old._look()
        assert [one["sequence"] for bucket in stale for one in bucket["events"]] == [1, 2, 3, 4, 5]
        register.announce(["A-1"], 5)
        register.ledger.leases.update_one({"_id": "relay"}, {"$set": {"until": LONG_AGO}})
        assert new._lead()
        new.publish_pending()
        old._over_at = time.monotonic()  # ten seconds later
        assert old._publish(stale, {}) == [WITHHELD] * 5
        register.wait_heard("A-1", range(1, 11))
        assert register.system.recorder.deliveries == 10
        old._over_at = time.monotonic() + 10  # paused between that look and the first byte
        assert old._publish(stale, {}) == []
        eventually(lambda: consumer.metric("bus_inbox_duplicates_total") == 5)
        assert register.heard("A-1") == list(range(1, 11))
        assert queue_messages(register.system.place.amqp_uri, CREDITED.queues[0]) == 0


@pytest.mark.fault
def test_effects_stay_in_order_when_the_leader_is_paused_and_wakes_up(register: Register) -> None:
    accounts = ["A-1", "A-2", "A-3"]
    ledgers = register.start_ledger(replicas=2)
    register.start(replicas=2)
    [first] = eventually(lambda: leaders(ledgers))
    other = next(one for one in ledgers if one is not first)
    done = 0

    def another_leads() -> bool:
        nonlocal done
        register.announce(accounts, 1)
        done += 1
        return leaders([other]) == [other]

    register.announce(accounts, 1)
    done += 1
    first.signal(signal.SIGSTOP)
    eventually(another_leads, seconds=40)
    first.signal(signal.SIGCONT)
    register.announce(accounts, 5)
    for account_id in accounts:
        register.wait_heard(account_id, range(1, done + 6))
    assert first.alive
