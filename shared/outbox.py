"""Facts waiting in the service's own database until the broker has confirmed them."""

from shared.events import Event
from shared.transaction import Transaction


def append(tx: Transaction, *facts: Event, correlation: str | None = None) -> None:
    """Announce facts with the transaction; they are published after commit, in the order of their aggregates.

    `correlation` is given only where neither the cause nor the fact names the issue, course or visit.
    """
    for fact in facts:
        tx.announce(fact, correlation)
