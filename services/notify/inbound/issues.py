"""The facts of issues that notify relies on."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events import Inbound


@dataclass(frozen=True, kw_only=True)
class IssueTriaged(Inbound, type="issue.triaged", source="issues", business_key=("issue_id",)):
    """A report was accepted."""

    issue_id: str
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueResolved(Inbound, type="issue.resolved", source="issues", business_key=("issue_id", "round")):
    """The work is done; the reporter is asked for an answer."""

    issue_id: str
    round: int
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueReopened(Inbound, type="issue.reopened", source="issues", business_key=("issue_id", "round")):
    """The reporter was not satisfied."""

    issue_id: str
    round: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueClosed(Inbound, type="issue.closed", source="issues", business_key=("issue_id", "rounds")):
    """The case is over; `satisfaction` is null when the clock confirmed."""

    issue_id: str
    rounds: int
    reporter_ref: str | None = None
    title: str | None = None
    satisfaction: int | None = None
    supporter_refs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeliberationOpened(Inbound, type="deliberation.opened", source="issues", business_key=("deliberation_id",)):
    """Everybody on the roll may vote."""

    deliberation_id: str
    issue_id: str
    meets_at: datetime | None = None
    voter_refs: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationPassed(Inbound, type="deliberation.passed", source="issues", business_key=("deliberation_id",)):
    """The roll agreed; votes are persons."""

    deliberation_id: str
    issue_id: str
    votes_for: int
    votes_against: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationRejected(Inbound, type="deliberation.rejected", source="issues", business_key=("deliberation_id",)):
    """The roll did not agree; votes are persons."""

    deliberation_id: str
    issue_id: str
    votes_for: int
    votes_against: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationLapsed(Inbound, type="deliberation.lapsed", source="issues", business_key=("deliberation_id",)):
    """Too few took part."""

    deliberation_id: str
    issue_id: str
    present: int
    required: int
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationPostponed(
    Inbound, type="deliberation.postponed", source="issues", business_key=("deliberation_id", "postponement_no")
):
    """The meeting that everybody on the roll was called to is put off."""

    deliberation_id: str
    issue_id: str
    meets_at: datetime
    postponement_no: int
    voter_refs: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeliberationWithdrawn(Inbound, type="deliberation.withdrawn", source="issues", business_key=("deliberation_id",)):
    """The vote does not take place."""

    deliberation_id: str
    issue_id: str
    voter_refs: tuple[str, ...] = ()
    reporter_ref: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectStarted(Inbound, type="secretary_project.started", source="issues", business_key=("project_id",)):
    """A secretary leads the problem until acceptance."""

    project_id: str
    leader_id: str
    deadline: date
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectReturned(Inbound, type="secretary_project.returned", source="issues"):
    """Acceptance items are not met; may happen several times, so a bare payload has no key."""

    project_id: str
    failed_items: tuple[str, ...]
    leader_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectAccepted(
    Inbound, type="secretary_project.accepted", source="issues", business_key=("project_id",)
):
    """Every acceptance item is met."""

    project_id: str
    leader_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class SecretaryProjectCancelled(
    Inbound, type="secretary_project.cancelled", source="issues", business_key=("project_id",)
):
    """The project ends without acceptance; its issues go on without it."""

    project_id: str
    leader_id: str | None = None
    member_refs: tuple[str, ...] = ()
    reporter_refs: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueInfoRequested(
    Inbound, type="issue.info_requested", source="issues", business_key=("issue_id", "request_no")
):
    """The reporter is asked for what is missing."""

    issue_id: str
    request_no: int
    answer_by: datetime
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueRejected(Inbound, type="issue.rejected", source="issues", business_key=("issue_id",)):
    """The community does not take it; `reason` is a code."""

    issue_id: str
    reason: str
    referred_to: str
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueMerged(Inbound, type="issue.merged", source="issues"):
    """It is the same problem as another one; may happen several times, so a bare payload has no key."""

    issue_id: str
    into_issue_id: str
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueDispatched(Inbound, type="issue.dispatched", source="issues", business_key=("issue_id", "dispatch_no")):
    """An outside unit is to sign for it; `handler_refs` are the persons who act for that unit."""

    issue_id: str
    dispatch_no: int
    lead_unit: str
    sign_by: datetime
    lead_kind: str | None = None
    handler_refs: tuple[str, ...] = ()
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueArbitrationOpened(Inbound, type="issue.arbitration_opened", source="issues"):
    """Units refuse it; happens once a round, which the fact does not name, so a bare payload has no key."""

    issue_id: str
    returns: int
    community_unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueApprovalRequested(Inbound, type="issue.approval_requested", source="issues"):
    """A decision, `kind`, waits for a second person; may happen several times, so a bare payload has no key."""

    issue_id: str
    kind: str
    approver_refs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IssueApprovalDeclined(Inbound, type="issue.approval_declined", source="issues"):
    """What was proposed will not be done; may happen several times, so a bare payload has no key."""

    issue_id: str
    kind: str
    asked_by: str


@dataclass(frozen=True, kw_only=True)
class IssueSuspended(Inbound, type="issue.suspended", source="issues", business_key=("issue_id",)):
    """It rests until a date; `reason` is a code."""

    issue_id: str
    until: datetime
    reason: str
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueExtended(Inbound, type="issue.extended", source="issues", business_key=("issue_id", "extension_no")):
    """The time to solve it is longer."""

    issue_id: str
    due_at: datetime
    first_due_at: datetime
    extension_no: int
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueForceClosed(Inbound, type="issue.force_closed", source="issues", business_key=("issue_id",)):
    """Two persons ended it; `reason` is a code."""

    issue_id: str
    reason: str
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueAnswerReminded(
    Inbound, type="issue.answer_reminded", source="issues", business_key=("issue_id", "round", "answer_by")
):
    """The reporter has not answered yet."""

    issue_id: str
    round: int
    answer_by: datetime
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueDurabilityAsked(Inbound, type="issue.durability_asked", source="issues", business_key=("issue_id",)):
    """The reporter is asked whether it has stayed solved."""

    issue_id: str
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueAssigned(Inbound, type="issue.assigned", source="issues"):
    """Another unit answers for it; may happen several times, so a bare payload has no key."""

    issue_id: str
    org_unit_id: str


@dataclass(frozen=True, kw_only=True)
class IssueEscalated(
    Inbound, type="issue.escalated", source="issues", business_key=("issue_id", "escalation_level", "round")
):
    """The time of a level ran out; the next one answers for it."""

    issue_id: str
    from_unit: str
    to_unit: str
    escalation_level: int
    due_at: datetime
    round: int = 1
    reporter_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueHandedOver(Inbound, type="issue.handed_over", source="issues", business_key=("issue_id", "reference_no")):
    """The district platform has it."""

    issue_id: str
    reference_no: str
    from_unit: str | None = None
    reporter_ref: str | None = None
