"""Days as people here count them."""

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # one time zone, no summer time since 1991


def day_of(moment: datetime) -> date:
    """Return the calendar day of a moment in China."""
    return moment.astimezone(CHINA).date()


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    _, last = monthrange(day.year + years, month + 1)
    return date(day.year + years, month + 1, min(day.day, last))
