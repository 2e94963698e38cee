"""Reports over many issues: periods, counts, and the spread of how long they were open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from services.issues.domain.states import OPEN, IssueState
from services.issues.domain.working_time import COMMUNITY_TIME
from shared.errors import Refusal

LONGEST_PERIOD = 1100  # days; three years and the quarter that they are compared with


class PeriodNotValid(Refusal):
    """A report is about some days, in their order and not too many."""


class TooManyIssues(Refusal):
    """A recount looks at every issue, which takes its time."""


class By(StrEnum):
    """What the rows of a report are."""

    UNIT = "unit"
    CATEGORY = "category"
    STATE = "state"
    MONTH = "month"
    SOURCE = "source"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days of community time, the first and the last one included; raises PeriodNotValid."""

    since: date
    until: date

    def __post_init__(self) -> None:
        days = (self.until - self.since).days + 1
        if not 1 <= days <= LONGEST_PERIOD:
            raise PeriodNotValid(
                f"until must lie 0 to {LONGEST_PERIOD - 1} days after since",
                since=self.since.isoformat(),
                until=self.until.isoformat(),
                longest_days=LONGEST_PERIOD,
            )

    @property
    def starts_at(self) -> datetime:
        """The first moment that belongs to it."""
        return datetime.combine(self.since, time(), COMMUNITY_TIME)

    @property
    def ends_at(self) -> datetime:
        """The first moment that does not."""
        return datetime.combine(self.until + timedelta(days=1), time(), COMMUNITY_TIME)


@dataclass(frozen=True, kw_only=True)
class Slice:
    """What a report of issues needs to know of one; equal ones are counted together."""

    state: IssueState
    ended_as: IssueState | None
    days_open: int | None
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How many days cases were open, full days from the first report to the final end; None where there is no case.

    Of `cases` in order, the median is the middle one, or the mean of the two in the middle, and `p90` the smallest
    that nine in ten do not exceed.
    """

    cases: int
    mean: float | None
    median: float | None
    p90: int | None


@dataclass(frozen=True, kw_only=True)
class IssueCounts:
    """The issues reported in a period, as they are now; `overdue` are those whose staff is late with the next step."""

    reported: int
    open: int
    overdue: int
    states: dict[str, int]
    days_open: Spread


Slices = Mapping[Slice, int]


def issue_counts(slices: Slices) -> IssueCounts:
    """Count the issues, each as often as it occurs."""
    still_open = {one: times for one, times in slices.items() if one.state in OPEN}
    states = {state: sum(n for one, n in slices.items() if one.state == state) for state in IssueState}
    return IssueCounts(
        reported=sum(slices.values()),
        open=sum(still_open.values()),
        overdue=sum(times for one, times in still_open.items() if one.overdue),
        states={state.value: times for state, times in states.items() if times},
        days_open=spread((one.days_open, times) for one, times in slices.items() if one.ended_as is IssueState.CLOSED),
    )


def spread(days: Iterable[tuple[int | None, int]]) -> Spread:
    """Say how the days are spread; each comes with how often it occurs."""
    times: dict[int, int] = {}
    for day, often in days:
        if day is not None:
            times[day] = times.get(day, 0) + often
    cases = sum(times.values())
    if not cases:
        return Spread(cases=0, mean=None, median=None, p90=None)
    middle = (_nth(times, (cases - 1) // 2), _nth(times, cases // 2))
    return Spread(
        cases=cases,
        mean=round(sum(day * often for day, often in times.items()) / cases, 1),
        median=sum(middle) / 2,
        p90=_nth(times, -(-9 * cases // 10) - 1),
    )


def _nth(times: Mapping[int, int], position: int) -> int:
    """Return the day at this position, counted from 0, when all of them stand in order."""
    for day in sorted(times):
        position -= times[day]
        if position < 0:
            return day
    raise IndexError(position)
