"""The retry ladder: what has to wait goes to a queue of one delay and comes back under its own count."""

import pytest

from shared.broker.topology import DELAYS
from tests.support.bus import queue_messages
from tests.support.eventually import eventually
from tests.support.toy.driver import RECALL, Toy, payment

pytestmark = pytest.mark.server
LADDER = tuple(DELAYS)


def waiting(ledger: Toy, delay: str) -> int:
    """Return how many events wait on a rung."""
    return queue_messages(ledger.system.place.amqp_uri, f"ledger.retry.{delay}")


def test_retry_later_waits_five_seconds_and_comes_back_with_its_attempt(ledger: Toy) -> None:
    ledger.raise_flag("broken")
    healed = ledger.bank.pay("later", 3, "later_while_broken")
    never = ledger.bank.pay("later", 100, "later")
    eventually(lambda: waiting(ledger, "5s") == 2)
    [process] = ledger.system.of("ledger")
    eventually(lambda: process.metric("bus_retry_total", delay="5s", handler="on_payment_received") >= 2)
    ledger.bank.pay("later", 1)
    ledger.wait_booked("later", 1)  # nobody waits behind them
    ledger.lower_flag("broken")
    ledger.wait_booked("later", 4, seconds=10)
    eventually(lambda: waiting(ledger, "30s") == 1)  # the second rung: x-attempt came back with it
    assert waiting(ledger, "5s") == 0
    assert ledger.mark(healed) == {**ledger.mark(healed), "result": "done", "deliveries": 1}
    assert ledger.mark(never) == ledger.parked(never) == {}


def test_each_rung_leads_to_the_next_and_the_last_to_parking(ledger: Toy) -> None:
    """The end of the ladder is an hour away; a message that says it has waited there goes the rest of the way."""
    before = waiting(ledger, "1h")
    ledger.bank.send(payment("rungs", 1, "later"), {"x-attempt": len(LADDER) - 1})
    eventually(lambda: waiting(ledger, "1h") == before + 1)
    exhausted = ledger.bank.send(payment("rungs", 1, "later"), {"x-attempt": len(LADDER)})
    row = ledger.wait_parked(exhausted)
    assert (row["reason"], row["attempts"]) == ("retries_exhausted", len(LADDER) + 1)
    assert "retry_later" in row["detail"]
    assert ledger.balance("rungs") == 0


@pytest.mark.parametrize("attempt", [-1, 99, "2", None, 2**40])
def test_an_attempt_that_is_none_of_ours_starts_at_the_first_rung(ledger: Toy, attempt: object) -> None:
    name = f"forged-{attempt}"
    paid = ledger.bank.send(payment(name), {"x-attempt": attempt})
    eventually(lambda: ledger.mark(paid))
    assert ledger.balance(name) == 1


def test_two_handlers_that_retry_at_the_same_time_lose_nothing(ledger: Toy) -> None:
    """They share one connection to the wait queues."""
    ledger.raise_flag("broken")
    ledger.bank.pay("both", 1000)
    ledger.wait_booked("both", 1000)
    paid = [
        ledger.bank.pay(account, 1, "later_while_broken", kind=kind)
        for _ in range(60)
        for account, kind in (("both-in", "payment.received"), ("both", RECALL))
    ]
    eventually(lambda: all(ledger.runs(one) for one in paid))
    ledger.lower_flag("broken")
    ledger.wait_booked("both-in", 60, seconds=20)
    eventually(lambda: ledger.balance("both") == 940)
    assert [one for one in paid if ledger.parked(one)] == []
