"""Time as clocks count it: all of it, or only while people work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Protocol

from shared.errors import Refusal

COMMUNITY_TIME = timezone(timedelta(hours=8), "UTC+8")  # one zone in all of China, without summer time since 1991
HORIZON = timedelta(days=3653)  # ten years; no clock runs longer, so a calendar without a working day is found out


class Unit(StrEnum):
    """What a span of time is counted in; which units a clock may use is its own table's business."""

    URGENT_HOUR = "urgent_hour"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"

    @property
    def continuous(self) -> bool:
        """Whether nights, weekends and holidays count."""
        return self in (Unit.URGENT_HOUR, Unit.NATURAL_DAY)


class NoWorkingTime(Refusal):
    """The calendar has not enough working days in the ten years that follow."""


class Calendar(Protocol):
    """Which days people work."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day of community time."""


@dataclass(frozen=True)
class Span:
    """A length of time as a rule states it: 2 working days."""

    amount: float  # half an hour is 0.5 hours
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError(f"a span is more than nothing, not {self.amount} {self.unit}")


@dataclass(frozen=True)
class WorkingHours:
    """When people work on a working day, in community time; slots in order, from and to."""

    slots: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        edges = [edge for slot in self.slots for edge in slot]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("working hours are one or more slots, in order and apart")

    @property
    def day(self) -> timedelta:
        """The length of a working day."""
        return sum((_since_midnight(to) - _since_midnight(from_) for from_, to in self.slots), timedelta())

    def on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Name the moments at which work begins and ends on a working day."""
        for from_, to in self.slots:
            yield datetime.combine(day, from_, COMMUNITY_TIME), datetime.combine(day, to, COMMUNITY_TIME)


# The hours of public offices, and the slots in which city management systems (数字城管) count their cases.
WORKING_HOURS = WorkingHours(((time(8), time(12)), (time(14), time(18))))


def length(span: Span, hours: WorkingHours = WORKING_HOURS) -> timedelta:
    """Say how much counted time the span is: a working day is as long as people work on one."""
    one = {
        Unit.URGENT_HOUR: timedelta(hours=1),
        Unit.WORK_HOUR: timedelta(hours=1),
        Unit.WORK_DAY: hours.day,
        Unit.NATURAL_DAY: timedelta(days=1),
    }
    return span.amount * one[span.unit]


def after(start: datetime, span: Span, calendar: Calendar, hours: WorkingHours = WORKING_HOURS) -> datetime:
    """Say when the span that begins now is over, in community time; raises NoWorkingTime."""
    return advance(start, length(span, hours), span.unit, calendar, hours)


def advance(
    start: datetime, duration: timedelta, unit: Unit, calendar: Calendar, hours: WorkingHours = WORKING_HOURS
) -> datetime:
    """Say when this much time of the unit's kind will have been counted, in community time; raises NoWorkingTime.

    What ends with a slot ends at its end, not at the beginning of the next one.
    """
    start = _in_community_time(start)
    if duration < timedelta():
        raise ValueError(f"time only goes on, not back by {-duration}")
    if unit.continuous or not duration:
        return start + duration
    left = duration
    for begins, ends in _worked(start, start + HORIZON, calendar, hours):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise NoWorkingTime(f"{duration} of working time are not over by {start + HORIZON}", start=start.isoformat())


def counted(
    start: datetime, end: datetime, unit: Unit, calendar: Calendar, hours: WorkingHours = WORKING_HOURS
) -> timedelta:
    """Say how much time of the unit's kind lies between two moments; none where the end is not after the start."""
    start, end = _in_community_time(start), _in_community_time(end)
    if unit.continuous:
        return max(end - start, timedelta())
    return sum((ends - begins for begins, ends in _worked(start, end, calendar, hours)), timedelta())


def _worked(
    start: datetime, end: datetime, calendar: Calendar, hours: WorkingHours
) -> Iterator[tuple[datetime, datetime]]:
    """Cut what people work between two moments into pieces without a pause; asks for a day when it gets there."""
    for number in range((end.date() - start.date()).days + 1):
        day = start.date() + timedelta(days=number)
        if calendar.is_working_day(day):
            for begins, ends in hours.on(day):
                piece = max(begins, start), min(ends, end)
                if piece[0] < piece[1]:
                    yield piece


def day_of(moment: datetime) -> date:
    """Say which day it is in the community."""
    return _in_community_time(moment).date()


def _in_community_time(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is not a moment")
    return moment.astimezone(COMMUNITY_TIME)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
