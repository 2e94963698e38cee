"""Commands and questions on the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from marshmallow import ValidationError, validate

from services.issues import domain
from services.issues.schemas.lists import unique
from shared.schemas import Command, ShortText, dump

MOST_DAYS = 400  # in one command; a year has some 40 special days
Year = Annotated[int, validate.Range(1949, 2999)]


def _of_our_time(day: date) -> None:
    if not 1949 <= day.year <= 2999:
        raise ValidationError("Must lie in the years 1949 to 2999.")


Day = Annotated[date, _of_our_time]


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A holiday (`working` false) or a make-up workday (true)."""

    day: Day
    working: bool
    name_zh: ShortText


@dataclass(frozen=True, kw_only=True)
class SetSpecialDays(Command):
    """Say on which days people work or not, against the national calendar; `remove` takes such words back."""

    days: Annotated[tuple[SpecialDay, ...], validate.Length(max=MOST_DAYS), unique("day")] = ()
    remove: Annotated[tuple[Day, ...], validate.Length(max=MOST_DAYS)] = ()

    @property
    def special_days(self) -> tuple[domain.SpecialDay, ...]:
        """What is to be entered."""
        return tuple(domain.SpecialDay(day=one.day, working=one.working, name_zh=one.name_zh) for one in self.days)


@dataclass(frozen=True, kw_only=True)
class ListSpecialDays:
    """Look at the special days of a year."""

    year: Year


def year_view(entered: domain.CalendarYear, national: Mapping[date, domain.SpecialDay]) -> dict[str, Any]:
    """Show each special day with its source; what the office entered stands before what the package knows.

    Where neither knows the year, Monday to Friday are taken as working days.
    """
    days = {day: {**dump(one), "source": "package"} for day, one in national.items()}
    days |= {one.day: {**dump(one), "source": "office"} for one in entered.days}
    sources = {"package": national, "office": entered.days}
    known_from = [source for source, known in sources.items() if known]
    return {
        "year": int(entered.year),
        "known": bool(known_from),
        "known_from": known_from,
        "days": [days[day] for day in sorted(days)],
    }
