"""What the staff has to do next: which issues are wanted, and where a page of them begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.issues.domain.issue import Issue
from services.issues.domain.rules import ClockKind
from services.issues.domain.states import IssueState
from services.issues.domain.working_time import COMMUNITY_TIME
from shared.errors import Refusal

EPOCH = datetime(1970, 1, 1, tzinfo=COMMUNITY_TIME) + timedelta(hours=8)
MILLISECOND = timedelta(milliseconds=1)  # as exact as a stored moment is


class NoSuchPage(Refusal):
    """A page begins after the last row of the one before."""


@dataclass(frozen=True, kw_only=True)
class Position:
    """A place in the order of due dates, and of ids within one moment."""

    due_at: datetime
    issue_id: str

    def __str__(self) -> str:
        return f"{(self.due_at - EPOCH) // MILLISECOND}/{self.issue_id}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """Read what `next` said; raises NoSuchPage."""
        moment, _, issue_id = text.partition("/")
        if not issue_id or not moment.isdecimal() or len(moment) > len("9999999999999"):
            raise NoSuchPage("after must be the `next` of the page before", after=text)
        return cls(due_at=EPOCH + int(moment) * MILLISECOND, issue_id=issue_id)

    @classmethod
    def of(cls, issue: Issue) -> "Position":
        """Say where an issue stands that somebody has to do something about."""
        return cls(due_at=issue.next_due_at or EPOCH, issue_id=issue.issue_id)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which issues; `since` and `before` are about when the next step is due, None where it does not matter."""

    state: IssueState | None = None
    since: datetime | None = None
    before: datetime | None = None
    kinds: tuple[ClockKind, ...] = ()
    after: Position | None = None


def is_late(issue: Issue, now: datetime) -> bool:
    """Whether the staff should have done the next step already."""
    return issue.next_due_at is not None and issue.next_due_at < now


def is_warned(issue: Issue) -> bool:
    """Whether the clock of the next step has warned: little of its time is left."""
    clock = issue.clock(issue.next_due_kind) if issue.next_due_kind else None
    return clock is not None and clock.warn_at is None
