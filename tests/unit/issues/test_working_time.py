"""March 2025: the 3rd is a Monday, the 8th and 9th are a weekend."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.issues.domain import working_time
from services.issues.domain.working_time import COMMUNITY_TIME, NoWorkingTime, Span, Unit, WorkingHours, after, counted


class Weekdays:
    """Monday to Friday, but for the days named."""

    def __init__(self, closed=(), opened=()):
        self.closed, self.opened = frozenset(closed), frozenset(opened)

    def is_working_day(self, day):
        return day in self.opened or (day.weekday() < 5 and day not in self.closed)


def at(text):
    """The moment in community time, of March 2025 where only day and time are given."""
    return datetime.fromisoformat(f"2025-03-{text}" if len(text) <= len("03T09:00:00") else text).replace(
        tzinfo=COMMUNITY_TIME
    )


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("03T11:45", 0.5, "work_hour", "03T14:15"),
        ("03T23:45", 0.5, "urgent_hour", "04T00:15"),
        ("03T09:00", 1, "work_day", "04T09:00"),
        ("03T19:00", 1, "work_day", "04T18:00"),  # after hours: the whole of Tuesday
        ("03T07:30", 1, "work_day", "03T18:00"),  # before hours: the whole of Monday
        ("03T12:30", 1, "work_day", "04T12:00"),  # at noon: the afternoon and the next morning
        ("03T18:00", 1, "work_day", "04T18:00"),
        ("07T16:30:15", 1, "work_day", "10T16:30:15"),  # Friday to Monday, to the second
        ("08T11:00", 2, "work_day", "11T18:00"),  # on a Saturday: Monday and Tuesday
        ("03T09:00", 5, "work_day", "10T09:00"),
        ("03T11:00", 1, "work_hour", "03T12:00"),  # ends with the slot, not at 14:00
        ("03T11:30", 1, "work_hour", "03T14:30"),  # the pause at noon does not count
        ("07T17:15", 3, "work_hour", "10T10:15"),
        ("03T09:00", 17, "work_hour", "05T10:00"),
        ("07T23:45:30", 2, "urgent_hour", "08T01:45:30"),  # nights and weekends count
        ("07T17:15", 3, "natural_day", "10T17:15"),
        ("2024-02-28T10:00", 2, "natural_day", "2024-03-01T10:00"),  # leap year
        ("2024-12-31T23:00", 2, "urgent_hour", "2025-01-01T01:00"),
    ],
)
def test_a_span_ends_at_the_minute_that_people_expect(start, amount, unit, end):
    assert after(at(start), Span(amount, Unit(unit)), Weekdays()) == at(end)


def test_a_holiday_is_skipped_and_a_make_up_day_counts():
    calendar = Weekdays(closed=[date(2025, 3, 7), date(2025, 3, 10)], opened=[date(2025, 3, 8)])

    # Thursday 17:00: one hour left; Friday off; Saturday worked: 7 h until 17:00
    assert after(at("06T17:00"), Span(1, Unit.WORK_DAY), calendar) == at("08T17:00")
    # the second day: 1 h of Saturday, Sunday and Monday off, 7 h of Tuesday
    assert after(at("06T17:00"), Span(2, Unit.WORK_DAY), calendar) == at("11T17:00")


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("America/New_York"), timezone(timedelta(hours=5, minutes=45))])
def test_the_answer_is_in_community_time_whatever_zone_the_question_is_in(zone):
    end = after(at("03T19:00").astimezone(zone), Span(1, Unit.WORK_DAY), Weekdays())

    assert (end, end.utcoffset()) == (at("04T18:00"), timedelta(hours=8))


@pytest.mark.parametrize(
    ("start", "end", "unit", "hours"),
    [
        ("03T09:00", "04T09:00", "work_day", 8),
        ("03T09:00", "04T09:00", "natural_day", 24),
        ("03T12:00", "03T14:00", "work_hour", 0),
        ("03T12:00", "03T14:00", "urgent_hour", 2),
        ("07T18:00", "10T08:00", "work_hour", 0),
        ("07T17:00", "10T09:30", "work_hour", 2.5),
        ("04T09:00", "03T09:00", "work_hour", 0),
        ("04T09:00", "03T09:00", "urgent_hour", 0),
        ("04T09:00", "04T09:00", "work_hour", 0),
    ],
)
def test_between_two_moments_as_much_is_counted_as_people_expect(start, end, unit, hours):
    assert counted(at(start), at(end), Unit(unit), Weekdays()) == timedelta(hours=hours)


def test_other_hours_make_another_working_day():
    mornings = WorkingHours(((time(8, 30), time(11, 45)),))

    assert working_time.length(Span(2, Unit.WORK_DAY), mornings) == timedelta(hours=6, minutes=30)
    assert after(at("03T09:00"), Span(1, Unit.WORK_DAY), Weekdays(), mornings) == at("04T09:00")


def test_nothing_to_count_leaves_the_moment_where_it_is():
    for unit in Unit:
        assert working_time.advance(at("08T03:00"), timedelta(), unit, Weekdays()) == at("08T03:00")


def test_a_calendar_without_working_days_is_found_out():
    class Closed:
        def is_working_day(self, _day):
            return False

    with pytest.raises(NoWorkingTime):
        after(at("03T09:00"), Span(1, Unit.WORK_HOUR), Closed())
    assert counted(at("03T09:00"), at("05T09:00"), Unit.WORK_HOUR, Closed()) == timedelta()


@pytest.mark.parametrize("amount", [0, -1])
def test_a_span_is_never_empty(amount):
    with pytest.raises(ValueError, match="more than nothing"):
        Span(amount, Unit.WORK_DAY)


@pytest.mark.parametrize(
    "slots",
    [
        (),
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(14), time(18)), (time(8), time(12))),
        ((time(8), time(13)), (time(12), time(18))),
    ],
)
def test_working_hours_are_in_order_and_apart(slots):
    with pytest.raises(ValueError, match="in order and apart"):
        WorkingHours(slots)


def test_a_moment_has_a_zone_and_time_goes_on():
    naive = datetime(2025, 3, 3, 9, 0)  # noqa: DTZ001 -- what is refused
    with pytest.raises(ValueError, match="zone"):
        after(naive, Span(1, Unit.URGENT_HOUR), Weekdays())
    with pytest.raises(ValueError, match="not back"):
        working_time.advance(at("03T09:00"), -timedelta(minutes=1), Unit.URGENT_HOUR, Weekdays())


MARCH_AND_ON = [date(2025, 3, 1) + timedelta(days=number) for number in range(120)]
days = st.frozensets(st.sampled_from(MARCH_AND_ON), max_size=60)
calendars = st.builds(Weekdays, closed=days, opened=days)
zones = st.sampled_from([UTC, COMMUNITY_TIME, ZoneInfo("America/New_York")])
moments = st.builds(
    lambda since, zone: (at("01T00:00") + since).astimezone(zone),
    st.timedeltas(timedelta(days=-10), timedelta(days=140)),
    zones,
)
spans = st.builds(Span, st.integers(1, 90) | st.floats(0.01, 90), st.sampled_from(Unit))
durations = st.timedeltas(timedelta(), timedelta(days=40))
units = st.sampled_from(Unit)


@given(start=moments, span=spans, calendar=calendars)
@example(start=at("03T19:00"), span=Span(1, Unit.WORK_DAY), calendar=Weekdays())
def test_what_is_counted_until_the_end_of_a_span_is_its_length(start, span, calendar):
    assert counted(start, after(start, span, calendar), span.unit, calendar) == working_time.length(span)


@given(start=moments, duration=durations, unit=units, calendar=calendars)
def test_the_end_is_the_first_moment_by_which_so_much_is_counted(start, duration, unit, calendar):
    end = working_time.advance(start, duration, unit, calendar)

    assert counted(start, end, unit, calendar) == duration
    assert not duration or counted(start, end - timedelta(microseconds=1), unit, calendar) < duration


@given(start=moments, first=durations, then=durations, unit=units, calendar=calendars)
def test_going_on_twice_is_going_on_once_by_the_sum(start, first, then, unit, calendar):
    halfway = working_time.advance(start, first, unit, calendar)

    assert not then or working_time.advance(halfway, then, unit, calendar) == working_time.advance(
        start, first + then, unit, calendar
    )


@given(one=moments, two=moments, three=moments, unit=units, calendar=calendars)
def test_counted_time_adds_up(one, two, three, unit, calendar):
    one, two, three = sorted((one, two, three))

    assert counted(one, two, unit, calendar) + counted(two, three, unit, calendar) == counted(
        one, three, unit, calendar
    )
