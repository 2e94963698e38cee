"""What is asked after the end: a call to the resident, and whether it has stayed solved."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.apart import check_neutral, check_verifier
from services.issues.domain.closing import Via
from services.issues.domain.feedback import AnswerKind, GivenAnswer, Satisfied, Solved
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.reopening import DISSATISFIED, next_round, one_level_up
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import IssueState
from services.issues.domain.who import check_reporter
from services.issues.events import IssueAssigned, IssueDurabilityAsked, IssueReopened
from shared.errors import Refusal


class SameCallerTwice(Refusal):
    """A second call is there to check the first one, so somebody else makes it."""


class AnswerWithoutResident(Refusal):
    """Nobody was reached, so nobody can have answered."""


class NotAsked(Refusal):
    """The resident is asked later, or was not asked at all."""


class AlreadyAnswered(Refusal):
    """The question was answered before; another answer would replace it."""


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """What came of a call to the resident."""

    by: str
    reached: bool
    contacted: bool | None
    solved: Solved | None
    satisfied: Satisfied | None
    channel: Via
    units: tuple[str, ...] = ()  # that the caller acts for

    @property
    def says_no(self) -> bool:
        """Whether the resident says that it is not solved, or is dissatisfied: what 1 and 2 say in a confirmation."""
        return self.solved is Solved.NO or self.satisfied is Satisfied.DISSATISFIED


def record_call_back(
    issue: Issue, call: CallBack, above: OrgUnit | None, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueReopened | IssueAssigned, ...]]:
    """Note what the resident said on the call, or that nobody was reached; then it is tried again the next day.

    A `no` within the days to reopen a closed issue begins the next round, one level up, as 1 and 2 do: it is the
    resident's word, taken down by somebody who has no part in the issue. What ended by force was decided, and stays.
    `above` is the unit above the responsible one, None at the top of the tree.
    Raises StateNotAllowed, HandlerMayNotVerify, NotNeutral, SameCallerTwice, AnswerWithoutResident, in that order.
    """
    issue = _called(issue, call, now, times)
    in_time = now <= times.after(issue.closed_at or now, times.rules.reopen_within)
    if not (call.says_no and issue.state is IssueState.CLOSED and in_time):
        return issue, ()
    state = ISSUE.step(issue.state, "record_call_back", IssueState.IN_PROGRESS)
    issue = replace(issue, state=state, satisfaction=None, remark=None, confirmed_by=None)
    issue, reopened = next_round(issue, DISSATISFIED, now, times)
    issue, assigned = one_level_up(issue, above, now, times)
    return issue, (reopened, assigned)


def _called(issue: Issue, call: CallBack, now: datetime, times: Times) -> Issue:
    state = ISSUE.step(issue.state, "record_call_back", issue.state)
    check_verifier(issue, call.by)
    check_neutral(issue, call.by, call.units)
    calls = _calls(issue)
    if any(one.reached and one.by == call.by for one in calls):
        raise SameCallerTwice("somebody else makes the second call", by=call.by)
    if not call.reached and (call.contacted, call.solved, call.satisfied) != (None, None, None):
        raise AnswerWithoutResident("leave out contacted, solved and satisfied where nobody was reached")
    issue = replace(issue, state=state, feedback=(*issue.feedback, _noted(issue, call, now)))
    if call.reached or len(calls) + 1 >= times.rules.most_calls:
        return issue.finish(ClockKind.CALL_BACK, now=now)
    return issue.start(ClockKind.CALL_BACK, times.rules.call_back, now, times)


def _calls(issue: Issue) -> list[GivenAnswer]:
    return [one for one in issue.feedback if one.kind is AnswerKind.CALL_BACK and one.round == issue.round]


def _noted(issue: Issue, call: CallBack, now: datetime) -> GivenAnswer:
    return GivenAnswer(
        kind=AnswerKind.CALL_BACK,
        round=issue.round,
        at=now,
        by=call.by,
        channel=call.channel,
        reached=call.reached,
        contacted=call.contacted,
        solved=call.solved,
        satisfied=call.satisfied,
    )


def ask_durability(issue: Issue, now: datetime) -> tuple[Issue, tuple[IssueDurabilityAsked, ...]]:
    """Ask the reporter once whether it has stayed solved.

    Nobody is asked about a sensitive case, where a message is one more trace of it and no consent is on record.
    """
    issue = issue.finish(ClockKind.DURABILITY, now=now)
    if issue.sensitive:
        return issue, ()
    fact = IssueDurabilityAsked(issue_id=issue.issue_id, reporter_ref=issue.reporter_ref, title=issue.title)
    return replace(issue, durability_asked_at=now), (fact,)


def answer_durability(issue: Issue, *, by: str, holds: bool, remark: str | None, via: Via, now: datetime) -> Issue:
    """Take the word of the reporter or a proxy on whether it has stayed solved.

    Raises Forbidden, StateNotAllowed, NotAsked, AlreadyAnswered, in that order.
    """
    check_reporter(issue, by, now, "says whether it has stayed solved")
    state = ISSUE.step(issue.state, "answer_durability")
    if issue.durability_asked_at is None or issue.durability_asked_at < (issue.ended_at or now):
        raise NotAsked("the resident is asked thirty days after closing, and not about sensitive cases")
    if any(one.kind is AnswerKind.DURABILITY and one.round == issue.round for one in issue.feedback):
        raise AlreadyAnswered("the question was answered before")
    given = GivenAnswer(
        kind=AnswerKind.DURABILITY, round=issue.round, at=now, by=by, channel=via, holds=holds, remark=remark
    )
    return replace(issue, state=state, feedback=(*issue.feedback, given))
