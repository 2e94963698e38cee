"""The facts that issues announces: ids and codes, never a name or the text of a resident."""

from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, kw_only=True)
class IssueAssigned(Event, type="issue.assigned", subject="issue_id", zh="事项已转办"):
    """Another unit of the tree answers for the issue from now on."""

    issue_id: str
    org_unit_id: str
    reason: str


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
    """The resident is not satisfied (1 or 2) with this round; the next one begins."""

    issue_id: str
    round: int
    satisfaction: int
    reason: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueClosed(Event, type="issue.closed", subject="issue_id", zh="事项已结案"):
    """The case is over after so many rounds and full days."""

    issue_id: str
    rounds: int
    days_open: int
    reporter_ref: str | None = None
    title: str | None = None
    satisfaction: int | None = None
    via: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationOpened(Event, type="deliberation.opened", subject="deliberation_id", zh="协商议事已启动"):
    """Everybody on the roll may vote."""

    deliberation_id: str
    issue_id: str
    rule: str
    roll_size: int
    meets_at: datetime | None
    voter_refs: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationPassed(Event, type="deliberation.passed", subject="deliberation_id", zh="协商议事已通过"):
    """The roll agreed; votes are persons, turnout is their share of the roll, 0 to 1."""

    deliberation_id: str
    issue_id: str
    turnout: float
    votes_for: int
    votes_against: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationRejected(Event, type="deliberation.rejected", subject="deliberation_id", zh="协商议事未通过"):
    """The roll did not agree; votes are persons, turnout is their share of the roll, 0 to 1."""

    deliberation_id: str
    issue_id: str
    turnout: float
    votes_for: int
    votes_against: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationLapsed(Event, type="deliberation.lapsed", subject="deliberation_id", zh="协商议事因人数不足流会"):
    """Too few took part, in persons or in floor area, to decide anything."""

    deliberation_id: str
    issue_id: str
    present: int
    required: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptanceCriterion:
    """What must be there at the end, under a short code."""

    item: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectStarted(Event, type="secretary_project.started", subject="project_id", zh="书记项目已立项"):
    """A secretary leads the problem personally and answers for it until acceptance."""

    project_id: str
    issue_ids: tuple[str, ...]
    leader_id: str
    goal: str
    deadline: date
    acceptance: tuple[AcceptanceCriterion, ...]
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectReturned(Event, type="secretary_project.returned", subject="project_id", zh="书记项目验收退回"):
    """At least one acceptance item is not met."""

    project_id: str
    failed_items: tuple[str, ...]
    leader_id: str | None = None
    title: str | None = None
    issue_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectAccepted(Event, type="secretary_project.accepted", subject="project_id", zh="书记项目已验收"):
    """Every acceptance item is met, as found by somebody else than the leader."""

    project_id: str
    accepted_at: datetime
    accepted_by: tuple[str, ...]
    leader_id: str | None = None
    title: str | None = None
    issue_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrgTreeRequested(Event, type="org_tree.requested", subject="service", zh="组织树已请求"):
    """The named service has no copy of the tree and asks to hear every unit again."""

    service: str
