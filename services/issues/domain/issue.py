"""The issue itself: reported, triaged, and what it carries through its life."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.issues.domain.categories import (
    CATEGORIES,
    NOT_SORTED_YET,
    SEVERITY,
    Category,
    CategoryRow,
    Hazard,
    Priority,
    Route,
    due_at,
)
from services.issues.domain.lifecycle import ISSUE, DeliberationState, IssueState
from services.issues.domain.org_unit import OrgUnit
from services.issues.events import HazardFlagged, IssueReported, IssueTriaged
from shared.errors import Refusal


class Source(StrEnum):
    """How the report reached us."""

    WECHAT = "wechat"
    HOTLINE = "hotline"
    PATROL = "patrol"
    VISIT = "visit"


class ClientIdTaken(Refusal):
    """Two different reports carry the same number."""


class Outcome(StrEnum):
    """What came of it; not to be folded into the state."""

    NONE = "none"
    SOLVED = "solved"
    PARTLY = "partly"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody tells us; `client_id` is their own number of it."""

    reporter: str
    text: str
    source: Source
    client_id: str | None
    sensitive: bool


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What triage finds; without a route the category's own is taken."""

    category: Category
    priority: Priority
    hazard: Hazard | None
    route: Route | None


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One problem from the report to the resident's answer; `text` and `remark` never leave this database."""

    issue_id: str
    client_id: str | None
    reporter_ref: str
    building_id: str
    responsible_unit: str
    place_zh: str
    place_in_estate_zh: str
    source: Source
    sensitive: bool
    text: str
    reported_at: datetime
    state: IssueState = IssueState.REPORTED
    outcome: Outcome = Outcome.NONE
    round: int = 1
    category: Category | None = None
    priority: Priority = Priority.NORMAL
    hazard: Hazard | None = None
    route: Route | None = None
    first_due_at: datetime | None = None
    due_at: datetime | None = None
    deliberation_ids: tuple[str, ...] = ()
    deliberation_result: DeliberationState | None = None
    state_after_vote: IssueState | None = None
    project_ids: tuple[str, ...] = ()
    open_project_id: str | None = None
    help_requests: int = 0
    helpers: tuple[str, ...] = ()
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    confirm_until: datetime | None = None
    satisfaction: int | None = None
    remark: str | None = None
    confirmed_by: str | None = None
    closed_at: datetime | None = None
    revision: int = 0

    @property
    def title(self) -> str:
        """Place and category in Chinese; of a sensitive issue only that a household needs something."""
        if self.sensitive:
            return f"{self.place_in_estate_zh}一户居民"
        return self.place_zh + self.row.label_zh

    @property
    def row(self) -> CategoryRow:
        """The defaults of the category, or of none before triage."""
        return NOT_SORTED_YET if self.category is None else CATEGORIES[self.category]

    def linked_id(self, series: str, earlier: tuple[str, ...]) -> str:
        """Name the next thing that hangs on this issue: DL-0101, then DL-0101-2."""
        first = f"{series}-{self.issue_id.removeprefix('IS-')}"
        return f"{first}-{len(earlier) + 1}" if earlier else first


def report_issue(
    issue_id: str, report: Report, *, building: OrgUnit, estate: OrgUnit | None, now: datetime
) -> tuple[Issue, IssueReported]:
    """Take a report down; `estate` is the unit above the building, whose name the short place leaves out."""
    issue = Issue(
        issue_id=issue_id,
        client_id=report.client_id,
        reporter_ref=report.reporter,
        building_id=building.org_unit_id,
        responsible_unit=building.org_unit_id,
        place_zh=building.place_zh,
        place_in_estate_zh=building.place_zh.removeprefix(estate.place_zh if estate else "") or building.place_zh,
        source=report.source,
        sensitive=report.sensitive,
        text=report.text,
        reported_at=now,
    )
    fact = IssueReported(
        issue_id=issue_id,
        reporter_ref=report.reporter,
        building_id=building.org_unit_id,
        source=report.source,
        sensitive=report.sensitive,
        title=issue.title,
    )
    return issue, fact


def check_same_report(known: Issue, report: Report) -> None:
    """Let the same report come again (I7); raises ClientIdTaken where it is somebody else's."""
    if known.reporter_ref != report.reporter:
        raise ClientIdTaken("another report has this client_id", client_id=report.client_id)


def triage(
    issue: Issue, found: Assessment, unit: OrgUnit, now: datetime
) -> tuple[Issue, tuple[IssueTriaged | HazardFlagged, ...]]:
    """Say what it is, which way it goes, who answers for it and until when; raises StateNotAllowed."""
    row = CATEGORIES[found.category]
    route = found.route or row.route
    until = due_at(unit.level, found.hazard, now)
    issue = replace(
        issue,
        state=ISSUE.step(issue.state, "triage"),
        category=found.category,
        priority=found.priority,
        hazard=found.hazard,
        route=route,
        responsible_unit=unit.org_unit_id,
        sensitive=issue.sensitive or row.sensitive,
        first_due_at=until,
        due_at=until,
    )
    triaged = IssueTriaged(
        issue_id=issue.issue_id,
        category=found.category,
        priority=found.priority,
        route=route,
        responsible_unit=unit.org_unit_id,
        due_at=until,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, (triaged, *_flagged(issue))


def _flagged(issue: Issue) -> tuple[HazardFlagged, ...]:
    if issue.hazard is None:
        return ()
    return (HazardFlagged(issue_id=issue.issue_id, hazard_type=issue.hazard, severity=SEVERITY[issue.hazard]),)
