"""Facts of the work on an issue: asked back, sent to units, returned, extended, escalated."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class IssueInfoRequested(Event, type="issue.info_requested", subject="issue_id", zh="事项待补充"):
    """The reporter is asked for what is missing; the question itself stays here."""

    issue_id: str
    request_no: int
    answer_by: datetime
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueInfoGiven(Event, type="issue.info_given", subject="issue_id", zh="事项已补充"):
    """The reporter has answered; triage goes on."""

    issue_id: str
    request_no: int


@dataclass(frozen=True, kw_only=True)
class IssueRejected(Event, type="issue.rejected", subject="issue_id", zh="事项不予受理"):
    """The community does not take it; `reason` is a code, `referred_to` says who does."""

    issue_id: str
    reason: str
    referred_to: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueDispatched(Event, type="issue.dispatched", subject="issue_id", zh="事项已派单"):
    """An outside unit is to sign for it by `sign_by`; `dispatch_no` counts from 1 through all rounds.

    `lead_kind` is what the lead unit is, and `handler_refs` are the persons who act for it.
    """

    issue_id: str
    lead_unit: str
    assisting_units: tuple[str, ...]
    dispatch_no: int
    sign_by: datetime
    due_at: datetime | None = None
    reporter_ref: str | None = None
    title: str | None = None
    lead_kind: str | None = None
    handler_refs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IssueSigned(Event, type="issue.signed", subject="issue_id", zh="事项已签收"):
    """The unit has taken it on and will contact the reporter by `contact_by`."""

    issue_id: str
    unit: str
    contact_by: datetime


@dataclass(frozen=True, kw_only=True)
class IssueReturned(Event, type="issue.returned", subject="issue_id", zh="事项已退单"):
    """The unit says that it is not the one; `return_no` counts from 1 in each round, `reason` is a code."""

    issue_id: str
    unit: str
    reason: str
    return_no: int


@dataclass(frozen=True, kw_only=True)
class IssueArbitrationOpened(Event, type="issue.arbitration_opened", subject="issue_id", zh="事项权属待裁定"):
    """Units refuse it; the secretary of `community_unit`, a unit of our tree, decides whose it is."""

    issue_id: str
    units: tuple[str, ...]
    returns: int
    community_unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueArbitrated(Event, type="issue.arbitrated", subject="issue_id", zh="事项权属已裁定"):
    """It is this unit's, which may not return it again."""

    issue_id: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class IssueAssistingAdded(Event, type="issue.assisting_added", subject="issue_id", zh="事项已加派协办"):
    """One more unit assists the lead, until a moment where one is named; its task stays here."""

    issue_id: str
    unit: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class IssueAssistingEnded(Event, type="issue.assisting_ended", subject="issue_id", zh="事项协办已结束"):
    """The unit assists no longer."""

    issue_id: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class IssueStarted(Event, type="issue.started", subject="issue_id", zh="事项已开办"):
    """A person of our own tree has begun to work on it."""

    issue_id: str
    unit: str
    round: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueContacted(Event, type="issue.contacted", subject="issue_id", zh="已联系反映人"):
    """Who handles it has spoken to the reporter, or tried to."""

    issue_id: str
    reached: bool


@dataclass(frozen=True, kw_only=True)
class IssueUpdated(Event, type="issue.updated", subject="issue_id", zh="事项有新进展"):
    """There is news of the work; the text stays here."""

    issue_id: str
    update_id: str
    public: bool
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueSuspended(Event, type="issue.suspended", subject="issue_id", zh="事项已挂账"):
    """It rests until a date; the reason is public, its code is here."""

    issue_id: str
    until: datetime
    reason: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueResumed(Event, type="issue.resumed", subject="issue_id", zh="事项已恢复办理"):
    """The rest is over; the clocks run on."""

    issue_id: str
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class IssueExtended(Event, type="issue.extended", subject="issue_id", zh="事项已延期"):
    """The time to solve it is longer; `first_due_at` is what was promised at first."""

    issue_id: str
    due_at: datetime
    first_due_at: datetime
    extension_no: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueHandled(Event, type="issue.handled", subject="issue_id", zh="事项已处置"):
    """Who handled it says it is done; somebody else checks."""

    issue_id: str
    round: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class IssueCheckFailed(Event, type="issue.check_failed", subject="issue_id", zh="事项核查未通过"):
    """Who checked found it not done; the work goes on. `reason` is a code."""

    issue_id: str
    round: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssueEscalated(Event, type="issue.escalated", subject="issue_id", zh="事项已逐级上报"):
    """The time of a level ran out; the next one answers for it. `escalation_level` counts from 1 in each round."""

    issue_id: str
    from_unit: str
    to_unit: str
    escalation_level: int
    reason: str
    due_at: datetime
    round: int = 1
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueHandedOver(Event, type="issue.handed_over", subject="issue_id", zh="事项已移交区级平台"):
    """Our own tree could not solve it in time; the district platform has it under this number."""

    issue_id: str
    to: str
    reference_no: str
    round: int = 1
    from_unit: str | None = None
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueHandOverAcknowledged(
    Event, type="issue.hand_over_acknowledged", subject="issue_id", zh="区级平台已接收事项"
):
    """The district platform has it, under its own number from now on."""

    issue_id: str
    reference_no: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueDistrictReported(Event, type="issue.district_reported", subject="issue_id", zh="区级平台已反馈结果"):
    """The district says what came of it; its answer stays here."""

    issue_id: str
    outcome: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueClockWarned(Event, type="issue.clock_warned", subject="issue_id", zh="时限将至"):
    """A fifth of the time of this clock is left; `unit` answers for it."""

    issue_id: str
    clock: str
    unit: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class IssueClockExpired(Event, type="issue.clock_expired", subject="issue_id", zh="时限已过"):
    """The time of this clock is over; `unit` answers for it."""

    issue_id: str
    clock: str
    unit: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class IssueDeadlineSet(Event, type="issue.deadline_set", subject="issue_id", zh="办理时限已调整"):
    """Somebody entitled to it has moved the due date."""

    issue_id: str
    due_at: datetime
    first_due_at: datetime
