"""The facts volunteer announces."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class OrgUnitUpdated(Event, type="org_unit.updated", subject="org_unit_id", zh="组织单元已更新"):
    """A unit of the tree is new or changed, or somebody asked for the tree again.

    `path` leads from the root to the unit itself; `revision` counts changes of content, not announcements.
    """

    org_unit_id: str
    level: str
    parent_id: str | None
    path: tuple[str, ...]
    secretary_id: str | None
    revision: int
    label_zh: str
    place_zh: str


@dataclass(frozen=True, kw_only=True)
class VolunteerRegistered(Event, type="volunteer.registered", subject="volunteer_id", zh="志愿者已注册"):
    """A person became a volunteer; once per person."""

    volunteer_id: str
    person_id: str
    org_unit_id: str
    is_party_member: bool


@dataclass(frozen=True, kw_only=True)
class VolunteerQualified(Event, type="volunteer.qualified", subject="volunteer_id", zh="志愿者已具备资格"):
    """A completed course gave a qualification, or prolonged it."""

    volunteer_id: str
    qualification: str
    valid_until: date
    source_course_id: str
    person_id: str
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DispatchOffered(Event, type="dispatch.offered", subject="dispatch_id", zh="任务已派发"):
    """A volunteer is asked to take one seat of a dispatch, until `expires_at`."""

    dispatch_id: str
    issue_id: str
    volunteer_id: str
    wave: int
    scope: str
    expires_at: datetime
    person_id: str
    title: str | None
    hours_estimate: float


@dataclass(frozen=True, kw_only=True)
class DispatchAccepted(Event, type="dispatch.accepted", subject="dispatch_id", zh="任务已接受"):
    """A volunteer took the seat that was offered."""

    dispatch_id: str
    issue_id: str
    volunteer_id: str
    person_id: str


@dataclass(frozen=True, kw_only=True)
class DispatchDeclined(Event, type="dispatch.declined", subject="dispatch_id", zh="任务已谢绝"):
    """A volunteer said no; `reason` tells whether words were given, the words stay with the dispatch."""

    dispatch_id: str
    issue_id: str
    volunteer_id: str
    reason: str
    person_id: str


@dataclass(frozen=True, kw_only=True)
class DispatchExpired(Event, type="dispatch.expired", subject="dispatch_id", zh="任务已逾时"):
    """A volunteer gave no answer in time."""

    dispatch_id: str
    issue_id: str
    volunteer_id: str
    person_id: str


@dataclass(frozen=True, kw_only=True)
class DispatchFilled(Event, type="dispatch.filled", subject="dispatch_id", zh="任务人员已到位"):
    """Every seat is taken."""

    dispatch_id: str
    issue_id: str
    volunteer_ids: tuple[str, ...]
    qualified_count: int
    lead_rule_waived: bool
    round: int


@dataclass(frozen=True, kw_only=True)
class DispatchUnfilled(Event, type="dispatch.unfilled", subject="dispatch_id", zh="任务无人可派"):
    """Seats are free, no offer is open, and there is nobody left to ask."""

    dispatch_id: str
    issue_id: str
    category: str
    reason: str
    missing: int


@dataclass(frozen=True, kw_only=True)
class DispatchCompleted(Event, type="dispatch.completed", subject="dispatch_id", zh="任务已完成"):
    """The work was done; the hours count once the resident has answered."""

    dispatch_id: str
    issue_id: str
    hours_by_volunteer: dict[str, float]
    round: int


@dataclass(frozen=True, kw_only=True)
class HoursCredited(Event, type="hours.credited", subject="ledger_id", zh="服务时长已入账"):
    """Hours of service count; once per dispatch and volunteer."""

    ledger_id: str
    dispatch_id: str
    volunteer_id: str
    hours: float
    total_hours: float
    person_id: str
    title: str | None


@dataclass(frozen=True, kw_only=True)
class StarAwarded(Event, type="star.awarded", subject="volunteer_id", zh="志愿星级已评定"):
    """A volunteer's hours reached the next star; one fact per step."""

    volunteer_id: str
    star: int
    total_hours: float
    person_id: str
