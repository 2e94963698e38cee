"""Deadlines as documents: set and cleared with the transaction, handled once by `@due` on any replica."""

from datetime import datetime

from shared.transaction import Transaction


def set(tx: Transaction, kind: str, *, key: str, due_at: datetime) -> None:  # noqa: A001 -- reads as deadlines.set
    """Set the deadline of this kind and key, or move it."""
    tx.set_deadline(kind, key, due_at)


def clear(tx: Transaction, kind: str, *, key: str) -> None:
    """Take the deadline away, if there is one."""
    tx.set_deadline(kind, key, None)
