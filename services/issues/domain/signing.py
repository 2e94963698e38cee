"""What an outside unit answers to a dispatch: it signs for the issue (签收), or gives it back (退单)."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.apart import handled_by
from services.issues.domain.assisting import without_tasks
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.records import Return, ReturnReason
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.sides import assisting_units, check_lead, check_lead_unit
from services.issues.domain.states import IssueState
from services.issues.events import IssueArbitrationOpened, IssueReturned, IssueSigned
from shared.errors import Refusal

UNITS_THAT_REFUSE = 2  # different ones in a round, then the community secretary rules; lifecycles.md row 13


class ReturnWindowOver(Refusal):
    """The time to give it back is over; the details name its end."""


class MayNotReturnAgain(Refusal):
    """The community secretary has ruled in this round whose it is (I4)."""


class EvidenceMissing(Refusal):
    """A return needs a text or a photo that shows why."""


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why a unit gives an issue back, and what shows it: a text, photos by their ids, or both."""

    reason: ReturnReason
    evidence: str | None = None
    photos: tuple[str, ...] = ()


def sign(
    issue: Issue, unit_id: str, *, by: str, units: tuple[str, ...], now: datetime, times: Times
) -> tuple[Issue, IssueSigned]:
    """Take the issue on for the lead unit; `units` are those that `by` acts for. The ladder stops.

    Raises StateNotAllowed, NotTheLeadUnit, NotOfTheUnit, VerifierMayNotHandle, in that order.
    """
    state = ISSUE.step(issue.state, "sign")
    check_lead_unit(issue, unit_id)
    check_lead(issue, by, units)
    signed = replace(issue.orders[-1], signed_at=now, signed_by=by)
    issue = replace(handled_by(issue, by), state=state, orders=(*issue.orders[:-1], signed))
    issue = issue.finish(ClockKind.SIGN, ClockKind.LADDER, now=now)
    issue = issue.start(ClockKind.CONTACT, times.rules.contact, now, times)
    contact_by = times.after(now, times.rules.contact)
    return issue, IssueSigned(issue_id=issue.issue_id, unit=unit_id, contact_by=contact_by)


def return_issue(
    issue: Issue,
    unit_id: str,
    why: Grounds,
    *,
    by: str,
    units: tuple[str, ...],
    now: datetime,
    times: Times,
    community: str | None = None,
) -> tuple[Issue, tuple[IssueReturned | IssueArbitrationOpened, ...]]:
    """Give the issue back; the third return, or the second unit's, opens arbitration. The resident's time runs on.

    `community` is the unit whose secretary rules then, where our copy of the tree knows it.
    Raises StateNotAllowed, NotTheLeadUnit, NotOfTheUnit, MayNotReturnAgain, ReturnWindowOver, EvidenceMissing, in
    that order.
    """
    ISSUE.step(issue.state, "return_issue")
    check_lead_unit(issue, unit_id)
    check_lead(issue, by, units)
    _check_return(issue, why, now)
    returned = _returned(issue, unit_id, why, by, now)
    issue = without_tasks(issue, assisting_units(issue, now), now)
    issue = replace(issue, lead_unit=None, returns=(*issue.returns, returned)).finish(ClockKind.SIGN, now=now)
    opened = _arbitration(issue, times.rules.most_returns, community)
    state = ISSUE.step(issue.state, "return_issue", IssueState.ARBITRATING if opened else IssueState.RETURNED)
    fact = IssueReturned(issue_id=issue.issue_id, unit=unit_id, reason=why.reason, return_no=returned.return_no)
    return replace(issue, state=state), (fact, *opened)


def _check_return(issue: Issue, why: Grounds, now: datetime) -> None:
    """Let a unit give it back with evidence, in time, and unless it was ruled on in this round (I4)."""
    if any(order.ruled for order in issue.orders if order.round == issue.round):
        raise MayNotReturnAgain("the community secretary has ruled that it is this unit's", unit=issue.lead_unit)
    return_by = issue.orders[-1].return_by
    if now > return_by:
        raise ReturnWindowOver(f"it could be returned until {return_by.isoformat()}", return_by=return_by.isoformat())
    if not (why.evidence or why.photos):
        raise EvidenceMissing("a return needs evidence, a text, or photos", needed=["evidence", "photos"])


def _returned(issue: Issue, unit_id: str, why: Grounds, by: str, now: datetime) -> Return:
    return Return(
        return_no=len(issue.returns_of_round) + 1,
        round=issue.round,
        unit=unit_id,
        reason=why.reason,
        by=by,
        at=now,
        evidence=why.evidence,
        photos=why.photos,
    )


def _arbitration(issue: Issue, most_returns: int, community: str | None) -> tuple[IssueArbitrationOpened, ...]:
    returns = issue.returns_of_round
    units = tuple(dict.fromkeys(one.unit for one in returns))
    if len(returns) < most_returns and len(units) < UNITS_THAT_REFUSE:
        return ()
    return (
        IssueArbitrationOpened(issue_id=issue.issue_id, units=units, returns=len(returns), community_unit=community),
    )
