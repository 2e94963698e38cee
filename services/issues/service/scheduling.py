"""The days on which people work."""

from typing import Any

from services.issues import calendar, domain, repository, schemas
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Scheduling:
    """The days on which people work."""

    @command(schemas.SetSpecialDays)
    def set_special_days(self, tx: Transaction, request: schemas.SetSpecialDays) -> dict[str, Any]:
        """Say on which days people work or not; clocks that run already keep their due dates."""
        domain.authorise(tx.actor, "set_special_days")
        changed = []
        for year in domain.years_of(request.special_days, request.remove):
            known = repository.calendar_year(tx, year)
            entered = domain.set_special_days(known, request.special_days, request.remove)
            if entered != known:
                repository.calendar_years.save(tx, entered)
                changed.append(int(year))
        return {"changed_years": changed}

    @query(schemas.ListSpecialDays)
    def list_special_days(self, tx: Transaction, request: schemas.ListSpecialDays) -> dict[str, Any]:
        """List the holidays and make-up workdays of a year, and whether anybody knows it: `known`."""
        entered = repository.calendar_year(tx, str(request.year))
        return schemas.year_view(entered, calendar.national_days(request.year))
