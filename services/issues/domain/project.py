"""A secretary's project: one secretary leads a hard problem and answers for it until acceptance."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.issues.domain.apart import handled_by
from services.issues.domain.help import DeliberationNotPassed
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE, PROJECT, DeliberationState, ProjectState
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind
from services.issues.events import (
    AcceptanceCriterion,
    SecretaryProjectAccepted,
    SecretaryProjectReturned,
    SecretaryProjectStarted,
)
from shared.errors import Refusal


class NotASecretary(Refusal):
    """Only the secretary of a unit leads a project."""


class ProjectUnderWay(Refusal):
    """The issue has a project that is not accepted yet."""


class DeadlinePassed(Refusal):
    """A deadline lies in the future."""


class LeaderMayNotAccept(Refusal):
    """Who leads the project does not accept it."""


class UnknownItem(Refusal):
    """The project has no such acceptance item."""


class ItemsNotChecked(Refusal):
    """Some acceptance items have never been checked."""


@dataclass(frozen=True, kw_only=True)
class AcceptanceItem:
    """What must be there at the end, and what the last check found; `met` is None before the first one."""

    item: str
    text: str
    met: bool | None = None
    checked_by: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Project:
    """The project with its acceptance list; `org_unit_id` is the unit that its leader is secretary of."""

    project_id: str
    issue_ids: tuple[str, ...]
    title: str
    leader_id: str
    org_unit_id: str
    goal: str
    measures: tuple[str, ...]
    member_ids: tuple[str, ...]
    deadline: date
    acceptance: tuple[AcceptanceItem, ...]
    started_at: datetime
    state: ProjectState = ProjectState.RUNNING
    accepted_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a secretary wants to do; `acceptance` are the items with nothing checked yet."""

    leader: str
    goal: str
    deadline: date
    acceptance: tuple[AcceptanceItem, ...]
    measures: tuple[str, ...]
    members: tuple[str, ...]


def start_secretary_project(
    issue: Issue, plan: Plan, unit: OrgUnit | None, now: datetime
) -> tuple[Issue, Project, SecretaryProjectStarted]:
    """Make the problem a project of the unit that the leader is secretary of; it answers for the issue from now on.

    Raises StateNotAllowed, ProjectUnderWay, DeliberationNotPassed, NotASecretary, DeadlinePassed, VerifierMayNotHandle,
    in that order.
    """
    state = ISSUE.step(issue.state, "start_secretary_project")
    _may_start(issue)
    if unit is None:
        raise NotASecretary("the leader is not the secretary of any unit", leader=plan.leader)
    if plan.deadline < now.date():
        raise DeadlinePassed("the deadline has passed", deadline=plan.deadline.isoformat())
    project = Project(
        project_id=issue.linked_id("SP", issue.project_ids),
        issue_ids=(issue.issue_id,),
        title=issue.title,
        leader_id=plan.leader,
        org_unit_id=unit.org_unit_id,
        goal=plan.goal,
        measures=plan.measures,
        member_ids=plan.members,
        deadline=plan.deadline,
        acceptance=plan.acceptance,
        started_at=now,
    )
    issue = replace(
        handled_by(issue, plan.leader),
        state=state,
        project_ids=(*issue.project_ids, project.project_id),
        open_project_id=project.project_id,
        responsible_unit=unit.org_unit_id,
    ).finish(ClockKind.LADDER, now=now)
    return issue, project, _started(project, public=not issue.guarded)


def _may_start(issue: Issue) -> None:
    if issue.open_project_id is not None:
        raise ProjectUnderWay("a project is under way", project_id=issue.open_project_id)
    if issue.deliberation_result not in (None, DeliberationState.PASSED):
        raise DeliberationNotPassed(
            f"the last vote was {issue.deliberation_result}", deliberation_id=issue.deliberation_ids[-1]
        )


def _started(project: Project, *, public: bool) -> SecretaryProjectStarted:
    """Announce the plan, which is published on purpose; of a guarded issue only its codes."""
    return SecretaryProjectStarted(
        project_id=project.project_id,
        issue_ids=project.issue_ids,
        leader_id=project.leader_id,
        goal=project.goal if public else "",
        deadline=project.deadline,
        acceptance=tuple(
            AcceptanceCriterion(item=item.item, text=item.text if public else "") for item in project.acceptance
        ),
        title=project.title,
    )


def check_acceptor(project: Project, by: str) -> None:
    """Let anybody but the leader check it while it is under way; raises StateNotAllowed, LeaderMayNotAccept."""
    PROJECT.step(project.state, "accept_project")
    if by == project.leader_id:
        raise LeaderMayNotAccept("who leads the project does not accept it", leader_id=by)


def check_project(
    project: Project, findings: Mapping[str, bool], by: str, now: datetime
) -> tuple[Project, SecretaryProjectAccepted | SecretaryProjectReturned]:
    """Accept the project when every item is met, else return it; an earlier finding stands until checked again.

    Raises UnknownItem, ItemsNotChecked, in that order.
    """
    checked = _check(project, findings, by, now)
    failed = tuple(item.item for item in checked if not item.met)
    if failed:
        return replace(project, state=ProjectState.RETURNED, acceptance=checked), SecretaryProjectReturned(
            project_id=project.project_id,
            failed_items=failed,
            leader_id=project.leader_id,
            title=project.title,
            issue_ids=project.issue_ids,
        )
    done = replace(project, state=ProjectState.ACCEPTED, acceptance=checked, accepted_at=now)
    return done, SecretaryProjectAccepted(
        project_id=project.project_id,
        accepted_at=now,
        accepted_by=tuple(sorted({item.checked_by for item in checked if item.checked_by})),
        leader_id=project.leader_id,
        title=project.title,
        issue_ids=project.issue_ids,
    )


def _check(project: Project, findings: Mapping[str, bool], by: str, now: datetime) -> tuple[AcceptanceItem, ...]:
    known = [item.item for item in project.acceptance]
    if unknown := sorted(set(findings) - set(known)):
        raise UnknownItem("the project has no such item", unknown=unknown, items=known)
    checked = tuple(
        replace(item, met=findings[item.item], checked_by=by, checked_at=now) if item.item in findings else item
        for item in project.acceptance
    )
    if missing := [item.item for item in checked if item.met is None]:
        raise ItemsNotChecked("every item needs a finding", missing=missing)
    return checked
