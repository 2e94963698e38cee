"""Facts of the life of an issue, from the report to the end."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class IssueReported(Event, type="issue.reported", subject="issue_id", zh="事项已反映"):
    """A resident, or somebody for a resident, told us about a problem."""

    issue_id: str
    reporter_ref: str
    building_id: str
    source: str
    sensitive: bool
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueTriaged(Event, type="issue.triaged", subject="issue_id", zh="事项已研判"):
    """The problem has a category, a way to be solved, a unit that answers for it and a due date."""

    issue_id: str
    category: str
    priority: str
    route: str
    responsible_unit: str
    due_at: datetime
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class HazardFlagged(Event, type="hazard.flagged", subject="issue_id", zh="安全隐患已标记"):
    """The problem endangers people; the short ladder applies."""

    issue_id: str
    hazard_type: str
    severity: str


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """A service that comes again every week: for so many weeks, so many hours each time."""

    weeks: int
    hours: float


@dataclass(frozen=True, kw_only=True)
class IssueHelpRequested(Event, type="issue.help_requested", subject="issue_id", zh="事项请求志愿力量"):
    """Volunteers are needed; `request_no` counts the requests of one issue from 1."""

    issue_id: str
    category: str
    needed: int
    hours_estimate: float
    scope: str
    qualification_policy: str
    lead_rule: str
    urgent: bool
    sensitive: bool
    building_id: str | None = None
    qualification: str | None = None
    round: int | None = None
    request_no: int | None = None
    title: str | None = None
    recurring: Recurring | None = None


@dataclass(frozen=True, kw_only=True)
class IssueAssigned(Event, type="issue.assigned", subject="issue_id", zh="事项已转办"):
    """Another unit of the tree answers for the issue from now on, or a person of those at work is to do it."""

    issue_id: str
    org_unit_id: str
    reason: str
    person_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueResolved(Event, type="issue.resolved", subject="issue_id", zh="事项已办结"):
    """The work is done; the resident's answer is awaited. `resolution` is a code: solved or partly."""

    issue_id: str
    round: int
    resolved_by_unit: str
    resolution: str
    project_id: str | None = None
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueConfirmed(Event, type="issue.confirmed", subject="issue_id", zh="居民已确认"):
    """The resident is satisfied (3 to 5), or did not answer in time (null, via automatic)."""

    issue_id: str
    round: int
    satisfaction: int | None
    via: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueReopened(Event, type="issue.reopened", subject="issue_id", zh="事项已重办"):
    """The resident is not satisfied with this round, and the next one begins.

    `reason` is a code: dissatisfied (1 or 2), not_lasting (after closing; null where no number was given), relapse.
    """

    issue_id: str
    round: int
    satisfaction: int | None
    reason: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueClosed(Event, type="issue.closed", subject="issue_id", zh="事项已结案"):
    """The case is over after so many rounds and full days; those who said "me too" hear of it, the first 2,500."""

    issue_id: str
    rounds: int
    days_open: int
    reporter_ref: str | None = None
    title: str | None = None
    satisfaction: int | None = None
    via: str | None = None
    supporter_refs: tuple[str, ...] = ()
