"""What every part of the service does with an issue: save it, and let its clocks wake it."""

from dataclasses import replace
from functools import partial

from services.issues import domain, repository
from services.issues.calendar import CommunityCalendar
from services.issues.service.linked import end_linked
from shared import deadlines, outbox
from shared.transaction import Transaction

CLOCKS = "clocks"  # deadline: something happens on the issue by itself


def times(tx: Transaction) -> domain.Times:
    """Load what the office has set, and the calendar."""
    return domain.Times(repository.rules_in_force(tx), CommunityCalendar(partial(repository.calendar_years.find, tx)))


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
    """Save the issue with what is counted of it, end what hangs on it with it, and set when its clocks act next."""
    issue = end_linked(tx, issue, times(tx))
    issue = domain.let_lapse(replace(issue, clocks=domain.settle(issue.clocks, times(tx))), tx.now)
    if issue.state in domain.ENDED or issue.clock(domain.ClockKind.RETENTION) is not None:
        issue = domain.retain(issue, tx.now, times(tx))
    before = repository.issues.find(tx, issue.issue_id) if issue.revision else None
    issue = domain.count(before, issue, tx.now, repeated=before is None and repository.note_report(tx, issue))
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
