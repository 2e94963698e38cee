"""One unit of work: identity map, buffered writes, and facts, committed together or not at all.

Changes belong to a step (one command, or one event of a batch). A step that is refused leaves no trace;
the others of its batch go on. Nothing is written before `flush`, which writes each collection in one round trip.
"""

from shared.transaction.step import CannotUndoStep, NotLoaded, Step
from shared.transaction.unit import Transaction

__all__ = ["CannotUndoStep", "NotLoaded", "Step", "Transaction"]
