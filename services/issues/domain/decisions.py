"""The decisions that may need a second person, as each is carried out: reject, suspend, extend, force_close."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.issues.domain import clocks
from services.issues.domain.approval import ApprovalKind, ApprovalState, Proposal
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import IssueState, Outcome
from services.issues.events import IssueExtended, IssueForceClosed, IssueRejected, IssueResumed, IssueSuspended
from shared.errors import Refusal

SUSPENDED = "suspended"  # why clocks rest


class RejectReason(StrEnum):
    """Why the community does not take a report."""

    NOT_OURS = "not_ours"
    OTHER_PROCEDURE = "other_procedure"  # a court, an arbitration or a petition is the way that the law names
    SETTLED_IN_COURT = "settled_in_court"
    NOT_TRUE = "not_true"
    DUPLICATE = "duplicate"
    NO_NEW_FACTS = "no_new_facts"


class SuspendReason(StrEnum):
    """What the work waits for."""

    SEASON = "season"
    FUNDS = "funds"
    PARTS = "parts"
    OTHER_WORKS = "other_works"
    COURT = "court"
    PERMIT = "permit"


class ForceCloseReason(StrEnum):
    """Why an issue is ended without a solution."""

    NOT_SOLVABLE = "not_solvable"
    ACCESS_REFUSED = "access_refused"
    REPORTER_UNREACHABLE = "reporter_unreachable"
    OVERTAKEN = "overtaken"  # what it was about does not exist any more
    SETTLED_ELSEWHERE = "settled_elsewhere"


OUTCOMES: dict[RejectReason, Outcome] = {
    RejectReason.NOT_OURS: Outcome.NOT_OURS,
    RejectReason.OTHER_PROCEDURE: Outcome.NOT_OURS,
    RejectReason.SETTLED_IN_COURT: Outcome.NOT_OURS,
    RejectReason.NOT_TRUE: Outcome.NOT_TRUE,
    RejectReason.DUPLICATE: Outcome.DUPLICATE,
    RejectReason.NO_NEW_FACTS: Outcome.DUPLICATE,
}


class SuspendedBefore(Refusal):
    """An issue is suspended once."""


class EndNotAllowed(Refusal):
    """The new end lies too early or too late; the details name what is allowed."""


class DueDatePassed(Refusal):
    """What is late already is not extended."""


class NothingToExtend(Refusal):
    """No time to solve it runs."""


class ExtendedTooOften(Refusal):
    """The office allows no further extension."""


def reject(
    issue: Issue, proposal: Proposal, _by: str, now: datetime, _times: Times
) -> tuple[Issue, tuple[IssueRejected]]:
    """Say that the community does not take it, and where to go instead; raises StateNotAllowed."""
    state = ISSUE.step(issue.state, "reject")
    outcome = OUTCOMES[RejectReason(proposal.reason)]
    issue = replace(over(issue, state, outcome, now), end_reason=proposal.reason, referred_to=proposal.referred_to)
    fact = IssueRejected(
        issue_id=issue.issue_id,
        reason=proposal.reason,
        referred_to=str(proposal.referred_to),
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, (fact,)


def suspend(
    issue: Issue, proposal: Proposal, by: str, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueSuspended]]:
    """Let the issue and what is due rest until a date; raises StateNotAllowed, SuspendedBefore, EndNotAllowed."""
    state = ISSUE.step(issue.state, "suspend")
    if granted(issue, ApprovalKind.SUSPEND):
        raise SuspendedBefore("an issue is suspended once", issue_id=issue.issue_id)
    until = _within(proposal.until or now, after=now, until=times.after(now, times.rules.longest_suspension))
    resting = clocks.pause(issue.clocks, reason=SUSPENDED, by=by, now=now, until=until, times=times)
    waking = clocks.run_until(resting, ClockKind.SUSPENSION, until, round_no=issue.round, now=now)
    issue = replace(issue.with_clocks(waking), state=state, public_reason=proposal.public_reason)
    fact = IssueSuspended(
        issue_id=issue.issue_id,
        until=until,
        reason=proposal.reason,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, (fact,)


def resume(issue: Issue, now: datetime, times: Times) -> tuple[Issue, tuple[IssueResumed]]:
    """Let the work and its clocks go on when the suspension is over; raises StateNotAllowed."""
    state = ISSUE.step(issue.state, "resume")
    issue = replace(issue, state=state, public_reason=None).finish(ClockKind.SUSPENSION, now=now)
    issue = issue.with_clocks(clocks.resume(issue.clocks, now, times))
    resolve = issue.clock(ClockKind.RESOLVE)
    return issue, (IssueResumed(issue_id=issue.issue_id, due_at=resolve.due_at if resolve else None),)


def extend(
    issue: Issue, proposal: Proposal, _by: str, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueExtended]]:
    """Give more time to solve it; what was promised at first stays on record.

    Raises StateNotAllowed, NothingToExtend, DueDatePassed, ExtendedTooOften, EndNotAllowed, in that order.
    """
    ISSUE.step(issue.state, "extend")
    clock = issue.clock(ClockKind.RESOLVE)
    if clock is None:
        raise NothingToExtend("no time to solve it runs", issue_id=issue.issue_id)
    if clock.due_at <= now:
        raise DueDatePassed("its due date has passed", due_at=clock.due_at.isoformat(), now=now.isoformat())
    extensions = granted(issue, ApprovalKind.EXTEND)
    if extensions >= times.rules.most_extensions:
        raise ExtendedTooOften("there are no further extensions", most_extensions=times.rules.most_extensions)
    wanted = proposal.until or clock.due_at + timedelta(days=proposal.days or 0)
    until = _within(wanted, after=clock.due_at, until=times.after(clock.due_at, times.rules.longest_extension))
    issue = issue.with_clocks(clocks.move(issue.clocks, ClockKind.RESOLVE, until, times, now))
    fact = IssueExtended(
        issue_id=issue.issue_id,
        due_at=until,
        first_due_at=clock.first_due_at,
        extension_no=extensions + 1,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, (fact,)


def force_close(
    issue: Issue, proposal: Proposal, _by: str, now: datetime, _times: Times
) -> tuple[Issue, tuple[IssueForceClosed]]:
    """End it without a solution, which everybody sees and which counts as unsolved; raises StateNotAllowed."""
    state = ISSUE.step(issue.state, "force_close")
    issue = replace(
        over(issue, state, Outcome.NOT_SOLVABLE, now),
        forced=True,
        end_reason=proposal.reason,
        public_reason=proposal.public_reason,
    )
    return issue, (force_closed_fact(issue),)


def force_closed_fact(issue: Issue) -> IssueForceClosed:
    """Say that this issue was ended without a solution, and why."""
    return IssueForceClosed(
        issue_id=issue.issue_id,
        reason=str(issue.end_reason),
        round=issue.round,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )


def over(issue: Issue, state: IssueState, outcome: Outcome, now: datetime) -> Issue:
    """End the issue without the resident's answer: nothing is due any more."""
    return replace(issue, state=state, outcome=outcome, closed_at=now).finish(*ClockKind, now=now)


def granted(issue: Issue, kind: ApprovalKind) -> int:
    """Count how often this was decided on the issue, in all rounds."""
    return sum(1 for one in issue.approvals if one.kind is kind and one.state is ApprovalState.GRANTED)


def _within(wanted: datetime, *, after: datetime, until: datetime) -> datetime:
    if not after < wanted <= until:
        raise EndNotAllowed(
            "the end lies after the first and not after the second of these moments",
            end=wanted.isoformat(),
            after=after.isoformat(),
            until=until.isoformat(),
        )
    return wanted
