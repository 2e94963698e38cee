"""Batches: what arrives together is one transaction, and nobody is hurt by a neighbour."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.bus import queue_messages
from tests.support.eventually import eventually
from tests.support.toy.driver import Toy, payment

pytestmark = pytest.mark.server


@contextmanager
def one_batch(ledger: Toy) -> Iterator[None]:
    """Hold the handler at a gate until everything the body sends has arrived behind it."""
    ledger.raise_flag("gate")
    first = ledger.bank.pay("gatekeeper", 1, "wait")
    eventually(lambda: ledger.runs(first) == 1)
    try:
        yield
        eventually(lambda: queue_messages(ledger.system.place.amqp_uri, "ledger.on_payment_received") == 0)
    finally:
        ledger.lower_flag("gate")
    eventually(lambda: ledger.mark(first))


def announced(ledger: Toy, account_id: str) -> list[str]:
    """Return the payments that the account's credits were announced for, in order."""
    return [one["data"]["payment_id"] for one in ledger.system.recorder.of("account.credited", account_id=account_id)]


def test_a_poison_event_inside_a_batch_hurts_nobody_else(ledger: Toy) -> None:
    ways = ["book"] * 30
    ways[7], ways[13], ways[20], ways[25] = "raise", "exit", "refuse", "time_out"
    with one_batch(ledger):
        paid = [ledger.bank.pay("poisoned", 1, way) for way in ways]
    good = [one for one, way in zip(paid, ways, strict=True) if way == "book"]
    ledger.wait_booked("poisoned", len(good))
    assert ledger.runs(good[0]) == 3  # in the batch, in its half, in a quarter without poison
    assert {ledger.mark(one)["result"] for one in good} == {"done"}
    assert {ledger.wait_parked(paid[number])["reason"] for number in (7, 13, 25)} == {"defect"}
    assert ledger.mark(paid[20])["result"] == "refused:payment_disputed"
    ledger.system.recorder.wait_for("account.credited", len(good), account_id="poisoned")
    assert announced(ledger, "poisoned") == good


def test_a_refusal_undoes_only_its_own_event(ledger: Toy) -> None:
    """The handler has saved and announced before it is refused; its batch is committed without it."""
    with one_batch(ledger):
        before = [ledger.bank.pay("refused") for _ in range(3)]
        refused = ledger.bank.pay("refused", 100, "refuse")
        after = [ledger.bank.pay("refused") for _ in range(3)]
    ledger.wait_booked("refused", 6)
    assert ledger.mark(refused)["result"] == "refused:payment_disputed"
    assert {ledger.runs(one) for one in (*before, refused, *after)} == {1}
    ledger.system.recorder.wait_for("account.credited", 6, account_id="refused")
    assert announced(ledger, "refused") == before + after
    sequences = [one["sequence"] for one in ledger.system.recorder.of("account.credited", account_id="refused")]
    assert sequences == ["1", "2", "3", "4", "5", "6"]
    assert ledger.parked(refused) == {}


def test_duplicates_of_one_event_inside_one_batch_have_one_effect(ledger: Toy) -> None:
    event = payment("twins", 5)
    with one_batch(ledger):
        for _ in range(6):
            ledger.bank.send(event)
        ledger.bank.pay("twins", 1)
    ledger.wait_booked("twins", 6)
    assert ledger.runs(event["id"]) == 1
    assert ledger.mark(event["id"])["deliveries"] == 6
    ledger.bank.send(event)  # and once more in a batch of its own
    eventually(lambda: ledger.mark(event["id"])["deliveries"] == 7)
    assert ledger.balance("twins") == 6
    assert announced(ledger, "twins").count(event["id"]) == 1


def test_events_of_a_batch_are_handled_in_the_order_of_their_arrival(ledger: Toy) -> None:
    with one_batch(ledger):
        paid = [ledger.bank.pay("ordered", number + 1) for number in range(40)]
    ledger.wait_booked("ordered", sum(range(41)))
    ledger.system.recorder.wait_for("account.credited", 40, account_id="ordered")
    assert announced(ledger, "ordered") == paid
