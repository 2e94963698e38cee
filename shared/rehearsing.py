"""Bulk loading for rules that are written for one event: what a batch looks up is found by rehearsing it.

Each rule runs until it looks up an entity that is not loaded; these are loaded for all rules at once, and those that
waited for one run again, until nothing is missing. Nothing that a rehearsed rule does counts.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from shared.transaction import NotLoaded, Step, Transaction

if TYPE_CHECKING:
    from shared.collection import Collection

REHEARSALS = 4  # a rule may look up what it found in what it looked up, and so on
WORTH_IT = 4  # runs; fewer are looked up one by one
Run = tuple[Step, Callable[[], None]]


def load_ahead(tx: Transaction, runs: Sequence[Run]) -> None:
    """Load in few round trips what the rules will look up by id; what else they ask for is not foreseen."""
    for _ in range(REHEARSALS):
        if len(runs) < WORTH_IT:
            return
        found = [(run, missing) for run in runs if (missing := tx.rehearse(*run)) is not None]
        _load(tx, (missing for _, missing in found))
        runs = [run for run, missing in found if missing.collection is not None]


def _load(tx: Transaction, found: Iterable[NotLoaded]) -> None:
    wanted: dict[Collection[Any], dict[str, None]] = {}
    for missing in found:
        if missing.collection is not None:
            wanted.setdefault(missing.collection, {}).update(dict.fromkeys(missing.keys))
    for collection, keys in wanted.items():
        tx.load(collection, list(keys))
