"""The issue itself: what it carries through its life."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.issues.domain import clocks
from services.issues.domain.approval import Approval
from services.issues.domain.categories import (
    NOT_SORTED_YET,
    Category,
    DeadlineClass,
    Hazard,
    Priority,
    Route,
)
from services.issues.domain.clocks import Clock, Clocks
from services.issues.domain.exchange import Exchange
from services.issues.domain.feedback import GivenAnswer
from services.issues.domain.intake import Told
from services.issues.domain.lifecycle import DeliberationState
from services.issues.domain.proxy import Proxy
from services.issues.domain.record import Record
from services.issues.domain.records import (
    Assistance,
    ContactWay,
    DispatchOrder,
    DistrictResult,
    FailedCheck,
    Return,
    WorkReport,
)
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.states import IssueState, Outcome, Visibility, VisibilityChange
from services.issues.domain.working_time import Span

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


class RequestType(StrEnum):
    """What the reporter wants: 咨询, 求助, 投诉, 举报, 建议, 表扬."""

    INQUIRY = "inquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    TIP_OFF = "tip_off"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One problem from report to answer; `text`, `answers` and `remark` never leave this database."""

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
    category: str | None = None
    category_version: int | None = None
    label_zh: str = NOT_SORTED_YET.label_zh
    answers: dict[str, Any] = field(default_factory=dict)
    answers_to: str | None = None  # the version of a category that asked; triage may choose another one
    priority: Priority = Priority.NORMAL
    hazard: Hazard | None = None
    route: Route | None = None
    request_type: RequestType = RequestType.HELP
    asset_id: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    visibility_changes: tuple[VisibilityChange, ...] = ()
    proxies: tuple[Proxy, ...] = ()
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
    told: Told | None = None  # what another system said beside the words
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
    # -- groups of the same problem, reopening, relapse
    estate_id: str | None = None
    lead_issue_id: str | None = None  # the issue that it is merged into, or was resolved with
    units_of_lead: tuple[str, ...] = ()  # outside units that had a part in the lead it was resolved with
    merged_at: datetime | None = None
    merged_by: str | None = None
    members: tuple[str, ...] = ()  # the issues that are merged into this one, in their order
    supporters: int = 0  # persons who say "me too" to this issue
    group_supporters: int = 0  # the same of its members, as long as they are merged
    relapse_of: str | None = None  # the closed issue about the same thing, whose solution did not last
    # outside units, the work and the check
    orders: tuple[DispatchOrder, ...] = ()
    assisting: tuple[Assistance, ...] = ()
    returns: tuple[Return, ...] = ()
    assignee: str | None = None
    contacted_at: datetime | None = None
    contacted_how: ContactWay | None = None
    contact_tries: int = 0  # in which nobody was reached
    updates: int = 0  # entries in its diary
    reports: tuple[WorkReport, ...] = ()
    failed_checks: tuple[FailedCheck, ...] = ()
    verifiers: tuple[str, ...] = ()  # persons who checked it; none of them handles it afterwards
    acknowledged_at: datetime | None = None  # when the district gave it its own number
    district_result: DistrictResult | None = None
    # asked back, and decided by more than one person
    exchanges: tuple[Exchange, ...] = ()
    approvals: tuple[Approval, ...] = ()
    forced: bool = False  # ended by decision; everybody sees it, and it counts as unsolved
    end_reason: str | None = None  # the code why it was rejected or force closed
    public_reason: str | None = None  # why it rests or was force closed, in words for everybody
    referred_to: str | None = None  # who takes it, where we do not
    withdraw_reason: str | None = None  # the reporter's own words
    # rates and reports
    feedback: tuple[GivenAnswer, ...] = ()
    line: str = ""  # what is counted of it: `Record` as a text
    ended_at: datetime | None = None  # whatever the end was
    ended_as: IssueState | None = None  # and which; stays when it is archived
    durability_asked_at: datetime | None = None
    days_open: int | None = None  # full days from the report to the end
    next_due_kind: ClockKind | None = None  # which clock `next_due_at` belongs to
    # what hangs on it and is under way
    open_deliberation_id: str | None = None  # proposed or open to votes
    decided_deliberation_id: str | None = None  # the last one that was counted, whose result stands
    mediation_ids: tuple[str, ...] = ()
    open_mediation_id: str | None = None
    state_before_project: IssueState | None = None
    revision: int = 0

    @property
    def guarded(self) -> bool:
        """Whether it is not everybody's business: looks at it are written down, and what is said of it stays here."""
        return self.sensitive or self.visibility is not Visibility.PUBLIC

    @property
    def title(self) -> str:
        """Place and category in Chinese; of a guarded issue only that a household needs something."""
        if self.guarded:
            return f"{self.place_in_estate_zh}一户居民"
        return self.place_zh + self.label_zh

    @property
    def record(self) -> Record:
        """What is counted of it."""
        return Record.read(self.line)

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

    @property
    def returns_of_round(self) -> tuple[Return, ...]:
        """How outside units gave it back in the present round."""
        return tuple(one for one in self.returns if one.round == self.round)

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

    def sorted_by(self, category: Category) -> "Issue":
        """Pin a version of a category; what is sensitive once stays so."""
        return replace(
            self,
            category=category.code,
            category_version=category.version,
            label_zh=category.label_zh,
            sensitive=self.sensitive or category.sensitive,
        )

    def linked_id(self, series: str, earlier: tuple[str, ...]) -> str:
        """Name the next thing that hangs on this issue: DL-0101, then DL-0101-2."""
        first = f"{series}-{self.issue_id.removeprefix('IS-')}"
        return f"{first}-{len(earlier) + 1}" if earlier else first
