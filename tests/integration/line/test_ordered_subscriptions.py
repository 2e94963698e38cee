"""Ordered subscriptions at rest: who goes to which partition, who may commit, and what is told of them."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from kombu import Connection

from shared.broker.partitions import partition_of
from shared.config import settings
from shared.errors import Unavailable
from shared.handling import Delivery
from shared.holding import Overtaken, Partition
from shared.ordering import OrderedHandler
from shared.store import Store
from tests.support.bus import queue_messages
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.toy.driver import PAYMENT, payment
from tests.support.toy.inbound import PaymentReceived
from tests.support.toy.ordered import CREDITED, RECEIVED, UNORDERED, WIDER, Register
from tests.support.toy.register import note

pytestmark = pytest.mark.server
ACCOUNTS = [f"A-{number}" for number in range(8)]


def drift(process: Process, kind: str) -> int:
    """Return how much of this kind a process has found."""
    return int(process.metric("bus_topology_drift", kind=kind))


def send(register: Register, account_id: str, number: int) -> None:
    """Pay in one of the three forms an outside publisher may choose, each in turn."""
    event = payment(account_id, number)
    body = json.dumps(event["data"]).encode()
    attributes = {f"ce-{name}": event[name] for name in ("specversion", "id", "source", "type", "subject")}
    match number % 3:
        case 0:
            register.bank.send(event)
        case 1:
            register.bank.publish(body, headers=attributes, message_id=event["id"])
        case _:
            register.bank.publish(body, message_id=event["id"])


def test_events_are_in_the_partition_of_their_subject_and_carry_no_trace_of_it(register: Register) -> None:
    register.start_ledger()
    wanted = [0] * CREDITED.partitions
    for account_id in ACCOUNTS:
        wanted[partition_of(account_id, CREDITED.partitions)] += 2
    uri = register.system.place.amqp_uri
    with Connection(uri) as connection:
        channel = connection.channel()
        channel.queue_declare("stranger", durable=True, auto_delete=False)
        channel.queue_bind("stranger", "ledger.events", "account.credited")
        register.announce(ACCOUNTS, 2)
        eventually(lambda: [queue_messages(uri, queue) for queue in CREDITED.queues] == wanted)
        taken = [channel.basic_get("stranger", no_ack=True) for _ in range(2 * len(ACCOUNTS))]
    assert [message.properties["application_headers"] for message in taken] == [{}] * len(taken)
    assert {message.delivery_info["routing_key"] for message in taken} == {"account.credited"}


def test_an_outside_publishers_events_take_effect_in_their_order_in_every_form(register: Register) -> None:
    register.start(replicas=2, BATCH_SIZE=5)
    for number in range(1, 61):
        for account_id in ("x", "y"):
            send(register, account_id, number)
    for account_id in ("x", "y"):
        register.wait_heard(f"bank-{account_id}", range(1, 61))
    assert set(register.holders("on_payment_received")) == {RECEIVED.queues[0]}


def test_bare_data_names_no_subject_and_holds_nobody_when_it_has_to_wait(register: Register) -> None:
    register.start()
    register.trouble("bank-x", 2, "later")
    for number in (2, 5, 8):  # bare data, all three
        send(register, "x", number)
    register.wait_heard("bank-x", [5, 8])
    register.mend()
    register.wait_heard("bank-x", [5, 8, 2])


@contextmanager
def another(register: Register, instance: str) -> Iterator[Store]:
    """Open the register's database as a replica does."""
    place = register.system.place
    chosen = replace(settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix, instance=instance)
    store = Store("register", chosen)
    store.ensure_indexes(())
    yield store
    store.client.close()


def holder(store: Store) -> OrderedHandler:
    """Return a partition as a replica holds it."""
    partition = Partition(store=store, queue=RECEIVED.queues[0])
    return OrderedHandler(
        store=store,
        name="on_payment_received",
        takes=PaymentReceived,
        partition=partition,
        ladder=(5,),
        stopping=lambda: partition.overtaken,
    )


def delivery(account_id: str, number: int) -> Delivery:
    """Return a payment as the broker delivers it."""
    return Delivery(
        body=json.dumps(payment(account_id, number, id=uuid.uuid4().hex)).encode(),
        content_type="application/json",
        headers={},
        message_id=None,
        exchange="bank.events",
        routing_key=PAYMENT,
    )


def book(tx: Any, fact: PaymentReceived) -> None:
    """Note a payment."""
    note(tx, fact.account_id, fact.amount)


def test_who_was_paused_cannot_commit_after_another_has_the_partition(register: Register) -> None:
    first, second, third = (delivery("fenced", number) for number in (1, 2, 3))
    with another(register, "old") as old_store, another(register, "new") as new_store:
        old, new = holder(old_store), holder(new_store)
        old.partition.claim()
        old.handle(book, [first])
        new.partition.claim()
        old.handle(book, [second, third])  # what it had been given before it was paused
        assert (first.outcome, second.outcome, third.outcome) == ("done", "", "")
        assert register.heard("fenced") == [1]
        new.handle(book, [second])
        old.handle(book, [third])
        assert register.heard("fenced") == [1, 2]
        with pytest.raises(Unavailable) as raised, old_store.transaction() as tx:
            old.partition.guard(tx)
        assert isinstance(raised.value, Overtaken)


def test_what_was_in_a_transaction_when_another_claims_is_over_before_the_claim(register: Register) -> None:
    """The claim waits for it; whoever claims sees all that was done before."""
    with another(register, "old") as old_store, another(register, "new") as new_store:
        old, new = holder(old_store), holder(new_store)
        old.partition.claim()

        def overtaken(tx: Any, fact: PaymentReceived) -> None:
            with pytest.raises(Unavailable):
                with_a_short_wait(new.partition)
            book(tx, fact)

        old.handle(overtaken, [delivery("claimed", 1)])
        assert register.heard("claimed") == [1]
        new.partition.claim()
        new.handle(book, [delivery("claimed", 2)])
        assert register.heard("claimed") == [1, 2]


def with_a_short_wait(partition: Partition) -> None:
    """Claim, and give up soon."""
    import pymongo

    with pymongo.timeout(0.3):
        partition.claim()


def test_another_number_of_partitions_is_told_and_loses_nothing(register: Register) -> None:
    register.start()
    [ledger] = register.start_ledger()
    register.announce(ACCOUNTS, 2)
    for account_id in ACCOUNTS:
        register.wait_heard(account_id, (1, 2))
    for process in (ledger, *register.system.of("register")):
        process.kill()
    register.declare(replace(CREDITED, partitions=8))
    [wider] = register.start(target=WIDER)
    [ledger] = register.start_ledger()
    register.announce(ACCOUNTS, 2)
    for account_id in ACCOUNTS:
        register.wait_heard(account_id, range(1, 5))
    assert drift(wider, "orphan_queue") == RECEIVED.partitions  # a handler that is gone
    wider.kill()
    [narrow] = register.start()
    assert (drift(narrow, "orphan_queue"), drift(narrow, "orphan_exchange")) == (4, 0)
    narrow.kill()
    register.declare(replace(CREDITED, partitions=0))
    [unordered] = register.start(target=UNORDERED)
    assert (drift(unordered, "orphan_queue"), drift(unordered, "orphan_exchange")) == (8 + RECEIVED.partitions, 4)
    assert "queues without a handler" in unordered.log.read_text()
    register.announce(ACCOUNTS, 1)
    for account_id in ACCOUNTS:
        eventually(lambda name=account_id: sorted(register.heard(name)) == [1, 2, 3, 4, 5])


def test_queues_name_each_partition_with_its_depth_and_who_is_active(register: Register) -> None:
    [process] = register.start()
    register.start_ledger()
    register.announce(ACCOUNTS, 1)
    for account_id in ACCOUNTS:
        register.wait_heard(account_id, [1])
    shown = {row["queue"]: row for row in register.system.call("register", "queues")["queues"]}
    used = {CREDITED.queues[partition_of(account_id, CREDITED.partitions)] for account_id in ACCOUNTS}
    for queue in CREDITED.queues:
        assert shown[queue] == {
            "queue": queue,
            "exists": True,
            "messages": 0,
            "consumers": 1,
            "active": process.instance if queue in used else None,
        }
    described = register.system.call("register", "describe")["takes"]
    assert [one["handler"] for one in described] == [
        "on_account_credited",
        "on_events_requested",
        "on_payment_received",
    ]
