"""Commands that need a second person, or may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.domain import ApprovalKind, Proposal
from shared.errors import InvalidInput
from shared.schemas import Command, Id, Page, ShortText, dump


@dataclass(frozen=True, kw_only=True)
class Reject(Command):
    """Say that the community does not take it; `referred_to` is the code of who does."""

    issue_id: Id
    reason: domain.RejectReason
    referred_to: Id
    by: Id | None = None

    @property
    def proposal(self) -> Proposal:
        """What is to be decided."""
        return Proposal(kind=ApprovalKind.REJECT, reason=self.reason, referred_to=self.referred_to)


@dataclass(frozen=True, kw_only=True)
class Suspend(Command):
    """Let it rest until a date; everybody reads the `public_reason`."""

    issue_id: Id
    until: datetime
    reason: domain.SuspendReason
    public_reason: ShortText
    by: Id | None = None

    @property
    def proposal(self) -> Proposal:
        """What is to be decided."""
        return Proposal(
            kind=ApprovalKind.SUSPEND,
            reason=self.reason,
            public_reason=self.public_reason,
            until=_to_the_second(self.until),
        )


@dataclass(frozen=True, kw_only=True)
class Extend(Command):
    """Give more time to solve it: `until` a moment, or so many `days` after the due date."""

    issue_id: Id
    reason: ShortText
    until: datetime | None = None
    days: Annotated[int, validate.Range(1, 366)] | None = None
    by: Id | None = None

    @property
    def proposal(self) -> Proposal:
        """What is to be decided; raises InvalidInput unless there is one end."""
        if (self.until is None) == (self.days is None):
            wanted = "Give exactly one of until, days."
            raise InvalidInput(wanted, fields={"until": [wanted], "days": [wanted]})
        until = self.until and _to_the_second(self.until)
        return Proposal(kind=ApprovalKind.EXTEND, reason=self.reason, until=until, days=self.days)


@dataclass(frozen=True, kw_only=True)
class ForceClose(Command):
    """End it without a solution; everybody reads the `public_reason`."""

    issue_id: Id
    reason: domain.ForceCloseReason
    public_reason: ShortText
    by: Id | None = None

    @property
    def proposal(self) -> Proposal:
        """What is to be decided."""
        return Proposal(kind=ApprovalKind.FORCE_CLOSE, reason=self.reason, public_reason=self.public_reason)


@dataclass(frozen=True, kw_only=True)
class Approve(Command):
    """Approve what somebody else has proposed."""

    issue_id: Id
    kind: ApprovalKind
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Decline(Command):
    """End what was proposed, or take back an own proposal."""

    issue_id: Id
    kind: ApprovalKind
    reason: ShortText
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ListApprovals(Page):
    """List the issues on which something waits for a second person, by number."""

    kind: ApprovalKind | None = None


def approvals_view(issue: domain.Issue, *, words: bool) -> dict[str, Any]:
    """Show what waits on an issue, where `words` is false without what staff wrote for each other."""
    waiting = [one if words else one.without_words() for kind in ApprovalKind if (one := domain.pending(issue, kind))]
    return {"issue_id": issue.issue_id, "state": issue.state.value, "title": issue.title, "approvals": dump(waiting)}


def _to_the_second(moment: datetime) -> datetime:
    """Leave out what a document would cut off, so that the same proposal stays the same."""
    return moment.replace(microsecond=0)
