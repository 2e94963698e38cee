"""What happens on an issue by itself: one pure step for everything that is due at a moment."""

from dataclasses import dataclass
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.calling import ask_durability
from services.issues.domain.clocks import Clock
from services.issues.domain.closing import confirm_automatically
from services.issues.domain.decisions import resume
from services.issues.domain.erasure import archive
from services.issues.domain.issue import Issue
from services.issues.domain.ladder import go_up
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind, Times
from services.issues.events import IssueAnswerReminded, IssueClockExpired, IssueClockWarned
from shared.events import Event

OF_OUR_TREE = (ClockKind.ACCEPT, ClockKind.LADDER, ClockKind.VERIFY, ClockKind.CALL_BACK)
Step = tuple[Issue, tuple[Event, ...]]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a step needs to know beside the issue: the unit above the responsible one, None at the top."""

    above: OrgUnit | None
    times: Times


def tick(issue: Issue, around: Around, now: datetime) -> Step:
    """Do what is due by now, in the order in which it fell due; nothing is due, nothing changes."""
    facts: tuple[Event, ...] = ()
    while (clock := _next_due(issue, now)) is not None:
        issue, more = _take(issue, clock, around, now)
        facts += more
    return issue, facts


def _next_due(issue: Issue, now: datetime) -> Clock | None:
    waiting = [clock for clock in issue.clocks if clock.next_at is not None and clock.next_at <= now]
    return min(waiting, key=lambda clock: (clock.next_at, clock.kind), default=None)


def _take(issue: Issue, clock: Clock, around: Around, now: datetime) -> Step:
    if clock.rests:
        return _go_on(issue, clock, around, now), ()
    if clock.due_at > now:
        return _speak(issue, clock, now)
    return EXPIRED.get(clock.kind, _expire)(issue, clock, around, now)


def _go_on(issue: Issue, clock: Clock, around: Around, now: datetime) -> Issue:
    """End a pause whose cap is reached: from then on the time counts again, whenever somebody looks."""
    [gone_on] = clocks.resume((clock,), now, around.times)
    return issue.with_clocks(tuple(gone_on if one is clock else one for one in issue.clocks))


def _speak(issue: Issue, clock: Clock, now: datetime) -> Step:
    issue = issue.with_clocks(clocks.warn(issue.clocks, clock.kind, now))
    if clock.kind is ClockKind.CONFIRM and not issue.has_reporter:
        return issue, ()
    if clock.kind is ClockKind.CONFIRM:
        return issue, (
            IssueAnswerReminded(
                issue_id=issue.issue_id,
                round=issue.round,
                answer_by=clock.due_at,
                reporter_ref=issue.reporter_ref,
                title=issue.title,
            ),
        )
    warned = IssueClockWarned(
        issue_id=issue.issue_id, clock=clock.kind, unit=_answers(issue, clock), due_at=clock.due_at
    )
    return issue, (warned,)


def _expire(issue: Issue, clock: Clock, _around: Around, now: datetime) -> Step:
    """Say that the time is over; the clock runs on as overdue, which a person has to end."""
    expired = IssueClockExpired(
        issue_id=issue.issue_id, clock=clock.kind, unit=_answers(issue, clock), due_at=clock.due_at
    )
    return issue.with_clocks(clocks.expire(issue.clocks, clock.kind, now)), (expired,)


def _answers(issue: Issue, clock: Clock) -> str:
    """Name the unit that has to meet this clock: who handles it does not check it, and the ladder is our own."""
    return issue.responsible_unit if clock.kind in OF_OUR_TREE else issue.unit_at_work


def _climb(issue: Issue, _clock: Clock, around: Around, now: datetime) -> Step:
    """Go one level up; where the issue came to rest before anybody saw that the time was over, the new level rests."""
    rest = next((one.open_pause for one in issue.clocks if one.rests), None)
    issue, facts = go_up(issue, around.above, now, around.times)
    if rest is not None and now < rest.until:
        resting = clocks.pause(
            issue.clocks, reason=rest.reason, by=rest.by, now=now, until=rest.until, times=around.times
        )
        issue = issue.with_clocks(resting)
    return issue, facts


def _answer(issue: Issue, _clock: Clock, around: Around, now: datetime) -> Step:
    return confirm_automatically(issue, now, around.times)


def _archive(issue: Issue, _clock: Clock, _around: Around, now: datetime) -> Step:
    issue, fact = archive(issue, now)
    return issue, (fact,)


def _go_on_working(issue: Issue, clock: Clock, around: Around, _now: datetime) -> Step:
    return resume(issue, clock.due_at, around.times)


def _ask(issue: Issue, _clock: Clock, _around: Around, now: datetime) -> Step:
    return ask_durability(issue, now)


EXPIRED = {
    ClockKind.LADDER: _climb,
    ClockKind.CONFIRM: _answer,
    ClockKind.RETENTION: _archive,
    ClockKind.SUSPENSION: _go_on_working,
    ClockKind.DURABILITY: _ask,
}
