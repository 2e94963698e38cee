"""Everybody on the roll is asked, and the meeting has its notice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.deliberation import Deliberation, Voter
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import DELIBERATION, ISSUE
from services.issues.domain.matters import Matter, check_topic, rule_of
from services.issues.domain.rules import Times
from services.issues.domain.states import IssueState
from services.issues.domain.steps import Step
from services.issues.domain.topics import Roll, Topic, propose_topic, set_roll
from services.issues.domain.voting import MAJORITIES, VotingRule
from services.issues.events import DeliberationOpened
from shared.errors import Refusal


class QuestionIncomplete(Refusal):
    """A vote needs a topic and a roll, proposed before or given now."""


class TopicProposed(Refusal):
    """What is asked was proposed before and cannot be asked otherwise now."""


class MeetingInThePast(Refusal):
    """A meeting lies in the future."""


class NoticeTooShort(Refusal):
    """Those who are invited need time to prepare."""


class ClosesTooEarly(Refusal):
    """Voting ends in the future, and not before the meeting."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is put to whom at once; `roll` gives the floor area of each person in square decimetres."""

    rule: VotingRule | None
    topic: str | None
    roll: Mapping[str, int]
    meets_at: datetime | None
    closes_at: datetime | None = None
    material: tuple[str, ...] = ()
    matter: Matter | None = None
    affected: tuple[str, ...] = ()
    total_area: int | None = None
    total_persons: int | None = None

    @property
    def repeated(self) -> tuple[str, ...]:
        """Name what of the question belongs to the proposal."""
        names = ("rule", "topic", "roll", "matter", "affected", "total_area", "total_persons")
        return tuple(name for name in names if getattr(self, name))


Opened = tuple[Issue, Deliberation, tuple[Voter, ...], DeliberationOpened]


def open_deliberation(issue: Issue, question: Question, *, by: str, now: datetime, times: Times) -> Opened:
    """Propose, say who takes part and ask them, in one step.

    Raises StateNotAllowed, QuestionIncomplete, and what `propose_topic`, `set_roll` and `open_proposed` raise.
    """
    ISSUE.step(issue.state, "open_deliberation")
    missing = [name for name in ("topic", "roll") if not getattr(question, name)]
    if missing or question.topic is None:
        raise QuestionIncomplete("nothing was proposed on this issue; say what is asked, and whom", missing=missing)
    topic = Topic(topic=question.topic, matter=question.matter, rule=question.rule, affected=question.affected)
    roll = Roll(areas=question.roll, total_area=question.total_area, total_persons=question.total_persons)
    proposing, deliberation = propose_topic(issue, topic, by=by, now=now)
    deliberation, voters = set_roll(deliberation, roll, by=by, now=now)
    asked = replace(question, rule=None, topic=None, roll={}, matter=None, affected=(), total_area=None)
    asked = replace(asked, total_persons=None)
    return open_proposed(proposing, deliberation, voters, asked, by=by, now=now, times=times)


def open_proposed(
    issue: Issue,
    deliberation: Deliberation,
    voters: Iterable[Voter],
    question: Question,
    *,
    by: str,
    now: datetime,
    times: Times,
) -> Opened:
    """Ask everybody on the roll of the proposed topic, and give notice of the meeting.

    Raises StateNotAllowed, TopicProposed, QuestionIncomplete, TopicNotAllowed, RuleTooWeak, MeetingInThePast,
    NoticeTooShort, ClosesTooEarly, in that order.
    """
    state = ISSUE.step(issue.state, "open_deliberation")
    opened = DELIBERATION.step(deliberation.state, "open_deliberation")
    voters = tuple(voters)
    if question.repeated:
        raise TopicProposed(
            "this was proposed before; withdraw the topic to ask otherwise",
            deliberation_id=deliberation.deliberation_id,
            repeated=list(question.repeated),
        )
    if not voters:
        raise QuestionIncomplete("nobody is on the roll yet", missing=["roll"])
    rule_of(check_topic(issue, matter=deliberation.matter, rule=deliberation.rule))
    _check_times(question, deliberation.rule, now, times)
    deliberation = replace(
        deliberation,
        state=opened,
        opened_at=now,
        notice_at=now if question.meets_at else None,
        material=question.material,
        meets_at=question.meets_at,
        closes_at=question.closes_at,
    ).with_steps(Step.CHECK, Step.NOTICE, by=by, at=now)
    issue = replace(issue, state=state, state_after_vote=issue.state)
    return _rest(issue, by, now, times), deliberation, voters, _opened(deliberation, issue, voters)


def _opened(deliberation: Deliberation, issue: Issue, voters: tuple[Voter, ...]) -> DeliberationOpened:
    return DeliberationOpened(
        deliberation_id=deliberation.deliberation_id,
        issue_id=issue.issue_id,
        rule=deliberation.rule,
        roll_size=len(voters),
        meets_at=deliberation.meets_at,
        voter_refs=tuple(voter.person_id for voter in voters),
        title=issue.title,
        closes_at=deliberation.closes_at,
    )


def _rest(issue: Issue, by: str, now: datetime, times: Times) -> Issue:
    """Let the time to solve it not count while the roll is asked, up to the cap."""
    until = times.after(now, times.rules.deliberation_cap)
    rested = clocks.pause(issue.clocks, reason=IssueState.DELIBERATING, by=by, now=now, until=until, times=times)
    return issue.with_clocks(rested)


def _check_times(question: Question, rule: VotingRule, now: datetime, times: Times) -> None:
    """Let nobody be called to a meeting without notice, or lose the vote before it."""
    meets_at, closes_at = question.meets_at, question.closes_at
    if meets_at is not None:
        if meets_at <= now:
            raise MeetingInThePast("the meeting has passed", meets_at=meets_at.isoformat(), now=now.isoformat())
        span = times.rules.notice_owners if MAJORITIES[rule].by_area else times.rules.notice_council
        if meets_at < (earliest := times.after(now, span)):
            raise NoticeTooShort(
                f"{rule} needs {span.amount:g} {span.unit} of notice",
                meets_at=meets_at.isoformat(),
                earliest=earliest.isoformat(),
            )
    check_closing(closes_at, meets_at, now)


def check_closing(closes_at: datetime | None, meets_at: datetime | None, now: datetime) -> None:
    """Let voting end in the future and not before the meeting; raises ClosesTooEarly."""
    earliest = max(now, meets_at or now)
    if closes_at is not None and (closes_at <= now or closes_at < earliest):
        raise ClosesTooEarly(
            "voting ends in the future and not before the meeting",
            closes_at=closes_at.isoformat(),
            earliest=earliest.isoformat(),
        )
