"""A decision that needs a second person: what is proposed, who has to approve it, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.errors import Refusal


class ApprovalKind(StrEnum):
    """The decisions that may need a second person; each is the command of that name in the table."""

    REJECT = "reject"
    SUSPEND = "suspend"
    EXTEND = "extend"
    FORCE_CLOSE = "force_close"


class ApprovalState(StrEnum):
    """Whether it still waits for somebody, and how it ended; it lapses when its round or the issue is over."""

    PENDING = "pending"
    GRANTED = "granted"
    DECLINED = "declined"
    LAPSED = "lapsed"


class AnotherPersonNeeded(Refusal):
    """Nobody approves what they asked for themselves, or twice."""


@dataclass(frozen=True, kw_only=True)
class Approvers:
    """How many persons approve beside the one who asks, and their roles beside the administrator."""

    needed: int
    roles: tuple[str, ...]


APPROVERS: dict[ApprovalKind, Approvers] = {
    ApprovalKind.REJECT: Approvers(needed=1, roles=("triage",)),
    ApprovalKind.SUSPEND: Approvers(needed=1, roles=("dispatcher",)),
    ApprovalKind.EXTEND: Approvers(needed=2, roles=("dispatcher", "secretary")),
    ApprovalKind.FORCE_CLOSE: Approvers(needed=1, roles=("dispatcher", "secretary")),
}


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is to be decided; `reason` is a code, of an extension words, and `public_reason` is for everybody.

    An extension ends at `until` or `days` after the due date of the moment in which it is granted.
    """

    kind: ApprovalKind
    reason: str
    public_reason: str | None = None
    referred_to: str | None = None
    until: datetime | None = None
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A proposal on its way through the persons who have to approve it; it stays on record."""

    proposal: Proposal
    round: int
    asked_by: str
    asked_at: datetime
    needed: int
    approved_by: tuple[str, ...] = ()
    state: ApprovalState = ApprovalState.PENDING
    ended_at: datetime | None = None
    declined_by: str | None = None
    decline_reason: str | None = None

    @property
    def kind(self) -> ApprovalKind:
        """What is to be decided."""
        return self.proposal.kind

    @property
    def is_complete(self) -> bool:
        """Whether everybody who is needed has approved."""
        return len(self.approved_by) >= self.needed

    def approved(self, by: str) -> "Approval":
        """Count one more person; raises AnotherPersonNeeded."""
        if by in (self.asked_by, *self.approved_by):
            raise AnotherPersonNeeded(
                "whoever asked or has approved already does not count again",
                kind=self.kind.value,
                by=by,
                asked_by=self.asked_by,
                approved_by=list(self.approved_by),
            )
        return replace(self, approved_by=(*self.approved_by, by))

    def without_words(self) -> "Approval":
        """Take out what people wrote; codes, and who decided what when, stay."""
        reason = "" if self.kind is ApprovalKind.EXTEND else self.proposal.reason
        proposal = replace(self.proposal, reason=reason, public_reason=None)
        return replace(self, proposal=proposal, decline_reason=None)

    def ended(self, state: ApprovalState, now: datetime) -> "Approval":
        """End it in this state."""
        return replace(self, state=state, ended_at=now)
