"""The ladder of rule R4: who does not act in time loses the issue to the level above, at the end to the district."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.apart import handled_by
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.working_time import Span, Unit
from services.issues.events import IssueDeadlineSet, IssueEscalated, IssueHandedOver, IssueStarted
from shared.errors import Refusal

DISTRICT_PLATFORM = "district_platform"
OVERDUE = "overdue"


class DeadlineInThePast(Refusal):
    """A due date lies in the future."""


class NothingIsDue(Refusal):
    """No clock runs whose end could be moved."""


def climb(issue: Issue, unit: OrgUnit, now: datetime, times: Times) -> Issue:
    """Give the responsible unit the hours of its level (R4)."""
    ladder = times.rules.ladder_hazard if issue.hazard is not None else times.rules.ladder_normal
    return issue.start(ClockKind.LADDER, Span(ladder[unit.level], Unit.URGENT_HOUR), now, times)


def go_up(
    issue: Issue, above: OrgUnit | None, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueEscalated | IssueHandedOver, ...]]:
    """Give the issue to the unit above, or from the top to the district; raises StateNotAllowed."""
    if above is None:
        return _hand_over(issue, now)
    state = ISSUE.step(issue.state, "escalate")
    below = issue.responsible_unit
    issue = replace(issue, state=state, responsible_unit=above.org_unit_id, escalation_level=issue.escalation_level + 1)
    issue = climb(issue, above, now, times)
    ladder = issue.clock(ClockKind.LADDER)
    escalated = IssueEscalated(
        issue_id=issue.issue_id,
        from_unit=below,
        to_unit=above.org_unit_id,
        escalation_level=issue.escalation_level,
        reason=OVERDUE,
        due_at=ladder.due_at if ladder else now,
        round=issue.round,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, (escalated,)


def _hand_over(issue: Issue, now: datetime) -> tuple[Issue, tuple[IssueHandedOver, ...]]:
    reference_no = issue.linked_id("HO", ())
    issue = replace(issue, state=ISSUE.step(issue.state, "hand_over"), reference_no=reference_no, closed_at=now).finish(
        *ClockKind, now=now
    )
    return issue, (handed_over_fact(issue),)


def handed_over_fact(issue: Issue) -> IssueHandedOver:
    """Say under which number the district has this issue."""
    return IssueHandedOver(
        issue_id=issue.issue_id,
        to=DISTRICT_PLATFORM,
        reference_no=str(issue.reference_no),
        round=issue.round,
        from_unit=issue.responsible_unit,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )


def act(issue: Issue, *, by: str, now: datetime) -> tuple[Issue, tuple[IssueStarted, ...]]:
    """Take the issue on as a person of our own tree; the ladder stops, and a second act says nothing new.

    Raises StateNotAllowed, VerifierMayNotHandle, in that order.
    """
    state = ISSUE.step(issue.state, "act")
    is_new = state is not issue.state or issue.clock(ClockKind.LADDER) is not None
    issue = replace(handled_by(issue, by), state=state).finish(ClockKind.LADDER, now=now)
    fact = IssueStarted(
        issue_id=issue.issue_id,
        unit=issue.responsible_unit,
        round=issue.round,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, (fact,) if is_new else ()


def set_deadline(issue: Issue, due_at: datetime, now: datetime, times: Times) -> tuple[Issue, IssueDeadlineSet]:
    """Move the end of the ladder's step, or of the time to solve it where nobody climbs any more.

    Raises StateNotAllowed, DeadlineInThePast, NothingIsDue, in that order.
    """
    ISSUE.step(issue.state, "set_deadline")
    if due_at <= now:
        raise DeadlineInThePast("the new due date has passed", due_at=due_at.isoformat(), now=now.isoformat())
    kinds = (ClockKind.LADDER, ClockKind.RESOLVE, ClockKind.ACCEPT)
    clock = next((found for kind in kinds if (found := issue.clock(kind)) is not None), None)
    if clock is None:
        raise NothingIsDue("no clock runs on this issue")
    issue = issue.with_clocks(clocks.move(issue.clocks, clock.kind, due_at, times, now))
    return issue, IssueDeadlineSet(issue_id=issue.issue_id, due_at=due_at, first_due_at=clock.first_due_at)
