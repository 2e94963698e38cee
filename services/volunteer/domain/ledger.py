"""Hours that count: an append-only ledger, the totals and the stars that follow from it (R8, R9, V7, V9)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.volunteer.domain.dispatch import Dispatch
from services.volunteer.domain.hours import star_at, to_hours
from services.volunteer.domain.volunteer import Volunteer
from services.volunteer.events import HoursCredited, StarAwarded


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """Hours of one volunteer in one dispatch; the id is the business key, so there is one row for both."""

    ledger_id: str
    dispatch_id: str
    volunteer_id: str
    issue_id: str
    round: int
    hundredths: int
    total_hundredths: int
    credited_at: datetime
    revision: int = 0


def credit(
    volunteer: Volunteer, dispatch: Dispatch, now: datetime
) -> tuple[Volunteer, LedgerRow, tuple[HoursCredited | StarAwarded, ...]]:
    """Add the hours served in a dispatch to the volunteer's total, with a star for each step that is reached."""
    [served] = (offer.hundredths for offer in dispatch.assigned if offer.volunteer_id == volunteer.volunteer_id)
    total = volunteer.hundredths + served
    stars = range(volunteer.star + 1, star_at(total) + 1)
    row = LedgerRow(
        ledger_id=f"{dispatch.dispatch_id}/{volunteer.volunteer_id}",
        dispatch_id=dispatch.dispatch_id,
        volunteer_id=volunteer.volunteer_id,
        issue_id=dispatch.issue_id,
        round=dispatch.round,
        hundredths=served,
        total_hundredths=total,
        credited_at=now,
    )
    awarded = [_star(volunteer, star, total) for star in stars]
    volunteer = replace(volunteer, hundredths=total, star=max(volunteer.star, star_at(total)))
    return volunteer, row, (_credited(row, volunteer, dispatch.title), *awarded)


def _credited(row: LedgerRow, volunteer: Volunteer, title: str | None) -> HoursCredited:
    return HoursCredited(
        ledger_id=row.ledger_id,
        dispatch_id=row.dispatch_id,
        volunteer_id=row.volunteer_id,
        hours=to_hours(row.hundredths),
        total_hours=to_hours(row.total_hundredths),
        person_id=volunteer.person_id,
        title=title,
    )


def _star(volunteer: Volunteer, star: int, total: int) -> StarAwarded:
    return StarAwarded(
        volunteer_id=volunteer.volunteer_id, star=star, total_hours=to_hours(total), person_id=volunteer.person_id
    )
