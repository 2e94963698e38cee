"""What was solved and came again: another report about the same thing soon after closing."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain.group import merge, same_asset, same_class
from services.issues.domain.issue import Issue
from services.issues.domain.reopening import Units, take_up_again
from services.issues.domain.rules import Times
from services.issues.domain.states import IssueState
from services.issues.events import IssueAssigned, IssueMerged, IssueReopened
from shared.errors import Refusal

RELAPSE = "relapse"  # the code in events
SOLVED_BEFORE = (IssueState.CLOSED, IssueState.FORCE_CLOSED)


class NotARelapse(Refusal):
    """The report is not about an issue that was closed lately on the same asset."""


def link_relapse(issue: Issue, earlier: Issue | None, times: Times) -> Issue:
    """Mark a report as a relapse of the issue that was closed last on its asset and class, if that is not long ago."""
    if earlier is None or _difference(issue, earlier, times):
        return issue
    return replace(issue, relapse_of=earlier.issue_id)


def relapse(
    issue: Issue, of: Issue, units: Units, *, by: str, now: datetime, times: Times
) -> tuple[Issue, Issue, tuple[IssueReopened | IssueAssigned | IssueMerged, ...]]:
    """Take the closed issue up again, at `units`, and let it lead the new report.

    Raises NotARelapse with what differs, and what `merge` raises.
    """
    if difference := _difference(issue, of, times):
        raise NotARelapse(difference, issue_id=issue.issue_id, of=of.issue_id)
    of, facts = take_up_again(of, RELAPSE, units, now, times)
    issue, of, merged = merge(replace(issue, relapse_of=of.issue_id), of, by=by, now=now, command="relapse")
    return issue, of, (*facts, merged)


def _difference(issue: Issue, earlier: Issue, times: Times) -> str:
    """Say why the issue is no relapse of the earlier one; nothing where it is one."""
    if not same_asset(issue, earlier):
        return "the two are not about one asset"
    if not same_class(issue, earlier):
        return "the categories differ"
    if earlier.state not in SOLVED_BEFORE or earlier.closed_at is None:
        return f"{earlier.issue_id} is {earlier.state}, not closed"
    until = times.after(earlier.closed_at, times.rules.relapse_within)
    return "" if earlier.closed_at <= issue.reported_at <= until else f"reported later than {until.isoformat()}"
