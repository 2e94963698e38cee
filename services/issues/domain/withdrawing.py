"""A reporter takes a report back; what endangers people goes on without them."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain.decisions import over
from services.issues.domain.issue import NOBODY, Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.states import IssueState, Outcome
from services.issues.domain.who import check_reporter
from services.issues.events import IssueWithdrawn


def withdraw(issue: Issue, *, by: str, reason: str | None, safety: bool, now: datetime) -> tuple[Issue, IssueWithdrawn]:
    """End the issue; where people are in danger, or its category is one of `safety`, it goes on without its reporter.

    Raises Forbidden, StateNotAllowed, in that order.
    """
    check_reporter(issue, by, now, "withdraws")
    stays_open = issue.hazard is not None or safety
    state = ISSUE.step(issue.state, "withdraw", issue.state if stays_open else IssueState.WITHDRAWN)
    fact = IssueWithdrawn(issue_id=issue.issue_id, stays_open=stays_open, round=issue.round)
    if stays_open:
        return _without_reporter(replace(issue, withdraw_reason=reason)), fact
    return replace(over(issue, state, Outcome.WITHDRAWN, now), withdraw_reason=reason), fact


def _without_reporter(issue: Issue) -> Issue:
    """Cut who reported it: nobody is told, asked or called any more."""
    exchanges = tuple(replace(one, answered_by=one.answered_by and NOBODY) for one in issue.exchanges)
    feedback = tuple(replace(one, by=NOBODY) if one.by == issue.reporter_ref else one for one in issue.feedback)
    return replace(issue, reporter_ref=NOBODY, proxies=(), confirmed_by=None, exchanges=exchanges, feedback=feedback)
