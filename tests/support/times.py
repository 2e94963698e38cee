"""The times of issues as they come, on a calendar of plain weeks; a rule's test asks for no holidays."""

from datetime import date, datetime

from services.issues import domain
from shared.clock import COMMUNITY_TIME

SATURDAY = 5


class Weekdays:
    """Monday to Friday."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return day.weekday() < SATURDAY


TIMES = domain.Times(domain.Rules(), Weekdays())
NOW = datetime(2025, 3, 3, 9, 0, tzinfo=COMMUNITY_TIME)  # T0 of the stories, a Monday
