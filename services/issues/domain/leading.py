"""A secretary's project begins, by application or at once, and may be given up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.apart import handled_by, with_one
from services.issues.domain.deliberation import AUTOMATIC
from services.issues.domain.help import DeliberationNotPassed
from services.issues.domain.issue import Issue
from services.issues.domain.ladder import climb
from services.issues.domain.lifecycle import ISSUE, PROJECT, DeliberationState, ProjectState
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.progress import a_month_after
from services.issues.domain.project import CancelReason, Member, Plan, Project
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import AT_REST, IssueState
from services.issues.domain.working_time import day_of
from services.issues.events import AcceptanceCriterion, SecretaryProjectCancelled, SecretaryProjectStarted
from shared.errors import Refusal

Started = tuple[tuple[Issue, ...], Project, SecretaryProjectStarted]


class NotASecretary(Refusal):
    """Only the secretary of a unit leads a project."""


class ProjectUnderWay(Refusal):
    """The issue has a project that is not accepted yet."""


class DeadlinePassed(Refusal):
    """A deadline lies in the future."""


class ApplicantMayNotApprove(Refusal):
    """A project is approved by somebody else than its leader and who applied for it."""


def start_secretary_project(issues: Sequence[Issue], plan: Plan, unit: OrgUnit | None, now: datetime) -> Started:
    """Make the problems a project of the unit that the leader is secretary of; it answers for them from now on.

    Raises StateNotAllowed, ProjectUnderWay, DeliberationNotPassed, NotASecretary, DeadlinePassed,
    VerifierMayNotHandle, in that order.
    """
    for issue in issues:
        _may_start(issue)
    return _started(issues, replace(_draft(issues, plan, unit, now), state=ProjectState.RUNNING), now)


def apply_project(
    issues: Sequence[Issue], plan: Plan, unit: OrgUnit | None, *, by: str, now: datetime
) -> tuple[tuple[Issue, ...], Project]:
    """Apply for a project; its issues go on as they are.

    Raises StateNotAllowed, ProjectUnderWay, DeliberationNotPassed, NotASecretary, DeadlinePassed, in that order.
    """
    for issue in issues:
        _may_start(issue)
    project = replace(_draft(issues, plan, unit, now), applied_by=by, applied_at=now)
    return tuple(_linked(issue, project) for issue in issues), project


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody says to an application."""

    approved: bool
    note: str | None
    by: str


def approve_project(project: Project, decision: Decision, now: datetime) -> Project:
    """Decide on an application; raises StateNotAllowed, ApplicantMayNotApprove."""
    outcome = ProjectState.APPROVED if decision.approved else ProjectState.CANCELLED
    state = PROJECT.step(project.state, "approve_project", outcome)
    if decision.by in (project.leader_id, project.applied_by):
        raise ApplicantMayNotApprove("somebody else decides on an application", by=decision.by)
    project = replace(project, state=state, decided_by=decision.by, decided_at=now, note=decision.note)
    if decision.approved:
        return project
    return replace(project, cancelled_by=decision.by, cancelled_at=now, cancelled_for=CancelReason.NOT_APPROVED)


def start_approved_project(project: Project, issues: Sequence[Issue], unit: OrgUnit | None, now: datetime) -> Started:
    """Begin what was approved.

    Raises StateNotAllowed, ProjectUnderWay, DeliberationNotPassed, NotASecretary, DeadlinePassed,
    VerifierMayNotHandle, in that order.
    """
    state = PROJECT.step(project.state, "start_approved_project")
    for issue in issues:
        _may_start(issue)
    _check_plan(project.leader_id, project, unit, now)
    return _started(issues, replace(project, state=state), now)


def _may_start(issue: Issue) -> None:
    ISSUE.step(issue.state, "start_secretary_project")
    if issue.open_project_id is not None:
        raise ProjectUnderWay("a project is under way", project_id=issue.open_project_id)
    if issue.deliberation_result not in (None, DeliberationState.PASSED):
        raise DeliberationNotPassed(
            f"the last vote was {issue.deliberation_result}", deliberation_id=issue.decided_deliberation_id
        )


def _check_plan(leader: str, plan: Plan | Project, unit: OrgUnit | None, now: datetime) -> OrgUnit:
    if unit is None:
        raise NotASecretary("the leader is not the secretary of any unit", leader=leader)
    if plan.deadline < day_of(now):
        raise DeadlinePassed("the deadline has passed", deadline=plan.deadline.isoformat())
    return unit


def _draft(issues: Sequence[Issue], plan: Plan, unit: OrgUnit | None, now: datetime) -> Project:
    unit = _check_plan(plan.leader, plan, unit, now)
    return Project(
        project_id=issues[0].linked_id("SP", issues[0].project_ids),
        issue_ids=tuple(issue.issue_id for issue in issues),
        title=issues[0].title,
        leader_id=plan.leader,
        org_unit_id=unit.org_unit_id,
        leader_level=unit.level,
        problem=plan.problem,
        goal=plan.goal,
        measures=plan.measures,
        member_ids=plan.members,
        members=tuple(Member(person_id=person, joined_on=day_of(now)) for person in plan.members),
        deadline=plan.deadline,
        acceptance=plan.acceptance,
    )


def _linked(issue: Issue, project: Project) -> Issue:
    return replace(issue, project_ids=with_one(issue.project_ids, project.project_id))


def _started(issues: Sequence[Issue], project: Project, now: datetime) -> Started:
    project = replace(project, started_at=now, report_due_on=a_month_after(day_of(now)))
    fact = _announced(project, public=not any(issue.guarded for issue in issues))
    return tuple(_taken_on(issue, project, now) for issue in issues), project, fact


def _announced(project: Project, *, public: bool) -> SecretaryProjectStarted:
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


def _taken_on(issue: Issue, project: Project, now: datetime) -> Issue:
    return replace(
        handled_by(_linked(issue, project), project.leader_id),
        state=ISSUE.step(issue.state, "start_secretary_project"),
        state_before_project=issue.state,
        open_project_id=project.project_id,
        responsible_unit=project.org_unit_id,
    ).finish(ClockKind.LADDER, now=now)


@dataclass(frozen=True, kw_only=True)
class Giving:
    """Why somebody gives a project up; the note stays here."""

    reason: CancelReason
    note: str | None
    by: str


def end_project(
    project: Project, issues: Sequence[Issue], now: datetime, times: Times
) -> tuple[Project, tuple[Issue, ...], tuple[SecretaryProjectCancelled, ...]]:
    """Give a project up whose issues have all ended; raises StateNotAllowed."""
    giving = Giving(reason=CancelReason.ISSUE_ENDED, note=None, by=AUTOMATIC)
    return cancel_project(project, issues, giving, None, now=now, times=times)


def cancel_project(
    project: Project, issues: Sequence[Issue], giving: Giving, unit: OrgUnit | None, *, now: datetime, times: Times
) -> tuple[Project, tuple[Issue, ...], tuple[SecretaryProjectCancelled, ...]]:
    """Give the project up; its issues go back to where they were, with the time that `unit` has to act.

    None of them needs a `unit` where all have ended.

    Raises StateNotAllowed.
    """
    had_started = project.state in (ProjectState.RUNNING, ProjectState.RETURNED)
    state = PROJECT.step(project.state, "cancel_project")
    back = tuple(_given_back(issue, project, unit, now, times) for issue in issues)
    project = replace(
        project,
        state=state,
        cancelled_by=giving.by,
        cancelled_at=now,
        cancelled_for=giving.reason,
        note=giving.note,
    )
    fact = SecretaryProjectCancelled(
        project_id=project.project_id,
        issue_ids=project.issue_ids,
        reason=giving.reason,
        leader_id=project.leader_id,
        title=project.title,
        member_refs=project.member_ids,
        reporter_refs=_reporters(issue for issue in issues if _goes_on_without(issue, project)),
    )
    return project, back, (fact,) if had_started else ()


def _goes_on_without(issue: Issue, project: Project) -> bool:
    return issue.open_project_id == project.project_id and issue.state not in AT_REST


def _reporters(issues: Iterable[Issue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(issue.reporter_ref for issue in issues if issue.has_reporter))


def _given_back(issue: Issue, project: Project, unit: OrgUnit | None, now: datetime, times: Times) -> Issue:
    if issue.open_project_id != project.project_id:
        return issue
    free = replace(issue, open_project_id=None, state_before_project=None)
    if issue.state in AT_REST:
        return free
    before = issue.state_before_project or IssueState.TRIAGED
    goes_to = before if issue.state is IssueState.IN_PROJECT else IssueState.IN_PROGRESS
    state = ISSUE.step(issue.state, "cancel_project", goes_to)
    free = replace(free, state=state)
    return climb(free, unit, now, times) if unit is not None and state is IssueState.TRIAGED else free
