"""Facts waiting in the service's own database until the broker has confirmed them."""

from shared.events import Event
from shared.transaction import Transaction
from shared.transaction.step import Announcement


def append(
    tx: Transaction,
    *facts: Event,
    correlation: str | None = None,
    causation: str | None = None,
    anonymous: bool = False,
) -> None:
    """Announce facts with the transaction; they are published after commit, in the order of their aggregates.

    `correlation` and `causation` are given only where neither the cause nor the fact names them. The envelope of an
    anonymous fact does not say who acted.
    """
    for fact in facts:
        tx.announce(Announcement(fact=fact, correlation=correlation, causation=causation, anonymous=anonymous))
