"""A topic is proposed and gets its roll; a topic may be taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from services.issues.domain import clocks
from services.issues.domain.deliberation import Deliberation, ProposedBy, Voter, voter_id
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import DELIBERATION, ISSUE, DeliberationState
from services.issues.domain.matters import Matter, check_topic, rule_of
from services.issues.domain.rules import Times
from services.issues.domain.states import IssueState
from services.issues.domain.steps import Step
from services.issues.domain.voting import MAJORITIES, VotingRule
from services.issues.events import DeliberationWithdrawn
from shared.errors import Refusal

SHOWN = 10  # persons that a refusal names
ISSUE_ENDED = "issue_ended"  # why a vote is withdrawn that has nothing to decide any more


class DeliberationUnderWay(Refusal):
    """The issue is deliberated one topic at a time."""


class TooFewProposers(Refusal):
    """A topic of the council needs half of its members."""


class AreaMissing(Refusal):
    """The rule counts floor area, and a voter on the roll has none."""


class RollDoesNotAddUp(Refusal):
    """The lines of the roll do not make the register's total."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What somebody wants decided; without a matter or a rule the category and the law say which."""

    topic: str
    proposed_by: ProposedBy = ProposedBy.RESIDENTS_COMMITTEE
    proposers: tuple[str, ...] = ()
    council_size: int | None = None
    options: tuple[str, ...] = ()
    matter: Matter | None = None
    rule: VotingRule | None = None
    affected: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Who may vote, with floor area in square decimetres; the totals are the register's, where it is at hand."""

    areas: Mapping[str, int]
    total_area: int | None = None
    total_persons: int | None = None


def propose_topic(issue: Issue, topic: Topic, *, by: str, now: datetime) -> tuple[Issue, Deliberation]:
    """Bring a topic up; the issue stays where it is.

    Raises StateNotAllowed, DeliberationUnderWay, TooFewProposers, TopicNotAllowed, RuleTooWeak, in that order.
    """
    state = ISSUE.step(issue.state, "propose_topic")
    if issue.open_deliberation_id is not None:
        raise DeliberationUnderWay(
            "another topic of this issue is under way", deliberation_id=issue.open_deliberation_id
        )
    _check_proposers(topic)
    verdict = check_topic(issue, matter=topic.matter, rule=topic.rule, affected=topic.affected)
    deliberation = Deliberation(
        deliberation_id=issue.linked_id("DL", issue.deliberation_ids),
        issue_id=issue.issue_id,
        rule=rule_of(verdict),
        topic=topic.topic,
        matter=verdict.matter,
        affected=verdict.affected,
        proposed_by=topic.proposed_by,
        proposers=topic.proposers,
        options=topic.options,
    ).with_steps(Step.PROPOSE, by=by, at=now)
    key = deliberation.deliberation_id
    issue = replace(issue, state=state, deliberation_ids=(*issue.deliberation_ids, key), open_deliberation_id=key)
    return issue, deliberation


def _check_proposers(topic: Topic) -> None:
    if topic.proposed_by is not ProposedBy.COUNCIL_HALF:
        return
    named = len(topic.proposers)
    if topic.council_size is None or not topic.council_size / 2 <= named <= topic.council_size:
        raise TooFewProposers(
            "a topic of the council names its size and at least half of its members",
            council_size=topic.council_size,
            proposers=named,
        )


def set_roll(
    deliberation: Deliberation, roll: Roll, *, by: str, now: datetime
) -> tuple[Deliberation, tuple[Voter, ...]]:
    """Say who takes part, in place of what was said before; raises StateNotAllowed, AreaMissing, RollDoesNotAddUp."""
    state = DELIBERATION.step(deliberation.state, "set_roll")
    _check_areas(deliberation.rule, roll)
    _check_totals(roll)
    key = deliberation.deliberation_id
    voters = tuple(
        Voter(voter_id=voter_id(key, person), deliberation_id=key, person_id=person, area=area)
        for person, area in roll.areas.items()
    )
    deliberation = replace(
        deliberation, state=state, roll_size=len(voters), roll_area=sum(roll.areas.values())
    ).with_steps(Step.ROLL, by=by, at=now)
    return deliberation, voters


def _check_areas(rule: VotingRule, roll: Roll) -> None:
    lacking = [person for person, area in roll.areas.items() if area <= 0]
    if MAJORITIES[rule].by_area and lacking:
        raise AreaMissing(f"{rule} counts floor area", persons=lacking[:SHOWN], count=len(lacking))


def _check_totals(roll: Roll) -> None:
    if roll.total_persons not in (None, len(roll.areas)):
        raise RollDoesNotAddUp(
            "the roll has another number of persons than the register",
            total_persons=roll.total_persons,
            persons=len(roll.areas),
        )
    area = sum(roll.areas.values())
    if roll.total_area is not None and roll.total_area != area:
        raise RollDoesNotAddUp(
            "the floor areas of the roll do not make the register's total, in m²",
            total_area=square_metres(roll.total_area),
            area=square_metres(area),
            missing=square_metres(roll.total_area - area),
        )


def square_metres(square_decimetres: int) -> float:
    """Show an area as people write it."""
    return float(Decimal(square_decimetres) / 100)


def withdraw_topic(
    deliberation: Deliberation, issue: Issue, voters: Iterable[Voter], reason: str, *, now: datetime, times: Times
) -> tuple[Deliberation, Issue, tuple[DeliberationWithdrawn, ...]]:
    """Take the topic back and let the issue go on where it was; raises StateNotAllowed.

    Whoever was asked is told; a topic that was only proposed is nobody else's news.
    """
    was_open = deliberation.state is DeliberationState.OPEN
    state = DELIBERATION.step(deliberation.state, "withdraw_topic")
    if issue.open_deliberation_id == deliberation.deliberation_id:
        issue = let_go(issue, "withdraw_topic", now, times)
    deliberation = replace(deliberation, state=state, closed_at=now, withdrawn_for=reason)
    return deliberation, issue, (withdrawn(deliberation, issue, voters),) if was_open else ()


def withdrawn(deliberation: Deliberation, issue: Issue, voters: Iterable[Voter]) -> DeliberationWithdrawn:
    """Announce that the vote does not take place any more."""
    return DeliberationWithdrawn(
        deliberation_id=deliberation.deliberation_id,
        issue_id=issue.issue_id,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
        voter_refs=tuple(voter.person_id for voter in voters),
    )


def let_go(issue: Issue, command: str, now: datetime, times: Times) -> Issue:
    """Let an issue whose deliberation ends go on where it was; raises StateNotAllowed."""
    state = issue.state
    if state is IssueState.DELIBERATING:
        state = ISSUE.step(state, command, issue.state_after_vote or IssueState.TRIAGED)
    issue = replace(issue, state=state, state_after_vote=None, open_deliberation_id=None)
    return issue.with_clocks(clocks.resume(issue.clocks, now, times))
