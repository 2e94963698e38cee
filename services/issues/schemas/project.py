"""Commands on a secretary's project."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, Page, ShortText, Text

MOST_ISSUES = 20


@dataclass(frozen=True, kw_only=True)
class AcceptanceItem:
    """What must be there at the end, under a short code such as A1."""

    item: Id
    text: ShortText


@dataclass(frozen=True, kw_only=True)
class StartSecretaryProject(Command):
    """Let a secretary lead the problem to acceptance; `more_issues` are solved by the same project."""

    issue_id: Id
    leader: Id
    goal: ShortText
    deadline: date
    acceptance: Annotated[tuple[AcceptanceItem, ...], validate.Length(1, 50), unique("item")]
    measures: Annotated[tuple[ShortText, ...], validate.Length(max=50)] = ()
    members: Annotated[tuple[Id, ...], validate.Length(max=50), unique()] = ()
    problem: Text | None = None
    more_issues: Annotated[tuple[Id, ...], validate.Length(max=MOST_ISSUES - 1), unique()] = ()

    @property
    def issue_ids(self) -> tuple[str, ...]:
        """Everything that the project is to solve, each once."""
        return tuple(dict.fromkeys((self.issue_id, *self.more_issues)))

    @property
    def plan(self) -> domain.Plan:
        """What the secretary wants to do."""
        return domain.Plan(
            leader=self.leader,
            goal=self.goal,
            deadline=self.deadline,
            acceptance=tuple(domain.AcceptanceItem(item=one.item, text=one.text) for one in self.acceptance),
            measures=self.measures,
            members=self.members,
            problem=self.problem,
        )


@dataclass(frozen=True, kw_only=True)
class ApplyProject(StartSecretaryProject):
    """Apply for a project; `by` is who applies."""

    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ApproveProject(Command):
    """Decide on an application; `by` is neither the leader nor who applied, `note` stays here."""

    project_id: Id
    approved: bool = True
    note: Text | None = None
    by: Id | None = None

    def decision(self, by: str) -> domain.Decision:
        """What this person says."""
        return domain.Decision(approved=self.approved, note=self.note, by=by)


@dataclass(frozen=True, kw_only=True)
class StartApprovedProject(Command):
    """Begin what was approved."""

    project_id: Id


@dataclass(frozen=True, kw_only=True)
class AddProjectMember(Command):
    """Take somebody on the team."""

    project_id: Id
    person_id: Id


@dataclass(frozen=True, kw_only=True)
class RemoveProjectMember(Command):
    """Let somebody leave the team."""

    project_id: Id
    person_id: Id


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A step of the schedule, under a short code."""

    milestone: Id
    text: ShortText
    due_on: date


@dataclass(frozen=True, kw_only=True)
class SetMilestones(Command):
    """Set the schedule anew."""

    project_id: Id
    milestones: Annotated[tuple[Milestone, ...], validate.Length(1, 50), unique("milestone")]

    @property
    def schedule(self) -> tuple[domain.Milestone, ...]:
        """The steps in their order."""
        return tuple(
            domain.Milestone(milestone=one.milestone, text=one.text, due_on=one.due_on) for one in self.milestones
        )


@dataclass(frozen=True, kw_only=True)
class ReportMilestone(Command):
    """Say how far a milestone is, in percent; `note` stays here."""

    project_id: Id
    milestone: Id
    percent: Annotated[int, validate.Range(0, 100)]
    note: Text | None = None
    by: Id | None = None

    def progress(self, by: str, at: datetime) -> domain.Progress:
        """What this person reports."""
        return domain.Progress(milestone=self.milestone, percent=self.percent, note=self.note, by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class CancelProject(Command):
    """Give a project up; `note` stays here."""

    project_id: Id
    reason: Annotated[
        domain.CancelReason, validate.NoneOf([domain.CancelReason.NOT_APPROVED, domain.CancelReason.ISSUE_ENDED])
    ]
    note: Text | None = None
    by: Id | None = None

    def giving(self, by: str) -> domain.Giving:
        """Why, and who says so."""
        return domain.Giving(reason=self.reason, note=self.note, by=by)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check of one acceptance item found."""

    item: Id
    met: bool


@dataclass(frozen=True, kw_only=True)
class AcceptProject(Command):
    """Check the acceptance items; `by` is who checked, never the leader or a member."""

    project_id: Id
    items: Annotated[tuple[Finding, ...], validate.Length(1, 50), unique("item")]
    by: Id | None = None

    @property
    def findings(self) -> dict[str, bool]:
        """Whether each item that was checked is met."""
        return {finding.item: finding.met for finding in self.items}


@dataclass(frozen=True, kw_only=True)
class GetProject:
    """Look at one secretary's project."""

    project_id: Id


@dataclass(frozen=True, kw_only=True)
class ListProjects(Page):
    """List projects by number: of a unit, in a state, or those that run on after their deadline."""

    unit: Id | None = None
    state: domain.ProjectState | None = None
    overdue: bool | None = None
