"""What a handler does besides its work because the event says so: every way to fail that a test wants to see."""

from collections.abc import Callable
from enum import StrEnum

import eventlet

from shared.errors import Refusal, RetryLater
from shared.transaction import Transaction

LOOK_EVERY = 0.02  # seconds


class Behaviour(StrEnum):
    """How a handler ends."""

    BOOK = "book"
    RAISE = "raise"
    RAISE_WHILE_BROKEN = "raise_while_broken"
    TIME_OUT = "time_out"
    EXIT = "exit"
    WAIT = "wait"
    HANG = "hang"
    REFUSE = "refuse"
    LATER = "later"
    LATER_WHILE_BROKEN = "later_while_broken"


class PaymentDisputed(Refusal):
    """A rule says no after the handler has saved and announced."""


ENDS: dict[Behaviour, Callable[[], BaseException]] = {
    Behaviour.RAISE: lambda: ZeroDivisionError("the rule broke"),
    Behaviour.EXIT: lambda: SystemExit(3),
    Behaviour.REFUSE: lambda: PaymentDisputed("the holder disputes the payment"),
    Behaviour.LATER: lambda: RetryLater("what it builds on has not arrived"),
}
WHILE_BROKEN = {Behaviour.RAISE_WHILE_BROKEN: Behaviour.RAISE, Behaviour.LATER_WHILE_BROKEN: Behaviour.LATER}


def count_run(tx: Transaction, key: str) -> None:
    """Count that a handler ran, outside its transaction: a rolled-back run counts too."""
    tx.store.database["runs"].update_one({"_id": key}, {"$inc": {"times": 1}}, upsert=True)


def behave(tx: Transaction, behaviour: Behaviour) -> None:
    """End as the event says; `wait` lasts while the flag `gate` is up, `…_while_broken` fails while `broken` is."""
    if behaviour in WHILE_BROKEN:
        behaviour = WHILE_BROKEN[behaviour] if _flag(tx, "broken") else Behaviour.BOOK
    if behaviour in ENDS:
        failure = ENDS[behaviour]()
        raise failure
    while behaviour == Behaviour.WAIT and _flag(tx, "gate"):
        eventlet.sleep(LOOK_EVERY)
    if behaviour == Behaviour.HANG:
        eventlet.sleep(3600)
    if behaviour == Behaviour.TIME_OUT:
        with eventlet.Timeout(0.001):
            eventlet.sleep(5)


def _flag(tx: Transaction, name: str) -> bool:
    """Tell whether the test has raised a flag in the service's database."""
    return tx.store.database["flags"].find_one({"_id": name}) is not None
