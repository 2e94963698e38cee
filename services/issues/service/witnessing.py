"""For which units somebody acts who takes down a resident's word."""

from services.issues import repository
from shared.transaction import Transaction


def parts_of(tx: Transaction, person: str) -> tuple[str, ...]:
    """Name the outside units that the person acts for, and the units of our tree that they are secretary or part of."""
    own = tx.actor.unit if tx.actor.id == person and "unit" in tx.actor.roles else None
    led = repository.units_of_secretary(tx, person)
    return (*repository.units_of(tx, person), *led, *([own] if own else []))
