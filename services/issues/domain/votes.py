"""A vote is counted and decided, once, by hand or by the clock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.issues.domain.deliberation import AUTOMATIC, Deliberation, Voter
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import DELIBERATION, DeliberationState
from services.issues.domain.rules import Times
from services.issues.domain.states import IssueState
from services.issues.domain.steps import Step
from services.issues.domain.topics import ISSUE_ENDED, let_go, withdrawn
from services.issues.domain.voting import Choice, Tally, decide, required, turnout
from services.issues.events import (
    DeliberationLapsed,
    DeliberationPassed,
    DeliberationRejected,
    DeliberationWithdrawn,
)
from shared.errors import Refusal

Result = DeliberationPassed | DeliberationRejected | DeliberationLapsed | DeliberationWithdrawn


class VotingNotOver(Refusal):
    """Somebody may still vote until the closing moment, or the meeting, that was announced."""


def count(deliberation: Deliberation, voters: Iterable[Voter]) -> Tally:
    """Count the votes that were cast."""
    present = [voter for voter in voters if voter.choice is not None]
    in_favour = [voter.area for voter in present if voter.choice is Choice.FOR]
    opposed = [voter.area for voter in present if voter.choice is Choice.AGAINST]
    return Tally(
        roll=deliberation.roll_size,
        roll_area=deliberation.roll_area,
        present=len(present),
        present_area=sum(voter.area for voter in present),
        votes_for=len(in_favour),
        for_area=sum(in_favour),
        votes_against=len(opposed),
        against_area=sum(opposed),
    )


def close_vote(
    deliberation: Deliberation,
    issue: Issue,
    voters: Iterable[Voter],
    now: datetime,
    times: Times,
    *,
    by: str = AUTOMATIC,
) -> tuple[Deliberation, Issue, Result]:
    """Count, decide by the rule, and let the issue go on where it was; raises StateNotAllowed, VotingNotOver.

    A vote whose issue ended otherwise meanwhile decides nothing any more and is withdrawn.
    """
    voters = tuple(voters)
    tally = count(deliberation, voters)
    gone = issue.state is not IssueState.DELIBERATING
    outcome = DeliberationState.WITHDRAWN if gone else decide(deliberation.rule, tally)
    state = DELIBERATION.step(deliberation.state, "close_vote", outcome)
    _check_over(deliberation, tally, now, gone=gone)
    issue = let_go(issue, "close_vote", now, times)
    deliberation = replace(deliberation, state=state, tally=tally, closed_at=now)
    if gone:
        return replace(deliberation, withdrawn_for=ISSUE_ENDED), issue, withdrawn(deliberation, issue, voters)
    issue = replace(issue, deliberation_result=state, decided_deliberation_id=deliberation.deliberation_id)
    return deliberation.with_steps(Step.VOTE, by=by, at=now), issue, _announce(deliberation, issue, tally)


def _check_over(deliberation: Deliberation, tally: Tally, now: datetime, *, gone: bool) -> None:
    until = deliberation.closes_at or deliberation.meets_at
    if until is not None and now < until and tally.present < tally.roll and not gone:
        raise VotingNotOver(
            "voting was announced to go on until then",
            until=until.isoformat(),
            not_voted=tally.roll - tally.present,
        )


def _announce(
    deliberation: Deliberation, issue: Issue, tally: Tally
) -> DeliberationPassed | DeliberationRejected | DeliberationLapsed:
    if deliberation.state is DeliberationState.LAPSED:
        return DeliberationLapsed(
            deliberation_id=deliberation.deliberation_id,
            issue_id=issue.issue_id,
            present=tally.present,
            required=required(tally.roll),
            reporter_ref=issue.reporter_ref,
            title=issue.title,
        )
    kind = DeliberationPassed if deliberation.state is DeliberationState.PASSED else DeliberationRejected
    return kind(
        deliberation_id=deliberation.deliberation_id,
        issue_id=issue.issue_id,
        turnout=turnout(tally),
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
