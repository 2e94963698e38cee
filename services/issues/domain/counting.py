"""How an issue's line of the statistics follows from what happens to it, whatever command did it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from services.issues.domain import clocks
from services.issues.domain.clocks import Clock
from services.issues.domain.feedback import AnswerKind, GivenAnswer
from services.issues.domain.issue import Issue, Source
from services.issues.domain.record import Record
from services.issues.domain.rules import ClockKind
from services.issues.domain.states import ENDED, IssueState

T = TypeVar("T")
FOUND_BY_STAFF = (Source.PATROL, Source.VISIT, Source.INSPECTION)
REFUSED_BY_UNIT = (IssueState.RETURNED, IssueState.ARBITRATING)
CARRIED_THROUGH = (IssueState.CLOSED, IssueState.FORCE_CLOSED, IssueState.HANDED_OVER)
ANSWERS_TO_THE_WORK = (AnswerKind.CONFIRMATION, AnswerKind.CALL_BACK)


def count(before: Issue | None, issue: Issue, now: datetime, *, repeated: bool = False) -> Issue:
    """Note what a change means for the statistics; `before` is the issue as it was, None when it is new."""
    ended_at = _ended_at(before, issue, now)
    issue = replace(
        issue,
        ended_at=ended_at,
        ended_as=how_ended(issue),
        days_open=(ended_at - issue.reported_at).days if ended_at else None,
        next_due_kind=clocks.due_kind(issue.clocks) if issue.next_due_at else None,
    )
    steps = _counted_up(before, issue, repeated=repeated)
    return replace(issue, line=str(recount(replace(issue, line=str(steps)))))


def recount(issue: Issue) -> Record:
    """Work out anew whatever of the line follows from the issue as it is; the counts of steps are taken over."""
    ended_as = issue.ended_as
    given = tuple(_given(issue))
    return replace(
        issue.record,
        ended_as=ended_as,
        confirmed=any(one.kind is AnswerKind.CONFIRMATION for one in given),
        called=any(one.kind is AnswerKind.CALL_BACK for one in given),
        contacted=_latest(given, lambda one: one.contacted),
        solved=_latest(given, lambda one: one.solved),
        satisfied=_latest(given, lambda one: one.satisfied),
        satisfaction=_latest(given, lambda one: one.satisfaction),
        first_satisfaction=next((one.satisfaction for one in issue.feedback if one.satisfaction is not None), None),
        on_time=_in_time(issue, ended_as, lambda clock: clock.due_at),
        on_first_time=_in_time(issue, ended_as, lambda clock: clock.first_due_at),
        holds=_latest([one for one in issue.feedback if one.round == issue.round], lambda one: one.holds),
        rounds=issue.round,
        on_asset=issue.asset_id is not None,
        found_by_staff=issue.source in FOUND_BY_STAFF,
    )


def _ended_at(before: Issue | None, issue: Issue, now: datetime) -> datetime | None:
    if issue.state in ENDED:
        return issue.ended_at if before is not None and before.state in ENDED else now
    return issue.ended_at if issue.state is IssueState.ARCHIVED else None


def how_ended(issue: Issue) -> IssueState | None:
    """Say in which state it ended; None while it has not. An archived one keeps what was noted."""
    if issue.state is IssueState.ARCHIVED:
        return issue.ended_as
    return issue.state if issue.state in ENDED else None


def _counted_up(before: Issue | None, issue: Issue, *, repeated: bool) -> Record:
    """Count the step that was just taken; steps are told from the two states, so no command can forget it."""
    if before is None:
        return replace(issue.record, repeated=repeated)
    was, now_in, record = before.state, issue.state, before.record
    checked = was is IssueState.HANDLED and now_in in (IssueState.RESOLVED, IssueState.IN_PROGRESS)
    return replace(
        record,
        dispatches=record.dispatches + (now_in is IssueState.DISPATCHED and was is not now_in),
        returns=record.returns + (was is IssueState.DISPATCHED and now_in in REFUSED_BY_UNIT),
        checks=record.checks + checked,
        failed_checks=record.failed_checks + (checked and now_in is IssueState.IN_PROGRESS),
    )


def _given(issue: Issue) -> Iterator[GivenAnswer]:
    return (one for one in issue.feedback if one.round == issue.round and one.kind in ANSWERS_TO_THE_WORK)


def _latest(given: Sequence[GivenAnswer], question: Callable[[GivenAnswer], T | None]) -> T | None:
    return next((said for one in reversed(given) if (said := question(one)) is not None), None)


def _in_time(issue: Issue, ended_as: IssueState | None, due: Callable[[Clock], datetime]) -> bool | None:
    """Whether every round was handled by its due date; who never had one, or was sent away, is not judged."""
    rounds = [clock for clock in issue.clocks if clock.kind is ClockKind.RESOLVE]
    if ended_as not in CARRIED_THROUGH or not rounds:
        return None
    if ended_as is not IssueState.CLOSED:
        return False
    return all(clock.finished_at is not None and clock.finished_at <= due(clock) for clock in rounds)
