"""For which units somebody acts who takes down a resident's word."""

from services.issues import repository
from shared.transaction import Transaction


def parts_of(tx: Transaction, person: str) -> tuple[str, ...]:
    """Name the outside units that the person acts for, and the units of our tree that they are secretary or part of."""
    led = repository.unit_of_secretary(tx, person)
    own = tx.actor.unit if tx.actor.id == person and "unit" in tx.actor.roles else None
    return (*repository.units_of(tx, person), *([led.org_unit_id] if led else []), *([own] if own else []))
