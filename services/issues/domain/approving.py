"""Four eyes: a decision is proposed, approved by others, and carried out with the last approval."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from services.issues.domain.approval import APPROVERS, Approval, ApprovalKind, ApprovalState, Proposal
from services.issues.domain.decisions import extend, force_close, reject, suspend
from services.issues.domain.issue import Issue, RequestType
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.rules import Times
from services.issues.domain.sides import check_concerned, check_our_tree
from services.issues.domain.states import ENDED, IssueState
from services.issues.events import IssueApprovalDeclined, IssueApprovalRequested
from shared.errors import Refusal
from shared.events import Event

Step = tuple[Issue, tuple[Event, ...]]
DECISIONS: dict[ApprovalKind, Callable[[Issue, Proposal, str, datetime, Times], Step]] = {
    ApprovalKind.REJECT: reject,
    ApprovalKind.SUSPEND: suspend,
    ApprovalKind.EXTEND: extend,
    ApprovalKind.FORCE_CLOSE: force_close,
}


ASKED_BY_UNITS = (ApprovalKind.SUSPEND, ApprovalKind.EXTEND)


class ApprovalPending(Refusal):
    """One proposal of a kind waits at a time."""


class NothingToApprove(Refusal):
    """No proposal of this kind waits for anybody."""


def propose(
    issue: Issue, proposal: Proposal, *, by: str, now: datetime, times: Times, secretaries: Sequence[str] = ()
) -> Step:
    """Decide at once where nobody else is needed; else let the proposal wait for the others.

    `secretaries` are those of the responsible unit and of the units above it, the nearest first.
    The same proposal of the same person again changes nothing. Raises ApprovalPending, and at once whatever the
    decision would raise now.
    """
    waiting = pending(issue, proposal.kind)
    if waiting is not None and (waiting.asked_by, waiting.proposal) == (by, proposal):
        return issue, ()
    decided = DECISIONS[proposal.kind](issue, proposal, by, now, times)
    if waiting is not None:
        raise ApprovalPending("another proposal of this kind waits", kind=proposal.kind.value, by=waiting.asked_by)
    needed = _needed(issue, proposal.kind)
    if not needed:
        return decided
    approval = Approval(proposal=proposal, round=issue.round, asked_by=by, asked_at=now, needed=needed)
    requested = IssueApprovalRequested(
        issue_id=issue.issue_id,
        kind=proposal.kind,
        asked_by=by,
        needed=needed,
        roles=APPROVERS[proposal.kind].roles,
        title=issue.title,
        approver_refs=_to_be_asked(issue, approval, secretaries),
    )
    return replace(issue, approvals=(*issue.approvals, approval)), (requested,)


def _to_be_asked(issue: Issue, approval: Approval, secretaries: Sequence[str]) -> tuple[str, ...]:
    """Name whom the issue or the tree knows in the roles that approve, without the one who asks.

    These are the dispatcher who sent it out last, who asked back last, and as many near secretaries as are needed.
    """
    known = {
        "dispatcher": [order.by for order in issue.orders if not order.ruled][-1:],
        "triage": [one.asked_by for one in issue.exchanges][-1:],
        "secretary": [one for one in secretaries if one != approval.asked_by][: approval.needed],
    }
    asked = dict.fromkeys(person for role in APPROVERS[approval.kind].roles for person in known[role])
    return tuple(person for person in asked if person != approval.asked_by)


def check_may_propose(issue: Issue, kind: ApprovalKind, by: str, units: tuple[str, ...], now: datetime) -> None:
    """Let outside units ask for time while they are at work on the issue, and for nothing else; raises NotOfTheUnit."""
    if kind in ASKED_BY_UNITS:
        check_concerned(issue, by, units, now)
    else:
        check_our_tree(by, units)


def approve(issue: Issue, kind: ApprovalKind, *, by: str, now: datetime, times: Times) -> Step:
    """Count one more person; the last one carries the decision out, as the issue is by then.

    Raises StateNotAllowed, NothingToApprove, AnotherPersonNeeded, in that order, and whatever the decision raises.
    """
    ISSUE.step(issue.state, "approve")
    waiting = _the_one_pending(issue, kind)
    approval = waiting.approved(by)
    if not approval.is_complete:
        return _with(issue, waiting, approval), ()
    issue, facts = DECISIONS[kind](issue, approval.proposal, approval.asked_by, now, times)
    return _with(issue, waiting, approval.ended(ApprovalState.GRANTED, now)), facts


def decline(issue: Issue, kind: ApprovalKind, *, by: str, reason: str, now: datetime) -> Step:
    """End the proposal without the decision; it stays on record and counts for nothing.

    Raises StateNotAllowed, NothingToApprove, in that order.
    """
    ISSUE.step(issue.state, "decline")
    waiting = _the_one_pending(issue, kind)
    declined = replace(waiting.ended(ApprovalState.DECLINED, now), declined_by=by, decline_reason=reason)
    fact = IssueApprovalDeclined(issue_id=issue.issue_id, kind=kind, asked_by=waiting.asked_by, title=issue.title)
    return _with(issue, waiting, declined), (fact,)


def let_lapse(issue: Issue, now: datetime) -> Issue:
    """End what nobody can approve any more: proposals of a round, or an issue, that is over."""
    is_over = issue.state in (*ENDED, IssueState.ARCHIVED)
    return replace(
        issue,
        approvals=tuple(
            one.ended(ApprovalState.LAPSED, now)
            if one.state is ApprovalState.PENDING and (is_over or one.round != issue.round)
            else one
            for one in issue.approvals
        ),
    )


def pending(issue: Issue, kind: ApprovalKind) -> Approval | None:
    """Return the proposal of this kind that waits."""
    waiting = (one for one in issue.approvals if one.kind is kind and one.state is ApprovalState.PENDING)
    return next((one for one in waiting if one.round == issue.round), None)


def _the_one_pending(issue: Issue, kind: ApprovalKind) -> Approval:
    waiting = pending(issue, kind)
    if waiting is None:
        kinds = sorted({one.kind.value for one in issue.approvals if one.state is ApprovalState.PENDING})
        raise NothingToApprove(f"no proposal to {kind} waits", kind=kind.value, waiting=kinds)
    return waiting


def _needed(issue: Issue, kind: ApprovalKind) -> int:
    """Only a complaint is not rejected by one person alone; every other kind always needs somebody else."""
    if kind is ApprovalKind.REJECT and issue.request_type is not RequestType.COMPLAINT:
        return 0
    return APPROVERS[kind].needed


def _with(issue: Issue, before: Approval, after: Approval) -> Issue:
    return replace(issue, approvals=tuple(after if one is before else one for one in issue.approvals))
