"""Facts of secretaries' projects."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.events import Event


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
class SecretaryProjectCancelled(Event, type="secretary_project.cancelled", subject="project_id", zh="书记项目已取消"):
    """It ends without acceptance and its issues go on without it; `reason` is a code.

    `reporter_refs` are the reporters of those issues that go on.
    """

    project_id: str
    issue_ids: tuple[str, ...]
    reason: str
    leader_id: str | None = None
    title: str | None = None
    member_refs: tuple[str, ...] = ()
    reporter_refs: tuple[str, ...] = ()
