"""Reports of the same problem as one group: a lead that is worked on, members that wait and can leave as they came."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.rules import Times
from services.issues.domain.states import UNSOLVED
from services.issues.domain.who import is_reporter_or_proxy
from services.issues.events import IssueMerged, IssueUnmerged
from shared.errors import Refusal

REPORTER = "reporter"  # who merged it, where it was the reporter's own wish; a name of theirs would have to be cut
MOST_MEMBERS = 200  # of one lead; all of them are resolved with it in one transaction


class MergedIntoItself(Refusal):
    """An issue leads others, not itself."""


class LeadNotOpen(Refusal):
    """Only an issue whose work is still to be done takes members."""


class LeadsAGroup(Refusal):
    """A lead with members does not become a member: no chains."""


class GroupIsFull(Refusal):
    """The lead has as many members as can end with it at once."""


class GuardedStaysAlone(Refusal):
    """Being linked to others would tell of an issue that is sensitive or not public who needs what."""


class NotTheSameProblem(Refusal):
    """The two issues are about another place or another class."""


def merge(
    issue: Issue, lead: Issue, *, by: str, now: datetime, command: str = "merge"
) -> tuple[Issue, Issue, IssueMerged]:
    """Let the issue wait for its lead, with all that is its own.

    Raises MergedIntoItself, StateNotAllowed, LeadNotOpen, LeadsAGroup, GroupIsFull, GuardedStaysAlone,
    NotTheSameProblem, in that order.
    """
    if issue.issue_id == lead.issue_id:
        raise MergedIntoItself("name another issue as the lead", issue_id=issue.issue_id)
    state = ISSUE.step(issue.state, command)
    _check_roles(issue, lead)
    _check_problem(issue, lead)
    by = REPORTER if is_reporter_or_proxy(issue, by, now) else by
    issue = replace(issue, state=state, state_before=issue.state, merged_at=now, merged_by=by)
    issue = replace(issue.with_clocks(clocks.silence(issue.clocks)), next_due_at=None)
    return put_under(issue, lead)


def _check_roles(issue: Issue, lead: Issue) -> None:
    if lead.state not in UNSOLVED:
        raise LeadNotOpen(f"{lead.issue_id} is {lead.state}", into=lead.issue_id, state=lead.state.value)
    if issue.members:
        raise LeadsAGroup("take its members out of it first", issue_id=issue.issue_id, members=len(issue.members))
    if len(lead.members) >= MOST_MEMBERS:
        raise GroupIsFull(f"a group has at most {MOST_MEMBERS} members", into=lead.issue_id)


def _check_problem(issue: Issue, lead: Issue) -> None:
    if issue.guarded or lead.guarded:
        raise GuardedStaysAlone(
            "what is not everybody's business is not merged", issue_id=issue.issue_id, into=lead.issue_id
        )
    if not same_place(issue, lead):
        raise NotTheSameProblem("neither the building nor the asset is the same", into=lead.issue_id)
    if not same_class(issue, lead):
        raise NotTheSameProblem("the categories differ", category=issue.category, category_of_lead=lead.category)


def same_place(one: Issue, other: Issue) -> bool:
    """Whether both are about one building or one asset."""
    return one.building_id == other.building_id or same_asset(one, other)


def same_asset(one: Issue, other: Issue) -> bool:
    """Whether both are about one asset."""
    return one.asset_id is not None and one.asset_id == other.asset_id


def same_class(one: Issue, other: Issue) -> bool:
    """Whether both have one category, or may have: triage has not looked at one of them."""
    return None in (one.category, other.category) or one.category == other.category


def unmerge(issue: Issue, lead: Issue, *, now: datetime, times: Times) -> tuple[Issue, Issue, IssueUnmerged]:
    """Let a member stand on its own again, as it was (I8); raises StateNotAllowed.

    Clocks of the staff have the time that was left; the one that was promised to the resident ran on.
    """
    ISSUE.step(issue.state, "unmerge")
    issue, fact = come_back(issue, "unmerge", now, times)
    lead = replace(
        lead,
        members=tuple(one for one in lead.members if one != issue.issue_id),
        group_supporters=lead.group_supporters - issue.supporters,
    )
    return issue, lead, fact


def come_back(issue: Issue, command: str, now: datetime, times: Times) -> tuple[Issue, IssueUnmerged]:
    """Undo what merging did to the member."""
    fact = IssueUnmerged(
        issue_id=issue.issue_id,
        from_issue_id=str(issue.lead_issue_id),
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    heard = clocks.hear(issue.clocks, since=issue.merged_at or now, by=issue.merged_by or "", now=now, times=times)
    state = ISSUE.step(issue.state, command, issue.state_before)
    issue = replace(issue, state=state, state_before=None, lead_issue_id=None, merged_at=None, merged_by=None)
    return issue.with_clocks(heard), fact


def put_under(issue: Issue, lead: Issue) -> tuple[Issue, Issue, IssueMerged]:
    """Count the issue among the members of the lead."""
    issue = replace(issue, lead_issue_id=lead.issue_id)
    lead = replace(
        lead,
        members=(*lead.members, issue.issue_id),
        group_supporters=lead.group_supporters + issue.supporters,
    )
    fact = IssueMerged(
        issue_id=issue.issue_id, into_issue_id=lead.issue_id, reporter_ref=issue.reporter_ref, title=issue.title
    )
    return issue, lead, fact
