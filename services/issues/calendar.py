"""The days on which people work: national holidays and make-up workdays, and before them what the office entered."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from chinese_calendar import constants

from services.issues import domain
from shared import logs

log = logs.get(__name__)
FRIDAY = 4  # as date.weekday() counts
_told: set[int] = set()  # unknown years that this process has warned about


class CommunityCalendar:
    """A `Calendar` that looks up a year when it is first asked about a day of it.

    `find_year` takes a year as text: in a transaction, `partial(repository.calendar_years.find, tx)`.
    """

    def __init__(self, find_year: Callable[[str], domain.CalendarYear | None]) -> None:
        self._find_year = find_year

    def is_working_day(self, day: date) -> bool:
        """Ask what the office entered, then what the package knows of the State Council's notice, then the weekday."""
        entered, national = self._find_year(str(day.year)), national_days(day.year)
        special = (entered and entered.on(day)) or national.get(day)
        if special:
            return special.working
        if not national and not (entered and entered.days):
            _tell_once(day.year)
        return day.weekday() <= FRIDAY


@cache
def national_days(year: int) -> Mapping[date, domain.SpecialDay]:
    """Return the holidays and make-up workdays of a year, by day; none where the package's release is too old."""
    found = [
        domain.SpecialDay(day=day, working=working, name_zh=constants.Holiday(name).chinese)
        for working, table in ((False, constants.holidays), (True, constants.workdays))
        for day, name in table.items()
        if day.year == year
    ]
    return {one.day: one for one in sorted(found, key=lambda one: one.day)}


def _tell_once(year: int) -> None:
    if year not in _told:
        _told.add(year)
        log.warning("calendar does not know the year; Monday to Friday are taken as working days", year=year)
