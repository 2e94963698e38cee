"""The next round of an issue: because the resident is dissatisfied, or because what was solved did not last."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.categories import DeadlineClass
from services.issues.domain.issue import Issue
from services.issues.domain.ladder import climb
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import Outcome
from services.issues.domain.who import check_reporter
from services.issues.events import IssueAssigned, IssueReopened
from shared.errors import Refusal

DISSATISFIED = "dissatisfied"  # codes in events; the resident's own words stay here
NOT_LASTING = "not_lasting"
REOPENED = "reopened"


class TooLateToReopen(Refusal):
    """The days after closing are over; a new report is the way."""


@dataclass(frozen=True, kw_only=True)
class Plea:
    """Who wants a closed issue taken up again, why in their own words, and how satisfied they are, if they say so."""

    by: str
    remark: str
    satisfaction: int | None = None


@dataclass(frozen=True, kw_only=True)
class Units:
    """The unit that answers for an issue and the one above it, as far as our copy of the tree knows them."""

    own: OrgUnit | None
    above: OrgUnit | None


Reopening = tuple[Issue, tuple[IssueReopened | IssueAssigned, ...]]


def reopen(issue: Issue, plea: Plea, units: Units, now: datetime, times: Times) -> Reopening:
    """Take a closed issue up again for its reporter.

    Raises Forbidden, StateNotAllowed, TooLateToReopen, in that order.
    """
    check_reporter(issue, plea.by, now, "reopens")
    ISSUE.step(issue.state, "reopen")
    until = times.after(issue.closed_at or now, times.rules.reopen_within)
    if now > until:
        raise TooLateToReopen("the time to reopen it is over; report it anew", until=until.isoformat())
    issue = replace(issue, satisfaction=plea.satisfaction, remark=plea.remark)
    return take_up_again(issue, NOT_LASTING, units, now, times)


def take_up_again(issue: Issue, reason: str, units: Units, now: datetime, times: Times) -> Reopening:
    """Begin the next round of a closed issue where it was solved, or one level up if it was reopened before.

    Raises StateNotAllowed.
    """
    state = ISSUE.step(issue.state, "reopen")
    above = units.above if issue.round > 1 else None  # each reopening, by a bad mark too, began a round
    issue = replace(issue, state=state, confirmed_by=None, forced=False, end_reason=None, public_reason=None)
    issue, reopened = next_round(issue, reason, now, times)
    if above is not None:
        issue, assigned = one_level_up(issue, above, now, times)
        return issue, (reopened, assigned)
    return climb(issue, units.own, now, times) if units.own else issue, (reopened,)


def next_round(issue: Issue, reason: str, now: datetime, times: Times) -> tuple[Issue, IssueReopened]:
    """Say that this round did not help, and begin the next one with its own time to solve it."""
    reopened = IssueReopened(
        issue_id=issue.issue_id,
        round=issue.round,
        satisfaction=issue.satisfaction,
        reason=reason,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    issue = replace(
        issue,
        outcome=Outcome.NONE,
        round=issue.round + 1,
        escalation_level=0,
        closed_at=None,
        forced=False,
        end_reason=None,
        public_reason=None,
    )
    span = times.rules.resolve[issue.deadline_class or DeadlineClass.GENERAL]
    return issue.finish(*ClockKind, now=now).start(ClockKind.RESOLVE, span, now, times), reopened


def one_level_up(issue: Issue, above: OrgUnit | None, now: datetime, times: Times) -> tuple[Issue, IssueAssigned]:
    """Give the issue to the unit above; at the top of the tree, where `above` is None, it stays."""
    if above is not None:
        issue = climb(replace(issue, responsible_unit=above.org_unit_id), above, now, times)
    return issue, IssueAssigned(issue_id=issue.issue_id, org_unit_id=issue.responsible_unit, reason=REOPENED)
