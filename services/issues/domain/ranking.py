"""The order of units by their rates; who has few cases has rates but no rank (anti-gaming)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.issues.domain.rates import Rates
from services.issues.domain.rules import Rules
from services.issues.domain.who import Actor, is_staff
from shared.errors import Refusal


class TooFewCases(Refusal):
    """Figures of few cases could be somebody's."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One row of a report; `rank` counts from 1, equal ones share it, None where there are too few answers."""

    group: str | None
    rank: int | None
    rates: Rates


def rank(rates: Mapping[str | None, Rates], rules: Rules) -> list[Ranked]:
    """Put the best first by what the three rates make together, and those without a rank last, by name."""
    marks = {
        group: one.composite
        for group, one in rates.items()
        if one.composite is not None and one.solved.of >= rules.fewest_cases
    }
    rows = [
        Ranked(
            group=group,
            rank=1 + sum(mark > marks[group] for mark in marks.values()) if group in marks else None,
            rates=one,
        )
        for group, one in rates.items()
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.group or ""))


def shown_to(actor: Actor, rows: Sequence[Ranked], total: Rates, rules: Rules) -> list[Ranked]:
    """Show the rates to everybody, but figures of few cases, which could be somebody's, to the staff only.

    Raises TooFewCases where even the total is of few cases.
    """
    if is_staff(actor):
        return list(rows)
    if 0 < total.cases < rules.fewest_cases:
        raise TooFewCases(f"shown from {rules.fewest_cases} cases on; ask for more days, units or categories")
    return [row for row in rows if row.rates.cases >= rules.fewest_cases]
