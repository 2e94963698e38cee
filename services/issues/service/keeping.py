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
    """Save the issue, set the moment at which its clocks do something next, and let the members of its group follow."""
    if domain.is_followed(issue):
        members = repository.issues_of(tx, issue.members)
        issue, gone, facts = domain.follow(issue, members, tx.now, times(tx))
        for member in gone:
            _save(tx, member)
        outbox.append(tx, *facts)
    return _save(tx, issue)


def _save(tx: Transaction, issue: domain.Issue) -> domain.Issue:
    wakes_at = domain.next_moment(issue.clocks)
    if wakes_at != issue.wakes_at:
        if wakes_at is None:
            deadlines.clear(tx, CLOCKS, key=issue.issue_id)
        else:
            deadlines.set(tx, CLOCKS, key=issue.issue_id, due_at=wakes_at)
        issue = replace(issue, wakes_at=wakes_at)
    repository.issues.save(tx, issue)
    return issue
