"""An issue sent to an outside unit (派单), by a dispatcher or by the ruling of the community secretary."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.issues.domain.assisting import AlreadyInIt, Task, with_tasks, without_tasks
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.records import DispatchOrder, ReturnReason
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.sides import assisting_units
from services.issues.domain.states import IssueState
from services.issues.domain.units import HandlingUnit, check_category
from services.issues.events import IssueArbitrated, IssueDispatched
from shared.errors import Refusal

CURABLE = (ReturnReason.MISSING_INFORMATION, ReturnReason.WRONG_PLACE)  # what a note to the same unit can mend


class SameUnitForSameReason(Refusal):
    """The unit gave it back for a reason that still holds."""


class StillToSign(Refusal):
    """The unit that has it may still sign; the details say until when."""


def dispatch(
    issue: Issue, lead: HandlingUnit, tasks: Sequence[Task], *, note: str | None, by: str, now: datetime, times: Times
) -> tuple[Issue, IssueDispatched]:
    """Send the issue to one lead unit and those that assist it; the resident's time and the ladder run on.

    Raises StateNotAllowed, StillToSign, AlreadyInIt, NotItsCategory, SameUnitForSameReason, EndInThePast, in that
    order. How often it came back needs no check here: the third return opens arbitration, which allows no dispatch.
    """
    state = ISSUE.step(issue.state, "dispatch")
    issue = _taken_away(issue, lead.unit_id, now) if issue.state is IssueState.DISPATCHED else issue
    issue = replace(issue, state=state, lead_unit=lead.unit_id)
    check_category(lead, issue.category)
    _check_returned(issue, lead.unit_id, note)
    return _send(with_tasks(issue, tasks, now), lead, note=note, by=by, ruled=False, now=now, times=times)


def _taken_away(issue: Issue, unit_id: str, now: datetime) -> Issue:
    """Take the issue from a unit that has not signed in time, and give it to another one."""
    sign_by = issue.orders[-1].sign_by
    if now < sign_by:
        raise StillToSign(
            f"{issue.lead_unit} may sign until {sign_by.isoformat()}",
            unit=issue.lead_unit,
            sign_by=sign_by.isoformat(),
        )
    if unit_id == issue.lead_unit:
        raise AlreadyInIt(f"{unit_id} has it and has not signed; send it to another unit", unit=unit_id)
    return without_tasks(issue, assisting_units(issue, now), now)


def _check_returned(issue: Issue, unit_id: str, note: str | None) -> None:
    """Let a unit have it again only with what it missed, and not twice for the same thing."""
    reasons = [one.reason for one in issue.returns_of_round if one.unit == unit_id]
    if not reasons:
        return
    curable = reasons[-1] in CURABLE and reasons.count(reasons[-1]) == 1
    if not (curable and note):
        instead = "say in the note what was missing" if curable else "send it to another unit"
        raise SameUnitForSameReason(
            f"{unit_id} returned it as {reasons[-1]}; {instead}", unit=unit_id, reason=reasons[-1].value
        )


def rule(
    issue: Issue, unit: HandlingUnit, *, reason: str, by: str, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueArbitrated | IssueDispatched, ...]]:
    """Decide whose it is, whatever the unit usually handles; nobody returns it in this round any more (I4).

    Raises StateNotAllowed.
    """
    issue = replace(issue, state=ISSUE.step(issue.state, "rule"), lead_unit=unit.unit_id)
    issue, dispatched = _send(issue, unit, note=reason, by=by, ruled=True, now=now, times=times)
    return issue, (IssueArbitrated(issue_id=issue.issue_id, unit=unit.unit_id), dispatched)


def _send(
    issue: Issue, lead: HandlingUnit, *, note: str | None, by: str, ruled: bool, now: datetime, times: Times
) -> tuple[Issue, IssueDispatched]:
    span = times.rules.sign_urgent if issue.urgent else times.rules.sign
    order = DispatchOrder(
        dispatch_no=len(issue.orders) + 1,
        round=issue.round,
        unit=lead.unit_id,
        by=by,
        at=now,
        sign_by=times.after(now, span),
        return_by=times.after(now, times.rules.return_window),
        note=note,
        ruled=ruled,
    )
    issue = replace(issue, orders=(*issue.orders, order), assignee=None).start(ClockKind.SIGN, span, now, times)
    return issue, _dispatched(issue, order, lead, now)


def _dispatched(issue: Issue, order: DispatchOrder, lead: HandlingUnit, now: datetime) -> IssueDispatched:
    return IssueDispatched(
        issue_id=issue.issue_id,
        lead_unit=order.unit,
        assisting_units=assisting_units(issue, now),
        dispatch_no=order.dispatch_no,
        sign_by=order.sign_by,
        due_at=issue.due_at,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
        lead_kind=lead.kind,
        handler_refs=lead.persons,
    )
