"""Who says "me too" instead of reporting the same problem again."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.group import GuardedStaysAlone
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.states import IssueState
from shared.errors import Refusal


class OwnIssue(Refusal):
    """Who reported an issue is counted as its reporter."""


@dataclass(frozen=True, kw_only=True)
class Support:
    """One person's "me too" to one issue."""

    support_id: str
    issue_id: str
    person_id: str
    since: datetime
    revision: int = 0


def support_id(issue_id: str, person: str) -> str:
    """Name the support of a person for an issue."""
    return f"{issue_id}/{person}"


def support(issue: Issue, lead: Issue, person: str, now: datetime) -> tuple[Issue, Issue, Support]:
    """Count one more supporter; `lead` is the issue itself where it is not merged.

    Raises StateNotAllowed, GuardedStaysAlone, OwnIssue, in that order.
    """
    ISSUE.step(issue.state, "support")
    if issue.guarded:
        raise GuardedStaysAlone("what is not everybody's business has no supporters", issue_id=issue.issue_id)
    if person == issue.reporter_ref:
        raise OwnIssue("the reporter need not support the issue", issue_id=issue.issue_id)
    one = Support(support_id=support_id(issue.issue_id, person), issue_id=issue.issue_id, person_id=person, since=now)
    return *_counted(issue, lead, 1), one


def withdraw_support(issue: Issue, lead: Issue) -> tuple[Issue, Issue]:
    """Count one supporter less; raises StateNotAllowed."""
    ISSUE.step(issue.state, "withdraw_support")
    return _counted(issue, lead, -1)


def _counted(issue: Issue, lead: Issue, change: int) -> tuple[Issue, Issue]:
    issue = replace(issue, supporters=issue.supporters + change)
    if issue.state is not IssueState.MERGED:
        return issue, issue
    return issue, replace(lead, group_supporters=lead.group_supporters + change)
