"""The rates of a set of cases: a pure function over their lines of the statistics, which a hand can count too."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from services.issues.domain.clocks import PERCENT
from services.issues.domain.counting import CARRIED_THROUGH
from services.issues.domain.feedback import Satisfied, Solved
from services.issues.domain.record import Record
from services.issues.domain.rules import Rules
from services.issues.domain.states import IssueState

E = TypeVar("E")
STEPS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share: `count` of `of`, in percent with one decimal; None where there is nothing to divide by."""

    count: int
    of: int
    percent: float | None


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What the residents said, and how the work went, over the cases that were carried through.

    `responded`, `solved` and `satisfied` are the three rates, each over the valid answers to its question;
    `composite` weighs them, None unless all three are known. `rejected_or_withdrawn` are in none of the rates.
    """

    cases: int
    rejected_or_withdrawn: int
    # -- the three rates
    responded: Rate
    solved: Rate
    satisfied: Rate
    composite: float | None
    partly_solved: int
    basically_satisfied: int
    # -- how far they reach
    answered: Rate
    unreachable: Rate
    automatic: int
    forced: Rate
    # -- the work
    on_time: Rate
    on_first_time: Rate
    right_first_dispatch: Rate
    returns: int
    rework: Rate
    reopened: Rate
    repeated: Rate
    held: Rate
    found_by_staff: Rate
    # -- satisfaction, 1 to 5, each case once
    final: dict[str, int]
    first: dict[str, int]


Lines = Mapping[Record, int]
Test = Callable[[Record], bool]


def rates(lines: Lines, rules: Rules) -> Rates:
    """Count the lines, each as often as it occurs."""
    cases = {line: times for line, times in lines.items() if line.ended_as in CARRIED_THROUGH}
    closed = {line: times for line, times in cases.items() if line.ended_as is IssueState.CLOSED}
    of = _Counter(cases)
    responded = of.rate(lambda line: line.contacted is True, among=lambda line: line.contacted is not None)
    solved = of.rate(_is_solved, among=lambda line: line.solved is not None or _is_forced(line))
    satisfied = _satisfied(of, rules)
    return Rates(
        cases=of.number(),
        rejected_or_withdrawn=sum(lines.values()) - of.number(),
        responded=responded,
        solved=solved,
        satisfied=satisfied,
        composite=_composite(responded, solved, satisfied, rules),
        partly_solved=of.number(lambda line: line.solved is Solved.PARTLY and not _is_forced(line)),
        basically_satisfied=of.number(lambda line: line.satisfied is Satisfied.BASICALLY),
        answered=_Counter(closed).rate(lambda line: line.answered),
        unreachable=of.rate(_is_unreachable, among=lambda line: line.answered or _is_unreachable(line)),
        automatic=_Counter(closed).number(lambda line: not line.confirmed),
        forced=of.rate(_is_forced),
        on_time=of.rate(lambda line: line.on_time is True, among=lambda line: line.on_time is not None),
        on_first_time=of.rate(
            lambda line: line.on_first_time is True, among=lambda line: line.on_first_time is not None
        ),
        right_first_dispatch=of.rate(lambda line: line.returns == 0, among=lambda line: line.dispatches > 0),
        returns=sum(line.returns * times for line, times in cases.items()),
        rework=of.rate(lambda line: line.failed_checks > 0, among=lambda line: line.checks > 0),
        reopened=of.rate(lambda line: line.rounds > 1),
        repeated=of.rate(lambda line: line.repeated, among=lambda line: line.on_asset),
        held=of.rate(lambda line: line.holds is True, among=lambda line: line.holds is not None),
        found_by_staff=of.rate(lambda line: line.found_by_staff),
        final=_steps(cases, lambda line: line.satisfaction),
        first=_steps(cases, lambda line: line.first_satisfaction),
    )


class _Counter:
    """Counts lines that pass a test."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def number(self, test: Test = lambda _: True) -> int:
        return sum(times for line, times in self._lines.items() if test(line))

    def rate(self, test: Test, *, among: Test = lambda _: True) -> Rate:
        return rate(self.number(lambda line: among(line) and test(line)), self.number(among))


def rate(count: int, of: int) -> Rate:
    """Divide, where there is something to divide by."""
    return Rate(count=count, of=of, percent=_percent(count, of))


def _percent(count: float, of: float) -> float | None:
    return round(PERCENT * count / of, 1) if of else None


def _is_forced(line: Record) -> bool:
    return line.ended_as is IssueState.FORCE_CLOSED


def _is_solved(line: Record) -> bool:
    """Only a resident's own yes counts; a forced end never does, whatever was said afterwards."""
    return line.solved is Solved.YES and not _is_forced(line)


def _is_unreachable(line: Record) -> bool:
    return line.called and not line.answered


def _satisfied(of: _Counter, rules: Rules) -> Rate:
    """Count the satisfied; those who are basically so weigh less in the percentage."""
    asked = of.number(lambda line: line.satisfied is not None)
    whole = of.number(lambda line: line.satisfied is Satisfied.SATISFIED)
    basically = of.number(lambda line: line.satisfied is Satisfied.BASICALLY)
    weighed = PERCENT * whole + rules.basically_percent * basically
    return Rate(count=whole + basically, of=asked, percent=_percent(weighed, PERCENT * asked))


def _composite(responded: Rate, solved: Rate, satisfied: Rate, rules: Rules) -> float | None:
    weights = (rules.weight_responded, rules.weight_solved, rules.weight_satisfied)
    parts = [one.percent for one in (responded, solved, satisfied)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return round(sum(weight * part for weight, part in zip(weights, known, strict=True)) / sum(weights), 1)


def _steps(lines: Lines, step: Callable[[Record], int | None]) -> dict[str, int]:
    counter = _Counter(lines)
    return {str(one): counter.number(lambda line, one=one: step(line) == one) for one in STEPS}  # type: ignore[misc]


def total(parts: Iterable[Mapping[E, int]]) -> dict[E, int]:
    """Add up how often each occurs."""
    sums: dict[E, int] = {}
    for lines in parts:
        for line, times in lines.items():
            sums[line] = sums.get(line, 0) + times
    return sums
