"""The work is said to be done (处置), and somebody else looks whether it is (核查)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.apart import handled_by, verified_by
from services.issues.domain.categories import Category
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.records import CheckReason, FailedCheck, WorkReport
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.sides import check_lead
from services.issues.events import IssueCheckFailed, IssueHandled
from shared.errors import Refusal

DONE = (ClockKind.RESOLVE, ClockKind.LADDER, ClockKind.CONTACT, ClockKind.PROMISE)  # what nobody waits for any more


class ConditionsNotMet(Refusal):
    """Something that the category asks for is not ticked; the details name it."""


class UnknownCondition(Refusal):
    """The category asks for no such thing; the details name what it asks for."""


class ProofMissing(Refusal):
    """The category asks for a proof, a photo or a reference."""


@dataclass(frozen=True, kw_only=True)
class Standard:
    """When an issue counts as done: what has to be ticked, and whether something has to show it (结案条件)."""

    conditions: tuple[str, ...] = ()
    proof_required: bool = False


def closing_standard(category: Category) -> Standard:
    """Say when an issue of this version of a category counts as done."""
    return Standard(conditions=category.closing_condition_zh, proof_required=category.proof_required)


@dataclass(frozen=True, kw_only=True)
class Work:
    """What was done: what is ticked, photo ids or references that show it, and the public answer."""

    conditions: tuple[str, ...]
    proof: tuple[str, ...]
    answer: str


def report_done(
    issue: Issue, work: Work, standard: Standard, *, by: str, units: tuple[str, ...], now: datetime, times: Times
) -> tuple[Issue, IssueHandled]:
    """Say that it is done; the time to solve it ends, and the time to check it begins.

    Raises StateNotAllowed, NotOfTheUnit, VerifierMayNotHandle, UnknownCondition, ConditionsNotMet, ProofMissing, in
    that order.
    """
    state = ISSUE.step(issue.state, "report_done")
    check_lead(issue, by, units)
    issue = replace(handled_by(issue, by), state=state)
    _check_work(work, standard)
    report = WorkReport(
        round=issue.round,
        unit=issue.unit_at_work,
        by=by,
        at=now,
        conditions=work.conditions,
        proof=work.proof,
        answer=work.answer,
    )
    issue = replace(issue, reports=(*issue.reports, report)).finish(*DONE, now=now)
    issue = issue.start(ClockKind.VERIFY, times.rules.verify, now, times)
    return issue, IssueHandled(issue_id=issue.issue_id, round=issue.round, unit=report.unit)


def _check_work(work: Work, standard: Standard) -> None:
    if unknown := _without(work.conditions, standard.conditions):
        raise UnknownCondition(
            f"the category does not ask for {', '.join(unknown)}", unknown=unknown, allowed=list(standard.conditions)
        )
    if missing := _without(standard.conditions, work.conditions):
        raise ConditionsNotMet(f"not ticked: {', '.join(missing)}", missing=missing)
    if standard.proof_required and not work.proof:
        raise ProofMissing("the category asks for a proof: photo ids or references", needed="proof")


def _without(some: Collection[str], others: Collection[str]) -> list[str]:
    return [one for one in some if one not in others]


def fail_check(
    issue: Issue, reason: CheckReason, remark: str | None, *, by: str, now: datetime, times: Times
) -> tuple[Issue, IssueCheckFailed]:
    """Give the work back to who did it; the time to solve it runs on with what was left of it.

    Raises StateNotAllowed, HandlerMayNotVerify, in that order.
    """
    state = ISSUE.step(issue.state, "fail_check")
    found = FailedCheck(round=issue.round, by=by, at=now, reason=reason, remark=remark)
    issue = replace(verified_by(issue, by), state=state, failed_checks=(*issue.failed_checks, found))
    issue = issue.finish(ClockKind.VERIFY, now=now)
    issue = issue.with_clocks(clocks.go_on(issue.clocks, ClockKind.RESOLVE, now, times))
    return issue, IssueCheckFailed(issue_id=issue.issue_id, round=issue.round, reason=reason)
