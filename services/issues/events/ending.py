"""Facts of how an issue ends otherwise than by the resident's answer, of what is asked afterwards, and what is cut."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class IssueForceClosed(Event, type="issue.force_closed", subject="issue_id", zh="事项已强制结案"):
    """Two persons ended it; it counts as unsolved, and the public sees that. `reason` is a code."""

    issue_id: str
    reason: str
    round: int | None = None
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueWithdrawn(Event, type="issue.withdrawn", subject="issue_id", zh="事项已撤回"):
    """The reporter takes it back; where it `stays_open`, it goes on without a reporter for safety's sake.

    From then on the `reporter_ref` of its facts is `withdrawn`, which is nobody.
    """

    issue_id: str
    stays_open: bool
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class IssueArchived(Event, type="issue.archived", subject="issue_id", zh="事项已归档"):
    """The time to keep it is over; what was personal is gone."""

    issue_id: str


@dataclass(frozen=True, kw_only=True)
class IssueMerged(Event, type="issue.merged", subject="issue_id", zh="事项已并案"):
    """It is the same problem as another one, which leads."""

    issue_id: str
    into_issue_id: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueUnmerged(Event, type="issue.unmerged", subject="issue_id", zh="事项已撤销并案"):
    """It stands on its own again, as it was."""

    issue_id: str
    from_issue_id: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueAnswerReminded(Event, type="issue.answer_reminded", subject="issue_id", zh="已提醒居民确认"):
    """The reporter has not answered yet and still may until `answer_by`."""

    issue_id: str
    round: int
    answer_by: datetime
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueDurabilityAsked(Event, type="issue.durability_asked", subject="issue_id", zh="已询问是否反复"):
    """Thirty days after closing the reporter is asked whether it has stayed solved."""

    issue_id: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueVisibilitySet(Event, type="issue.visibility_set", subject="issue_id", zh="事项可见范围已调整"):
    """Others may see more or less of it from now on: public, masked, private or hidden."""

    issue_id: str
    visibility: str


@dataclass(frozen=True, kw_only=True)
class ResidentErased(Event, type="resident.erased", subject="erasure_id", zh="居民个人信息已删除"):
    """What was personal in these issues is gone; nothing here says whose they were."""

    erasure_id: str
    reason: str
    issue_ids: tuple[str, ...]
