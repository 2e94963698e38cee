"""Commands on an issue."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.categories import MOST_IN_A_LIST, CategoryCode
from shared.schemas import Command, Id, Text

ClientId = Annotated[
    Id, validate.Regexp(r"[^:/]*$", error="The marks : and / stand in numbers that other systems and visits give.")
]


@dataclass(frozen=True, kw_only=True)
class ReportIssue(Command):
    """Report a problem; `client_id` is the reporter's own number of the report, which makes it count once.

    With `supports` no issue is made: the reporter supports that one, and the text is not kept.
    """

    reporter: Id
    building_id: Id
    text: Text
    source: domain.Source = domain.Source.WECHAT
    client_id: ClientId | None = None
    sensitive: bool = False
    request_type: domain.RequestType = domain.RequestType.HELP
    asset_id: Id | None = None
    urgent: bool = False
    category: CategoryCode | None = None
    answers: Annotated[dict[str, Any | None], validate.Length(max=MOST_IN_A_LIST)] = field(default_factory=dict)
    supports: Id | None = None

    def report(self, category: domain.Category | None = None) -> domain.Report:
        """What is told, without where."""
        return domain.Report(
            reporter=self.reporter,
            text=self.text,
            source=self.source,
            client_id=self.client_id,
            sensitive=self.sensitive,
            request_type=self.request_type,
            asset_id=self.asset_id,
            urgent=self.urgent,
            category=category,
            answers=self.answers,
        )


@dataclass(frozen=True, kw_only=True)
class Triage(Command):
    """Sort a report; what is left out follows the category, and the building answers for it."""

    issue_id: Id
    category: CategoryCode
    category_version: Annotated[int, validate.Range(1)] | None = None
    priority: domain.Priority = domain.Priority.NORMAL
    hazard: domain.Hazard | None = None
    route: domain.Route | None = None
    responsible_unit: Id | None = None
    deadline_class: domain.DeadlineClass | None = None

    def assessment(self, category: domain.Category) -> domain.Assessment:
        """What was found."""
        return domain.Assessment(
            category=category,
            priority=self.priority,
            hazard=self.hazard,
            route=self.route,
            deadline_class=self.deadline_class,
        )


@dataclass(frozen=True, kw_only=True)
class Act(Command):
    """Take an issue on; `by` is who does, `note` stays with the issue."""

    issue_id: Id
    by: Id | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class SetDeadline(Command):
    """Move the next due date."""

    issue_id: Id
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Recurring:
    """A service that comes again every week: for so many weeks, so many hours each time."""

    weeks: Annotated[int, validate.Range(2, 53)]
    hours: Annotated[float, validate.Range(0.5, 24)]

    @property
    def told(self) -> domain.Recurring:
        """The same as volunteer is told."""
        return domain.Recurring(weeks=self.weeks, hours=self.hours)


@dataclass(frozen=True, kw_only=True)
class RequestHelp(Command):
    """Ask for volunteers; what is left out follows the category."""

    issue_id: Id
    needed: Annotated[int, validate.Range(1, 50)]
    hours_estimate: Annotated[float, validate.Range(0.5, 100)] = 1.0
    scope: domain.Level = domain.Level.BUILDING
    qualification_policy: domain.QualificationPolicy | None = None
    lead_rule: domain.LeadRule | None = None
    urgent: bool = False
    recurring: Recurring | None = None

    @property
    def wanted(self) -> domain.HelpWanted:
        """Who is needed."""
        return domain.HelpWanted(
            needed=self.needed,
            hours_estimate=self.hours_estimate,
            scope=self.scope,
            policy=self.qualification_policy,
            lead_rule=self.lead_rule,
            urgent=self.urgent,
            recurring=self.recurring.told if self.recurring else None,
        )


@dataclass(frozen=True, kw_only=True)
class Resolve(Command):
    """Say that the work is done; `by` is who verified it, never who did it."""

    issue_id: Id
    by: Id | None = None
    resolution: Annotated[domain.Outcome, validate.NoneOf([domain.Outcome.NONE])] = domain.Outcome.SOLVED


@dataclass(frozen=True, kw_only=True)
class Confirm(Command):
    """Answer for the reporter: 3 to 5 closes the issue, 1 or 2 reopens it; `reason` says what is still wrong.

    `contacted` is False where nobody had spoken to the reporter about the case.
    """

    issue_id: Id
    satisfaction: Annotated[int, validate.Range(1, 5)]
    by: Id | None = None
    reason: Text | None = None
    via: domain.Via = domain.Via.WECHAT
    contacted: bool = True

    def answer(self, by: str) -> domain.Answer:
        """What this person says to the work."""
        return domain.Answer(
            by=by, satisfaction=self.satisfaction, via=self.via, remark=self.reason, contacted=self.contacted
        )


@dataclass(frozen=True, kw_only=True)
class RequestOrgTree(Command):
    """Ask the tree's owner to announce every unit again."""
