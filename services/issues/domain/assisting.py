"""Units that assist the lead (协办): named at dispatch, or added while the work goes on (加派)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.records import Assistance
from services.issues.domain.sides import assisting_units
from services.issues.events import IssueAssistingAdded, IssueAssistingEnded
from shared.errors import Refusal


class AlreadyInIt(Refusal):
    """Each unit is in it once, as the lead or beside it."""


class DoesNotAssist(Refusal):
    """The unit does not assist; the details name those that do."""


class EndInThePast(Refusal):
    """Assistance ends in the future."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What an assisting unit is to do, until when at most."""

    unit: str
    task: str
    until: datetime | None = None


def add_assisting(issue: Issue, task: Task, now: datetime) -> tuple[Issue, IssueAssistingAdded]:
    """Ask one more unit to assist; raises StateNotAllowed, AlreadyInIt, EndInThePast, in that order."""
    issue = replace(issue, state=ISSUE.step(issue.state, "add_assisting"))
    fact = IssueAssistingAdded(issue_id=issue.issue_id, unit=task.unit, until=task.until)
    return with_tasks(issue, (task,), now), fact


def end_assisting(issue: Issue, unit_id: str, now: datetime) -> tuple[Issue, IssueAssistingEnded]:
    """Let a unit assist no longer; raises StateNotAllowed, DoesNotAssist, in that order."""
    issue = replace(issue, state=ISSUE.step(issue.state, "end_assisting"))
    if unit_id not in (at_work := assisting_units(issue, now)):
        named = ", ".join(at_work) or "no unit"
        raise DoesNotAssist(f"{named} assists, not {unit_id}", unit=unit_id, assisting=list(at_work))
    return without_tasks(issue, (unit_id,), now), IssueAssistingEnded(issue_id=issue.issue_id, unit=unit_id)


def with_tasks(issue: Issue, tasks: Sequence[Task], now: datetime) -> Issue:
    """Let units assist; raises AlreadyInIt, EndInThePast for the first that cannot."""
    for task in tasks:
        if task.unit in (issue.lead_unit, *assisting_units(issue, now)):
            raise AlreadyInIt(f"{task.unit} leads or assists already", unit=task.unit)
        if task.until is not None and task.until <= now:
            raise EndInThePast(
                f"{task.unit} would assist until a moment that has passed", unit=task.unit, until=task.until.isoformat()
            )
        added = Assistance(unit=task.unit, task=task.task, since=now, until=task.until)
        issue = replace(issue, assisting=(*issue.assisting, added))
    return issue


def without_tasks(issue: Issue, units: Sequence[str], now: datetime) -> Issue:
    """End what these units assist with."""
    ended = (replace(one, ended_at=now) if one.holds(now) and one.unit in units else one for one in issue.assisting)
    return replace(issue, assisting=tuple(ended))
