"""Volunteers for an issue: asked for, and at work."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.issues.domain.categories import Category, Level, QualificationPolicy
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE, DeliberationState
from services.issues.domain.rules import ClockKind
from services.issues.domain.states import IssueState
from services.issues.events import IssueHelpRequested, Recurring
from shared.errors import Refusal

DUAL_LEAD_FROM = 2  # helpers; R7


class LeadRule(StrEnum):
    """Whether a Party member and a non-member must go together (双带)."""

    DUAL_LEAD = "dual_lead"
    NONE = "none"


class DeliberationNotPassed(Refusal):
    """The residents were asked and did not agree."""


class NoQualificationKnown(Refusal):
    """The category names no qualification that could be asked for."""


class DispatchOfEarlierRound(Refusal):
    """The volunteers were found for a round that is over."""


@dataclass(frozen=True, kw_only=True)
class HelpWanted:
    """Who is needed for how long, from how far away; what is None follows the category and R7."""

    needed: int
    hours_estimate: float
    scope: Level
    policy: QualificationPolicy | None
    lead_rule: LeadRule | None
    urgent: bool
    recurring: Recurring | None = None


def request_help(issue: Issue, wanted: HelpWanted, category: Category) -> tuple[Issue, IssueHelpRequested]:
    """Ask volunteer for helpers, by the version of the category that the issue was sorted by.

    Raises StateNotAllowed, DeliberationNotPassed, NoQualificationKnown, in that order.
    """
    issue = replace(issue, state=ISSUE.step(issue.state, "request_help"), help_requests=issue.help_requests + 1)
    if issue.deliberation_result is DeliberationState.REJECTED:
        raise DeliberationNotPassed("the residents voted against it", deliberation_id=issue.decided_deliberation_id)
    policy = wanted.policy or category.policy
    qualification = _qualification(category, policy)
    fact = IssueHelpRequested(
        issue_id=issue.issue_id,
        category=str(issue.category),
        needed=wanted.needed,
        hours_estimate=wanted.hours_estimate,
        scope=wanted.scope,
        qualification_policy=policy,
        lead_rule=wanted.lead_rule or _lead_rule(wanted.needed),
        urgent=wanted.urgent,
        sensitive=issue.sensitive,
        building_id=issue.building_id,
        qualification=qualification,
        round=issue.round,
        request_no=issue.help_requests,
        title=issue.title,
        recurring=wanted.recurring,
    )
    return issue, fact


def _lead_rule(needed: int) -> LeadRule:
    return LeadRule.DUAL_LEAD if needed >= DUAL_LEAD_FROM else LeadRule.NONE


def _qualification(category: Category, policy: QualificationPolicy) -> str | None:
    if policy is QualificationPolicy.NONE:
        return None
    if category.qualification is None:
        raise NoQualificationKnown(f"{category.code} has none; ask with none", qualification_policy=policy.value)
    return category.qualification


def dispatch_filled(issue: Issue, volunteer_ids: tuple[str, ...], round_no: int | None, now: datetime) -> Issue:
    """Note who helps; the work begins, where a vote is under way after it, where it is merged once it leaves.

    Raises DispatchOfEarlierRound, StateNotAllowed: then the fact came too late and changes nothing.
    """
    if round_no not in (None, issue.round):
        raise DispatchOfEarlierRound(f"the issue is in round {issue.round}", round=round_no)
    deliberating, merged = issue.state is IssueState.DELIBERATING, issue.state is IssueState.MERGED
    return replace(
        issue,
        state=ISSUE.step(issue.state, "dispatch_filled"),
        state_after_vote=IssueState.IN_PROGRESS if deliberating else issue.state_after_vote,
        state_before=IssueState.IN_PROGRESS if merged else issue.state_before,
        helpers=issue.helpers + tuple(person for person in volunteer_ids if person not in issue.helpers),
    ).finish(ClockKind.LADDER, now=now)
