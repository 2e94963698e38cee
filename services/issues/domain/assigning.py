"""Who of our own is to do it: another unit of our tree, or one person."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.records import AssignReason
from services.issues.domain.sides import check_concerned, check_lead, check_our_tree
from services.issues.events import IssueAssigned
from shared.errors import Refusal


class NothingToAssign(Refusal):
    """It is to go to another unit or another person than it is with."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """To which unit of our tree, to which person, or both; `person_units` are the outside units that one acts for."""

    unit: OrgUnit | None
    person: str | None
    person_units: tuple[str, ...]
    reason: AssignReason


def assign(
    issue: Issue, to: Assignment, *, by: str, units: tuple[str, ...], now: datetime
) -> tuple[Issue, IssueAssigned]:
    """Give the issue to another unit of our tree, which gets no new time for it, or to one person of those at work.

    Raises StateNotAllowed, NotOfTheUnit, NothingToAssign, in that order.
    """
    state = ISSUE.step(issue.state, "assign")
    check_concerned(issue, by, units, now)
    if to.unit is not None:
        check_our_tree(by, units)
    if to.person is not None:
        check_lead(issue, to.person, to.person_units)
    responsible = to.unit.org_unit_id if to.unit else issue.responsible_unit
    moves = responsible != issue.responsible_unit
    if not moves and to.person in (None, issue.assignee):
        raise NothingToAssign(
            f"it is with {responsible} and {issue.assignee or 'no person'} already; name another org_unit or person",
            org_unit=issue.responsible_unit,
            person=issue.assignee,
        )
    assignee = to.person or (None if moves and issue.lead_unit is None else issue.assignee)
    issue = replace(issue, state=state, responsible_unit=responsible, assignee=assignee)
    fact = IssueAssigned(issue_id=issue.issue_id, org_unit_id=responsible, reason=to.reason, person_id=to.person)
    return issue, fact
