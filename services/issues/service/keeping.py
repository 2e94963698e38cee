"""What every part of the service does with an issue: save it, and let its clocks wake it."""

from dataclasses import replace
from datetime import date

from services.issues import domain, repository
from shared import deadlines, outbox
from shared.transaction import Transaction

CLOCKS = "clocks"  # deadline: something happens on the issue by itself
SATURDAY = 5


class Weekdays:
    """Monday to Friday, for years whose holidays nobody has told us yet."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return day.weekday() < SATURDAY


def times(tx: Transaction) -> domain.Times:
    """Load what the office has set, and the calendar."""
    return domain.Times(repository.rules_in_force(tx), Weekdays())


def keep(tx: Transaction, issue: domain.Issue) -> domain.Issue:
    """Save the issue, and set the moment at which its clocks do something next."""
    issue = domain.let_lapse(issue, tx.now)
    wakes_at = domain.next_moment(issue.clocks)
    if wakes_at != issue.wakes_at:
        if wakes_at is None:
            deadlines.clear(tx, CLOCKS, key=issue.issue_id)
        else:
            deadlines.set(tx, CLOCKS, key=issue.issue_id, due_at=wakes_at)
        issue = replace(issue, wakes_at=wakes_at)
    repository.issues.save(tx, issue)
    return issue


def file_report(
    tx: Transaction,
    report: domain.Report,
    building_id: str,
    *,
    category: domain.Category | None = None,
    hazard: domain.Hazard | None = None,
) -> domain.Issue:
    """Make an issue of a report, and triage it at once where whoever reports knows what it is."""
    building = repository.org_units.get(tx, building_id)
    estate = repository.parent_of(tx, building_id)
    issue, fact = domain.report_issue(
        tx.number("IS"), report, building=building, estate=estate, now=tx.now, times=times(tx)
    )
    if category is None:
        outbox.append(tx, fact)
        return keep(tx, issue)
    found = domain.Assessment(category=category, priority=issue.priority, hazard=hazard, route=None)
    issue, triaged = domain.triage(issue, found, building, tx.now, times(tx))
    outbox.append(tx, fact, *triaged)
    return keep(tx, issue)
