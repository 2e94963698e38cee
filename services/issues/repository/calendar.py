"""What the office entered into the calendar, a document for each year."""

from services.issues import domain
from shared.collection import Collection
from shared.transaction import Transaction

calendar_years = Collection("calendar_years", domain.CalendarYear, key="year")


def calendar_year(tx: Transaction, year: str) -> domain.CalendarYear:
    """Load what the office entered for a year, which may be nothing."""
    return calendar_years.find(tx, year) or domain.CalendarYear(year=year)
