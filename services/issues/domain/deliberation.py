"""A vote on an issue: opened with a roll, cast one by one, closed once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import DELIBERATION, ISSUE, DeliberationState
from services.issues.domain.rules import Times
from services.issues.domain.states import IssueState
from services.issues.domain.voting import MAJORITIES, Choice, Tally, VotingRule, decide, required, turnout
from services.issues.events import (
    DeliberationLapsed,
    DeliberationOpened,
    DeliberationPassed,
    DeliberationRejected,
)
from shared.errors import Refusal


class AreaMissing(Refusal):
    """The rule counts floor area, and a voter on the roll has none."""


class NotOnTheRoll(Refusal):
    """Who is not on the roll has no vote here."""


class AlreadyVoted(Refusal):
    """A vote is cast once."""


@dataclass(frozen=True, kw_only=True)
class Deliberation:
    """The vote itself, kept small: its voters are documents of their own."""

    deliberation_id: str
    issue_id: str
    rule: VotingRule
    topic: str
    roll_size: int
    roll_area: int
    opened_at: datetime
    meets_at: datetime | None
    state: DeliberationState = DeliberationState.OPEN
    tally: Tally | None = None
    closed_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class Voter:
    """One line of the roll; `area` in square decimetres, `cast_by` is who handed the vote in."""

    voter_id: str
    deliberation_id: str
    person_id: str
    area: int
    choice: Choice | None = None
    cast_at: datetime | None = None
    cast_by: str | None = None
    revision: int = 0


def voter_id(deliberation_id: str, person_id: str) -> str:
    """Name a line of the roll by its business key."""
    return f"{deliberation_id}/{person_id}"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is put to whom; `roll` gives the floor area of each person in square decimetres."""

    rule: VotingRule
    topic: str
    roll: Mapping[str, int]
    meets_at: datetime | None


def open_deliberation(
    issue: Issue, question: Question, *, by: str, now: datetime, times: Times
) -> tuple[Issue, Deliberation, tuple[Voter, ...], DeliberationOpened]:
    """Ask everybody on the roll; raises StateNotAllowed, AreaMissing."""
    state, roll = ISSUE.step(issue.state, "open_deliberation"), question.roll
    _check_areas(question)
    key = issue.linked_id("DL", issue.deliberation_ids)
    deliberation = Deliberation(
        deliberation_id=key,
        issue_id=issue.issue_id,
        rule=question.rule,
        topic=question.topic,
        roll_size=len(roll),
        roll_area=sum(roll.values()),
        opened_at=now,
        meets_at=question.meets_at,
    )
    voters = tuple(
        Voter(voter_id=voter_id(key, person), deliberation_id=key, person_id=person, area=area)
        for person, area in roll.items()
    )
    fact = DeliberationOpened(
        deliberation_id=key,
        issue_id=issue.issue_id,
        rule=question.rule,
        roll_size=len(roll),
        meets_at=question.meets_at,
        voter_refs=tuple(roll),
        title=issue.title,
    )
    ids = (*issue.deliberation_ids, key)
    issue = replace(issue, state=state, state_after_vote=issue.state, deliberation_ids=ids)
    return _rest(issue, by, now, times), deliberation, voters, fact


def _rest(issue: Issue, by: str, now: datetime, times: Times) -> Issue:
    """Let the time to solve it not count while the roll is asked, up to the cap."""
    until = times.after(now, times.rules.deliberation_cap)
    rested = clocks.pause(issue.clocks, reason=IssueState.DELIBERATING, by=by, now=now, until=until, times=times)
    return issue.with_clocks(rested)


def _check_areas(question: Question) -> None:
    lacking = [person for person, area in question.roll.items() if area <= 0]
    if MAJORITIES[question.rule].by_area and lacking:
        raise AreaMissing(f"{question.rule} counts floor area", persons=lacking[:10], count=len(lacking))


def cast_vote(deliberation: Deliberation, voter: Voter | None, choice: Choice, *, cast_by: str, now: datetime) -> Voter:
    """Write one vote down; raises StateNotAllowed, NotOnTheRoll, AlreadyVoted, in that order."""
    DELIBERATION.step(deliberation.state, "cast_vote")
    if voter is None:
        raise NotOnTheRoll("this person is not on the roll", deliberation_id=deliberation.deliberation_id)
    if voter.choice is not None:
        raise AlreadyVoted("this person has voted", deliberation_id=deliberation.deliberation_id)
    return replace(voter, choice=choice, cast_at=now, cast_by=cast_by)


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
    deliberation: Deliberation, issue: Issue, voters: Iterable[Voter], now: datetime, times: Times
) -> tuple[Deliberation, Issue, DeliberationPassed | DeliberationRejected | DeliberationLapsed]:
    """Count, decide by the rule, and let the issue go on where it was; raises StateNotAllowed."""
    tally = count(deliberation, voters)
    result = DELIBERATION.step(deliberation.state, "close_vote", decide(deliberation.rule, tally))
    state = ISSUE.step(issue.state, "close_vote", issue.state_after_vote or IssueState.TRIAGED)
    issue = replace(issue, state=state, state_after_vote=None, deliberation_result=result)
    issue = issue.with_clocks(clocks.resume(issue.clocks, now, times))
    fact = _announce(deliberation, issue, tally, result)
    return replace(deliberation, state=result, tally=tally, closed_at=now), issue, fact


def _announce(
    deliberation: Deliberation, issue: Issue, tally: Tally, result: DeliberationState
) -> DeliberationPassed | DeliberationRejected | DeliberationLapsed:
    if result is DeliberationState.LAPSED:
        return DeliberationLapsed(
            deliberation_id=deliberation.deliberation_id,
            issue_id=issue.issue_id,
            present=tally.present,
            required=required(tally.roll),
            reporter_ref=issue.reporter_ref,
            title=issue.title,
        )
    kind = DeliberationPassed if result is DeliberationState.PASSED else DeliberationRejected
    return kind(
        deliberation_id=deliberation.deliberation_id,
        issue_id=issue.issue_id,
        turnout=turnout(tally),
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
