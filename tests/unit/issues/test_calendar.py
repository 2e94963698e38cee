"""Deadlines over the holidays of real years; each expected moment is worked out by hand beside it."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from services.issues import calendar, domain
from services.issues.calendar import CommunityCalendar
from services.issues.domain.working_time import COMMUNITY_TIME, Span, Unit, after, counted

NOTHING_ENTERED = CommunityCalendar(lambda _year: None)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=COMMUNITY_TIME)


def entered(*days):
    """A calendar with the special days of one year that the office entered."""
    year = domain.CalendarYear(year=str(days[0].day.year), days=days)
    return CommunityCalendar({year.year: year}.get)


def special(day, *, working, name_zh="停电检修"):
    return domain.SpecialDay(day=date.fromisoformat(day), working=working, name_zh=name_zh)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        # 2025, Spring Festival: off from Tuesday 28 January to Tuesday 4 February; Sunday 26 January and Saturday
        # 8 February are make-up workdays.
        # Friday 24 January 16:30: 1.5 h until 18:00; Saturday off; Sunday 26 worked: 6.5 h until 16:30.
        ("2025-01-24T16:30", 1, "work_day", "2025-01-26T16:30"),
        # On: 1.5 h of Sunday, 6.5 h of Monday 27, the last working day before the festival.
        ("2025-01-24T16:30", 2, "work_day", "2025-01-27T16:30"),
        # On: 1.5 h of Monday, eight days off, 6.5 h of Wednesday 5 February.
        ("2025-01-24T16:30", 3, "work_day", "2025-02-05T16:30"),
        # Monday 27 January 17:59: one minute, then 59 minutes of Wednesday 5 February.
        ("2025-01-27T17:59", 1, "work_hour", "2025-02-05T08:59"),
        # In the middle of the festival: Wednesday 5 February as a whole.
        ("2025-01-30T10:00", 1, "work_day", "2025-02-05T18:00"),
        # Friday 7 February 11:15: 45 min and 4 h; Saturday 8 worked: 3 h 15 min until 11:15.
        ("2025-02-07T11:15", 1, "work_day", "2025-02-08T11:15"),
        # On: Sunday 9 off, Monday 10.
        ("2025-02-07T11:15", 2, "work_day", "2025-02-10T11:15"),
        # Urgent hours and natural days go on through the festival.
        ("2025-01-28T23:30", 2, "urgent_hour", "2025-01-29T01:30"),
        ("2025-01-27T17:59", 7, "natural_day", "2025-02-03T17:59"),
        # 2026, Spring Festival: off from Sunday 15 to Monday 23 February; Saturdays 14 and 28 are make-up workdays.
        # Friday 13 February 15:00: 3 h; Saturday 14 worked: 4 h in the morning, 1 h until 15:00.
        ("2026-02-13T15:00", 1, "work_day", "2026-02-14T15:00"),
        # On: 3 h of Saturday, nine days off, 5 h of Tuesday 24: until 15:00.
        ("2026-02-13T15:00", 2, "work_day", "2026-02-24T15:00"),
        # Friday 27 February 18:00: Saturday 28 as a whole; then Sunday off, Monday 2 March as a whole.
        ("2026-02-27T18:00", 1, "work_day", "2026-02-28T18:00"),
        ("2026-02-27T18:00", 2, "work_day", "2026-03-02T18:00"),
        # 2025, National Day and Mid-Autumn: off from Wednesday 1 to Wednesday 8 October; Sunday 28 September and
        # Saturday 11 October are make-up workdays.
        # Friday 26 September 17:00: 1 h; Saturday 27 off; Sunday 28 worked: 7 h until 17:00.
        ("2025-09-26T17:00", 1, "work_day", "2025-09-28T17:00"),
        # Tuesday 30 September 17:00: 1 h; eight days off; 7 h of Thursday 9 October.
        ("2025-09-30T17:00", 1, "work_day", "2025-10-09T17:00"),
        # Friday 10 October 17:00: 1 h; Saturday 11 worked: 7 h until 17:00; on: 1 h and 7 h of Monday 13.
        ("2025-10-10T17:00", 1, "work_day", "2025-10-11T17:00"),
        ("2025-10-10T17:00", 2, "work_day", "2025-10-13T17:00"),
        # 2026, National Day: off from Thursday 1 to Wednesday 7 October; Sunday 20 September and Saturday 10 October
        # are make-up workdays; Mid-Autumn: off from Friday 25 to Sunday 27 September.
        # Saturday 19 September 09:00: off; Sunday 20 as a whole, the second day Monday 21 as a whole.
        ("2026-09-19T09:00", 2, "work_day", "2026-09-21T18:00"),
        # Thursday 24 September 14:20: 3 h 40 min; three days off; 4 h 20 min of Monday 28: until 14:20.
        ("2026-09-24T14:20", 1, "work_day", "2026-09-28T14:20"),
        # Wednesday 30 September 09:00: 7 h; seven days off; 1 h of Thursday 8 October: until 09:00.
        ("2026-09-30T09:00", 1, "work_day", "2026-10-08T09:00"),
        # Friday 9 October 11:00: 5 h; Saturday 10 worked: 3 h until 11:00.
        ("2026-10-09T11:00", 1, "work_day", "2026-10-10T11:00"),
        # Over the turn of the year: Wednesday 31 December 2025 16:00: 2 h; 1 to 3 January off; Sunday 4 January
        # worked: 6 h until 16:00.
        ("2025-12-31T16:00", 1, "work_day", "2026-01-04T16:00"),
    ],
)
def test_a_deadline_is_right_to_the_minute(start, amount, unit, end):
    span = Span(amount, Unit(unit))

    assert after(at(start), span, NOTHING_ENTERED) == at(end)
    assert counted(at(start), at(end), span.unit, NOTHING_ENTERED) == amount * timedelta(
        hours={"work_day": 8, "natural_day": 24}.get(unit, 1)
    )


def test_fifteen_working_days_over_the_festival_of_2025():
    # From Monday 20 January 09:00. Working days after it: 21-24, 26, 27 January (6), 5-8 February (4), 10-14 (5).
    assert after(at("2025-01-20T09:00"), Span(15, Unit.WORK_DAY), NOTHING_ENTERED) == at("2025-02-14T09:00")


def test_what_the_office_entered_stands_before_the_package():
    closed = entered(special("2025-03-04", working=False))
    opened = entered(special("2025-02-04", working=True, name_zh="提前上班"))

    # Monday 09:00, Tuesday closed: 7 h of Monday, 1 h of Wednesday.
    assert after(at("2025-03-03T09:00"), Span(1, Unit.WORK_DAY), closed) == at("2025-03-05T09:00")
    # In the festival: Tuesday 4 February is worked here, a day before the rest of the country.
    assert after(at("2025-01-30T10:00"), Span(1, Unit.WORK_DAY), opened) == at("2025-02-04T18:00")


def test_every_day_is_as_the_package_says():
    days = [date(2004, 1, 1) + timedelta(days=number) for number in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]

    assert [NOTHING_ENTERED.is_working_day(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]


def test_a_year_is_looked_up_when_a_day_of_it_is_asked_for():
    asked = []
    lazy = CommunityCalendar(asked.append)

    after(at("2026-03-02T09:00"), Span(30, Unit.NATURAL_DAY), lazy)
    assert asked == []
    after(at("2026-03-02T09:00"), Span(3, Unit.WORK_DAY), lazy)
    assert set(asked) == {"2026"}
    after(at("2025-12-31T17:00"), Span(1, Unit.WORK_DAY), lazy)
    assert set(asked) == {"2025", "2026"}


@pytest.fixture
def warnings(monkeypatch):
    told = []
    monkeypatch.setattr(calendar, "_told", set())
    monkeypatch.setattr(calendar.log, "warning", lambda text, **details: told.append((text, details)))
    return told


def test_an_unknown_year_has_the_weekdays_and_says_so_once(warnings):
    # Friday 1 October 2032 is a holiday that nobody has announced yet: 1 h of Thursday, 7 h of Friday.
    assert after(at("2032-09-30T17:00"), Span(1, Unit.WORK_DAY), NOTHING_ENTERED) == at("2032-10-01T17:00")
    NOTHING_ENTERED.is_working_day(date(2032, 12, 31))
    NOTHING_ENTERED.is_working_day(date(2033, 1, 3))

    text = "calendar does not know the year; Monday to Friday are taken as working days"
    assert warnings == [(text, {"year": 2032}), (text, {"year": 2033})]


def test_a_year_that_the_office_entered_is_known(warnings):
    known = entered(special("2032-10-01", working=False, name_zh="国庆节"))

    # Friday off, the weekend off: 1 h of Thursday, 7 h of Monday 4 October.
    assert after(at("2032-09-30T17:00"), Span(1, Unit.WORK_DAY), known) == at("2032-10-04T17:00")
    assert warnings == []
