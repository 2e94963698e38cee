"""What a handler does besides its work because the event says so: every way to fail that a test wants to see."""

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
    REFUSE = "refuse"
    LATER = "later"
    LATER_WHILE_BROKEN = "later_while_broken"


class PaymentDisputed(Refusal):
    """A rule says no after the handler has saved and announced."""


def count_run(tx: Transaction, key: str) -> None:
    """Count that a handler ran, outside its transaction: a rolled-back run counts too."""
    tx.store.database["runs"].update_one({"_id": key}, {"$inc": {"times": 1}}, upsert=True)


def behave(tx: Transaction, behaviour: Behaviour) -> None:
    """End as the event says; `wait` lasts while the flag `gate` is up, `…_while_broken` fails while `broken` is."""
    match behaviour:
        case Behaviour.RAISE:
            raise ZeroDivisionError("the rule broke")
        case Behaviour.RAISE_WHILE_BROKEN if _flag(tx, "broken"):
            raise ZeroDivisionError("the rule is broken")
        case Behaviour.TIME_OUT:
            with eventlet.Timeout(0.001):
                eventlet.sleep(5)
        case Behaviour.EXIT:
            raise SystemExit(3)
        case Behaviour.WAIT:
            while _flag(tx, "gate"):
                eventlet.sleep(LOOK_EVERY)
        case Behaviour.REFUSE:
            raise PaymentDisputed("the holder disputes the payment")
        case Behaviour.LATER:
            raise RetryLater("what it builds on has not arrived")
        case Behaviour.LATER_WHILE_BROKEN if _flag(tx, "broken"):
            raise RetryLater("what it builds on has not arrived yet")
        case _:
            return


def _flag(tx: Transaction, name: str) -> bool:
    """Tell whether the test has raised a flag in the service's database."""
    return tx.store.database["flags"].find_one({"_id": name}) is not None
