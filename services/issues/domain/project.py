"""A secretary's project: one secretary leads a hard problem and answers for it until acceptance."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.issues.domain.categories import Level
from services.issues.domain.lifecycle import ProjectState
from services.issues.domain.working_time import day_of


class CancelReason(StrEnum):
    """Why a project ends without acceptance."""

    NOT_APPROVED = "not_approved"
    SOLVED_OTHERWISE = "solved_otherwise"
    NOT_FEASIBLE = "not_feasible"
    NO_FUNDS = "no_funds"
    DUPLICATE = "duplicate"
    ISSUE_ENDED = "issue_ended"


@dataclass(frozen=True, kw_only=True)
class AcceptanceItem:
    """What must be there at the end, and what the last check found; `met` is None before the first one."""

    item: str
    text: str
    met: bool | None = None
    checked_by: str | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the project's team, from when and until when."""

    person_id: str
    joined_on: date
    left_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A step of the schedule; `percent` as last reported."""

    milestone: str
    text: str
    due_on: date
    percent: int = 0


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What was reported about a milestone; the note stays here."""

    milestone: str
    percent: int
    note: str | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Project:
    """The project with its acceptance list; `org_unit_id` is the unit that its leader is secretary of."""

    project_id: str
    issue_ids: tuple[str, ...]
    title: str
    leader_id: str
    org_unit_id: str
    goal: str
    measures: tuple[str, ...]
    member_ids: tuple[str, ...]
    deadline: date
    acceptance: tuple[AcceptanceItem, ...]
    started_at: datetime | None = None
    state: ProjectState = ProjectState.DRAFT
    accepted_at: datetime | None = None
    problem: str | None = None
    leader_level: Level | None = None
    members: tuple[Member, ...] = ()
    applied_by: str | None = None
    applied_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    milestones: tuple[Milestone, ...] = ()
    reports: tuple[Progress, ...] = ()
    report_due_on: date | None = None  # the next monthly report
    cancelled_by: str | None = None
    cancelled_at: datetime | None = None
    cancelled_for: CancelReason | None = None
    note: str | None = None  # on the decision or the end; stays here
    revision: int = 0

    def is_overdue(self, now: datetime) -> bool:
        """Whether it runs on although its deadline has passed."""
        return self.state in (ProjectState.RUNNING, ProjectState.RETURNED) and self.deadline < day_of(now)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a secretary wants to do; `acceptance` are the items with nothing checked yet."""

    leader: str
    goal: str
    deadline: date
    acceptance: tuple[AcceptanceItem, ...]
    measures: tuple[str, ...]
    members: tuple[str, ...]
    problem: str | None = None
