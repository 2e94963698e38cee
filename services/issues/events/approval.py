"""Facts of decisions that need a second person."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class IssueApprovalRequested(Event, type="issue.approval_requested", subject="issue_id", zh="事项待审批"):
    """So many persons of these roles have to approve what was proposed; `kind` names the command.

    `approver_refs` are those among them whom the issue or the tree names; others of the roles may approve as well.
    """

    issue_id: str
    kind: str
    asked_by: str
    needed: int
    roles: tuple[str, ...]
    title: str | None = None
    approver_refs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IssueApprovalDeclined(Event, type="issue.approval_declined", subject="issue_id", zh="事项审批未通过"):
    """What was proposed will not be done; why stays here."""

    issue_id: str
    kind: str
    asked_by: str
    title: str | None = None
