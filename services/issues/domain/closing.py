"""How an issue ends: resolved by us, then closed or reopened by the resident's answer, or by the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from services.issues.domain.acceptance import check_acceptor, check_project
from services.issues.domain.apart import check_verifier, verified_by
from services.issues.domain.clocks import PERCENT
from services.issues.domain.feedback import SATISFIED_BY_STEP, SOLVED_BY_STEP, AnswerKind, GivenAnswer, Solved
from services.issues.domain.issue import Issue
from services.issues.domain.leading import ProjectUnderWay
from services.issues.domain.lifecycle import ISSUE, ProjectState
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.project import Project
from services.issues.domain.reopening import DISSATISFIED, next_round, one_level_up
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import AT_REST, IssueState, Outcome
from services.issues.domain.who import check_reporter
from services.issues.events import (
    IssueAssigned,
    IssueClosed,
    IssueConfirmed,
    IssueReopened,
    IssueResolved,
)
from shared.events import Event

SATISFIED_FROM = 3  # of 5; R10


class Via(StrEnum):
    """How the resident's answer came; the clock's own code is no choice of a caller."""

    WECHAT = "wechat"
    SMS = "sms"
    VOICE = "voice"
    DOOR = "door"


AUTOMATIC = "automatic"


def resolve(issue: Issue, *, by: str, outcome: Outcome, now: datetime, times: Times) -> tuple[Issue, IssueResolved]:
    """Say that the work is done; raises StateNotAllowed, ProjectUnderWay, HandlerMayNotVerify, in that order."""
    state = ISSUE.step(issue.state, "resolve")
    if issue.open_project_id is not None:
        raise ProjectUnderWay("its project must be accepted first", project_id=issue.open_project_id)
    return _resolved(replace(issue, state=state), by=by, outcome=outcome, project_id=None, now=now, times=times)


def accept_project(
    project: Project, issues: Sequence[Issue], findings: Mapping[str, bool], *, by: str, now: datetime, times: Times
) -> tuple[Project, tuple[Issue, ...], tuple[Event, ...]]:
    """Check the project's items; an accepted project resolves its issues, a returned one leaves them as they are.

    An issue that ended otherwise meanwhile stays ended.
    Raises what `check_acceptor` raises, StateNotAllowed, HandlerMayNotVerify, and what `check_project` raises.
    """
    check_acceptor(project, by)
    issues = [issue for issue in issues if issue.state not in AT_REST]
    for issue in issues:
        ISSUE.step(issue.state, "accept_project")
        check_verifier(issue, by)
    project, fact = check_project(project, findings, by, now)
    if project.state is not ProjectState.ACCEPTED:
        return project, tuple(issues), (fact,)
    done = [_resolved_by(project, issue, by, now, times) for issue in issues]
    return project, tuple(issue for issue, _ in done), (fact, *(resolved for _, resolved in done))


def _resolved_by(project: Project, issue: Issue, by: str, now: datetime, times: Times) -> tuple[Issue, IssueResolved]:
    issue = replace(issue, state=ISSUE.step(issue.state, "accept_project"), open_project_id=None)
    return _resolved(issue, by=by, outcome=Outcome.SOLVED, project_id=project.project_id, now=now, times=times)


def _resolved(
    issue: Issue, *, by: str, outcome: Outcome, project_id: str | None, now: datetime, times: Times
) -> tuple[Issue, IssueResolved]:
    issue = verified_by(issue, by)
    issue = replace(issue, outcome=outcome, resolved_by=by, resolved_at=now).finish(*ClockKind, now=now)
    issue = issue.start(ClockKind.CONFIRM, times.rules.confirm, now, times)
    return issue, resolved_fact(issue, project_id)


def resolved_fact(issue: Issue, project_id: str | None = None) -> IssueResolved:
    """Say that the work on this issue is done."""
    return IssueResolved(
        issue_id=issue.issue_id,
        round=issue.round,
        resolved_by_unit=issue.responsible_unit,
        resolution=issue.outcome,
        project_id=project_id,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a resident says to the work, 1 to 5, and in their own words what is still wrong."""

    by: str
    satisfaction: int
    via: Via
    remark: str | None
    contacted: bool = True  # who answers says otherwise where nobody had spoken to them

    def given(self, round_no: int, outcome: Outcome, now: datetime) -> GivenAnswer:
        """Say what the steps mean for the three rates; work that was only done in part is not solved."""
        solved = SOLVED_BY_STEP[self.satisfaction]
        return GivenAnswer(
            kind=AnswerKind.CONFIRMATION,
            round=round_no,
            at=now,
            by=self.by,
            channel=self.via,
            contacted=self.contacted,
            solved=Solved.PARTLY if solved is Solved.YES and outcome is Outcome.PARTLY else solved,
            satisfied=SATISFIED_BY_STEP[self.satisfaction],
            satisfaction=self.satisfaction,
        )


def confirm(
    issue: Issue, answer: Answer, unit: OrgUnit | None, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueConfirmed | IssueClosed | IssueReopened | IssueAssigned, ...]]:
    """Take the answer of the reporter or a proxy: 3 to 5 closes, 1 or 2 begins the next round at `unit`, one level up.

    `unit` is None at the top of the tree, where the issue stays. Raises Forbidden, StateNotAllowed, in that order.
    """
    check_reporter(issue, answer.by, now, "confirms")
    satisfied = answer.satisfaction >= SATISFIED_FROM
    issue = replace(
        issue,
        state=ISSUE.step(issue.state, "confirm", IssueState.CLOSED if satisfied else IssueState.IN_PROGRESS),
        satisfaction=answer.satisfaction,
        confirmed_by=answer.by,
        remark=answer.remark,
        feedback=(*issue.feedback, answer.given(issue.round, issue.outcome, now)),
    )
    if satisfied:
        issue, facts = _closed(issue, answer.via, now, times)
        return _called_by_chance(issue, now, times), facts
    issue, reopened = next_round(issue, DISSATISFIED, now, times)
    issue, assigned = one_level_up(issue, unit, now, times)
    return issue, (reopened, assigned)


def _called_by_chance(issue: Issue, now: datetime, times: Times) -> Issue:
    if not is_sampled(issue.issue_id, now, times.rules.sample_percent):
        return issue
    return issue.start(ClockKind.CALL_BACK, times.rules.call_back, now, times)


def is_sampled(issue_id: str, closed_at: datetime, percent: int) -> bool:
    """Choose the confirmed cases that somebody calls about all the same.

    The moment of the resident's own answer decides, which nobody who handled the case could foresee.
    """
    drawn = sha256(f"{issue_id} {closed_at.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % PERCENT < percent


def confirm_automatically(
    issue: Issue, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueConfirmed | IssueClosed | IssueReopened | IssueAssigned, ...]]:
    """Close the issue without an answer, which never counts as satisfied; raises StateNotAllowed."""
    state = ISSUE.step(issue.state, "confirm_automatically")
    issue, facts = _closed(replace(issue, state=state, satisfaction=None, confirmed_by=None), AUTOMATIC, now, times)
    if not issue.has_reporter:
        return issue, facts
    return issue.start(ClockKind.CALL_BACK, times.rules.call_back, now, times), facts


def _closed(
    issue: Issue, via: str, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueConfirmed | IssueClosed, ...]]:
    confirmed = IssueConfirmed(
        issue_id=issue.issue_id,
        round=issue.round,
        satisfaction=issue.satisfaction,
        via=via,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    closed = IssueClosed(
        issue_id=issue.issue_id,
        rounds=issue.round,
        days_open=(now - issue.reported_at).days,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
        satisfaction=issue.satisfaction,
        via=via,
    )
    issue = replace(issue, closed_at=now).finish(*ClockKind, now=now)
    if issue.has_reporter:
        issue = issue.start(ClockKind.DURABILITY, times.rules.durability, now, times)
    return issue, (confirmed, closed)
