"""Which units a question is about: a unit and everything below it, in the tree as it is now."""

from collections.abc import Mapping
from typing import TypeVar

from services.issues import domain, repository
from shared.transaction import Transaction

E = TypeVar("E")
Parts = dict[str | None, dict[E, int]]


def units_of(tx: Transaction, unit: str | None, *, below: bool = True) -> list[str] | None:
    """Name the units; None is everything, which needs no list. Raises NotFound."""
    if unit is None:
        return None
    repository.org_units.get(tx, unit)
    if not below:
        return [unit]
    return None if repository.children_of(tx, None) == [unit] else list(repository.branches(tx, [unit]))


def check_category(tx: Transaction, code: str | None) -> None:
    """Let a category pass that there is, or was; raises CategoryUnknown."""
    if code is not None and repository.newest_category(tx, code) is None:
        known = sorted(repository.newest_categories(tx))
        raise domain.CategoryUnknown(f"there is no category {code}", code=code, known=known)


def rolled_up(tx: Transaction, parts: Parts[E], unit: str | None, by: domain.By | None) -> Parts[E]:
    """Return the rows of a report; those of units count for the one right below the unit that was asked for."""
    if by is not domain.By.UNIT:
        return {group: parts[group] for group in sorted(parts, key=str)} if by else {}
    below = repository.branches(tx, _rows_below(tx, unit))
    return _joined(parts, below)


def _rows_below(tx: Transaction, unit: str | None) -> list[str]:
    """Name the units that have a row: those below, and below nothing those of the one at the top."""
    children = repository.children_of(tx, unit)
    return repository.children_of(tx, children[0]) if unit is None and len(children) == 1 else children


def _joined(parts: Parts[E], below: Mapping[str, str]) -> Parts[E]:
    joined: Parts[E] = {row: {} for row in below.values()}
    for unit, lines in parts.items():
        row = below.get(unit or "", unit)
        joined[row] = domain.total((joined.get(row, {}), lines))
    return {row: joined[row] for row in sorted(joined, key=str)}
