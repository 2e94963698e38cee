"""Triage says what an issue is, which way it goes, who answers for it and until when."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.categories import SEVERITY, Category, DeadlineClass, Hazard, Priority, Route
from services.issues.domain.issue import Issue
from services.issues.domain.ladder import climb
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind, Times
from services.issues.events import HazardFlagged, IssueTriaged


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What triage finds; without a route or a class those of the category are taken."""

    category: Category
    priority: Priority
    hazard: Hazard | None
    route: Route | None
    deadline_class: DeadlineClass | None = None


def triage(
    issue: Issue, found: Assessment, unit: OrgUnit, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueTriaged | HazardFlagged, ...]]:
    """Say what it is, which way it goes, who answers for it and until when; raises StateNotAllowed."""
    issue = replace(
        issue.sorted_by(found.category),
        state=ISSUE.step(issue.state, "triage"),
        priority=found.priority,
        hazard=found.hazard,
        route=found.route or found.category.route,
        responsible_unit=unit.org_unit_id,
    )
    deadline_class = found.deadline_class or _class_of(issue, found.category)
    issue = replace(issue, deadline_class=deadline_class).finish(ClockKind.ACCEPT, now=now)
    issue = issue.start(ClockKind.RESOLVE, times.rules.resolve[deadline_class], now, times)
    issue = climb(issue, unit, now, times)
    issue = replace(issue, first_due_at=issue.due_at)
    return issue, (_triaged(issue), *_flagged(issue))


def _class_of(issue: Issue, category: Category) -> DeadlineClass:
    return DeadlineClass.URGENT if issue.urgent else category.deadline_class


def _triaged(issue: Issue) -> IssueTriaged:
    return IssueTriaged(
        issue_id=issue.issue_id,
        category=str(issue.category),
        priority=issue.priority,
        route=str(issue.route),
        responsible_unit=issue.responsible_unit,
        due_at=issue.due_at or issue.reported_at,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )


def _flagged(issue: Issue) -> tuple[HazardFlagged, ...]:
    if issue.hazard is None:
        return ()
    return (HazardFlagged(issue_id=issue.issue_id, hazard_type=issue.hazard, severity=SEVERITY[issue.hazard]),)
