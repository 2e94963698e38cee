"""Special days of a year: when the office says that people work, or do not."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from shared.errors import Refusal


class DayNamedTwice(Refusal):
    """A day is to be entered and taken away at once."""


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A holiday, a make-up workday, a local closure; `name_zh` says which."""

    day: date
    working: bool
    name_zh: str


@dataclass(frozen=True, kw_only=True)
class CalendarYear:
    """What the office entered for one year, by day."""

    year: str
    days: tuple[SpecialDay, ...] = ()
    revision: int = 0

    def on(self, day: date) -> SpecialDay | None:
        """Find what the office says about a day."""
        return next((one for one in self.days if one.day == day), None)


def years_of(days: Collection[SpecialDay], remove: Collection[date]) -> list[str]:
    """Name the years that a change is about; raises DayNamedTwice."""
    entered = {one.day for one in days}
    if twice := sorted(entered & set(remove)):
        raise DayNamedTwice("a day is either entered or taken away", days=[day.isoformat() for day in twice])
    return sorted({str(day.year) for day in (*entered, *remove)})


def set_special_days(known: CalendarYear, days: Collection[SpecialDay], remove: Collection[date]) -> CalendarYear:
    """Enter days of this year in place of what was known of them, and take others away.

    What says nothing new leaves the year as it was.
    """
    ours = {one.day: one for one in days if str(one.day.year) == known.year}
    kept = {one.day: one for one in known.days if one.day not in remove}
    merged = {**kept, **ours}
    return replace(known, days=tuple(merged[day] for day in sorted(merged)))
