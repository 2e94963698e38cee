"""The issue itself: reported, triaged, and what it carries through its life."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.issues.domain import clocks
from services.issues.domain.approval import Approval
from services.issues.domain.categories import (
    CATEGORIES,
    NOT_SORTED_YET,
    SEVERITY,
    Category,
    CategoryRow,
    Hazard,
    Priority,
    Route,
)
from services.issues.domain.clocks import Clock, Clocks
from services.issues.domain.exchange import Exchange
from services.issues.domain.lifecycle import ISSUE, DeliberationState
from services.issues.domain.org_unit import OrgUnit
from services.issues.domain.rules import ClockKind, DeadlineClass, Times
from services.issues.domain.states import IssueState, Outcome, Visibility
from services.issues.domain.working_time import Span, Unit
from services.issues.events import HazardFlagged, IssueReported, IssueTriaged
from shared.errors import Refusal

NOBODY = "withdrawn"  # the reporter of an issue that goes on without one


class Source(StrEnum):
    """How the report reached us."""

    WECHAT = "wechat"
    HOTLINE = "hotline"
    PATROL = "patrol"
    VISIT = "visit"
    INSPECTION = "inspection"
    OPEN311 = "open311"
    DESK = "desk"
    SENSOR = "sensor"
    DISTRICT = "district"


class ClientIdTaken(Refusal):
    """Two different reports carry the same number."""


class RequestType(StrEnum):
    """What the reporter wants: 咨询, 求助, 投诉, 举报, 建议, 表扬."""

    INQUIRY = "inquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    TIP_OFF = "tip_off"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody tells us; `client_id` is their own number of it."""

    reporter: str
    text: str
    source: Source
    client_id: str | None
    sensitive: bool
    request_type: RequestType = RequestType.HELP
    asset_id: str | None = None
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What triage finds; without a route the category's own is taken, without a class the one of the urgency."""

    category: Category
    priority: Priority
    hazard: Hazard | None
    route: Route | None
    deadline_class: DeadlineClass | None = None


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
    request_type: RequestType = RequestType.HELP
    asset_id: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    first_due_at: datetime | None = None  # what was promised at triage; never overwritten
    due_at: datetime | None = None  # until when the present level has to act, then until when it is to be handled
    next_due_at: datetime | None = None  # what the staff has to meet next, whatever it is
    clocks: Clocks = ()
    wakes_at: datetime | None = None  # when something happens by itself next
    deadline_class: DeadlineClass | None = None
    escalation_level: int = 0  # steps up the tree in this round
    handlers: tuple[str, ...] = ()  # persons who worked on it, beside helpers; none of them verifies
    lead_unit: str | None = None  # the outside unit that handles it
    state_before: IssueState | None = None  # where it goes on after a time apart
    reference_no: str | None = None  # its number at the district platform
    deliberation_ids: tuple[str, ...] = ()
    deliberation_result: DeliberationState | None = None
    state_after_vote: IssueState | None = None
    project_ids: tuple[str, ...] = ()
    open_project_id: str | None = None
    help_requests: int = 0
    helpers: tuple[str, ...] = ()
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    satisfaction: int | None = None
    remark: str | None = None
    confirmed_by: str | None = None
    closed_at: datetime | None = None
    # asked back, and decided by more than one person
    exchanges: tuple[Exchange, ...] = ()
    approvals: tuple[Approval, ...] = ()
    forced: bool = False  # ended by decision; everybody sees it, and it counts as unsolved
    end_reason: str | None = None  # the code why it was rejected or force closed
    public_reason: str | None = None  # why it rests or was force closed, in words for everybody
    referred_to: str | None = None  # who takes it, where we do not
    withdraw_reason: str | None = None  # the reporter's own words
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

    @property
    def has_reporter(self) -> bool:
        """Whether there is still somebody to tell and to ask."""
        return self.reporter_ref != NOBODY

    @property
    def urgent(self) -> bool:
        """Whether people are in danger or triage said so: then the short times apply."""
        return self.hazard is not None or self.priority is Priority.URGENT

    @property
    def unit_at_work(self) -> str:
        """The unit that has to do something: the outside one that handles it, else the one of our tree."""
        return self.lead_unit or self.responsible_unit

    @property
    def workers(self) -> tuple[str, ...]:
        """Everybody who worked on it; none of them verifies (I2)."""
        return (*self.handlers, *self.helpers)

    def clock(self, kind: ClockKind) -> Clock | None:
        """Return the clock of this kind that runs."""
        return clocks.find(self.clocks, kind)

    def start(self, kind: ClockKind, span: Span, now: datetime, times: Times) -> "Issue":
        """Let a clock of this round run from now."""
        running = clocks.start(self.clocks, kind, span, round_no=self.round, now=now, times=times)
        return self.with_clocks(running)

    def finish(self, *kinds: ClockKind, now: datetime) -> "Issue":
        """End the clocks of these kinds that run."""
        return self.with_clocks(clocks.finish(self.clocks, kinds, now))

    def with_clocks(self, changed: Clocks) -> "Issue":
        """Take over changed clocks, and what follows from them."""
        promised = clocks.find(changed, ClockKind.LADDER) or clocks.find(changed, ClockKind.RESOLVE)
        due_at = promised.due_at if promised else self.due_at
        return replace(self, clocks=changed, due_at=due_at, next_due_at=clocks.due(changed))

    def linked_id(self, series: str, earlier: tuple[str, ...]) -> str:
        """Name the next thing that hangs on this issue: DL-0101, then DL-0101-2."""
        first = f"{series}-{self.issue_id.removeprefix('IS-')}"
        return f"{first}-{len(earlier) + 1}" if earlier else first


def report_issue(
    issue_id: str, report: Report, *, building: OrgUnit, estate: OrgUnit | None, now: datetime, times: Times
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
        request_type=report.request_type,
        asset_id=report.asset_id,
        priority=Priority.URGENT if report.urgent else Priority.NORMAL,
    )
    rules = times.rules
    issue = issue.start(ClockKind.ACCEPT, rules.accept_urgent if report.urgent else rules.accept, now, times)
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
    issue: Issue, found: Assessment, unit: OrgUnit, now: datetime, times: Times
) -> tuple[Issue, tuple[IssueTriaged | HazardFlagged, ...]]:
    """Say what it is, which way it goes, who answers for it and until when; raises StateNotAllowed."""
    row = CATEGORIES[found.category]
    route = found.route or row.route
    issue = replace(
        issue,
        state=ISSUE.step(issue.state, "triage"),
        category=found.category,
        priority=found.priority,
        hazard=found.hazard,
        route=route,
        responsible_unit=unit.org_unit_id,
        sensitive=issue.sensitive or row.sensitive,
    )
    deadline_class = found.deadline_class or _class_of(issue)
    issue = replace(issue, deadline_class=deadline_class).finish(ClockKind.ACCEPT, now=now)
    issue = issue.start(ClockKind.RESOLVE, times.rules.resolve[deadline_class], now, times)
    issue = climb(issue, unit, now, times)
    issue = replace(issue, first_due_at=issue.due_at)
    return issue, (_triaged(issue), *_flagged(issue))


def _class_of(issue: Issue) -> DeadlineClass:
    return DeadlineClass.URGENT if issue.urgent else DeadlineClass.GENERAL


def climb(issue: Issue, unit: OrgUnit, now: datetime, times: Times) -> Issue:
    """Give the responsible unit the hours of its level (R4)."""
    ladder = times.rules.ladder_hazard if issue.hazard is not None else times.rules.ladder_normal
    return issue.start(ClockKind.LADDER, Span(ladder[unit.level], Unit.URGENT_HOUR), now, times)


def _triaged(issue: Issue) -> IssueTriaged:
    return IssueTriaged(
        issue_id=issue.issue_id,
        category=str(issue.category),
        priority=issue.priority,
        route=str(issue.route),
        responsible_unit=issue.responsible_unit,
        due_at=issue.due_at or issue.reported_at,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )


def _flagged(issue: Issue) -> tuple[HazardFlagged, ...]:
    if issue.hazard is None:
        return ()
    return (HazardFlagged(issue_id=issue.issue_id, hazard_type=issue.hazard, severity=SEVERITY[issue.hazard]),)
