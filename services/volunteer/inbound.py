"""The part of other services' facts that volunteer relies on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from marshmallow import ValidationError, validate

from services.volunteer.domain import (
    QUALIFICATION_OF,
    Completion,
    Dispatch,
    Level,
    Policy,
    Reach,
    day_of,
    dispatch_id_for,
)
from shared.events import Inbound
from shared.schemas import Id

DUAL_LEAD = "dual_lead"


@dataclass(frozen=True, kw_only=True)
class OrgTreeRequestedByIssues(Inbound, type="org_tree.requested", source="issues"):
    """The service issues starts with an empty copy of the tree."""

    service: str


@dataclass(frozen=True, kw_only=True)
class OrgTreeRequestedByNotify(Inbound, type="org_tree.requested", source="notify"):
    """The service notify starts with an empty copy of the tree."""

    service: str


@dataclass(frozen=True, kw_only=True)
class IssueHelpRequested(
    Inbound, type="issue.help_requested", source="issues", business_key=("issue_id", "request_no")
):
    """Volunteers are needed; without a building, anybody in the community may be asked."""

    issue_id: Id
    category: str
    needed: Annotated[int, validate.Range(1, 50)]
    hours_estimate: float
    scope: Level = Level.BUILDING
    qualification_policy: Policy = Policy.NONE
    lead_rule: str | None = None
    urgent: bool = False
    building_id: str | None = None
    qualification: str | None = None
    round: int | None = None
    request_no: int | None = None
    title: str | None = None

    @property
    def dispatch_id(self) -> str:
        """The dispatch that answers this request."""
        return dispatch_id_for(self.issue_id, self.request_no or 1)

    def as_dispatch(self, reach: tuple[Reach, ...], now: datetime) -> Dispatch:
        """Return the dispatch, before anybody is asked."""
        named = self.qualification or QUALIFICATION_OF.get(self.category)
        return Dispatch(
            dispatch_id=self.dispatch_id,
            issue_id=self.issue_id,
            round=self.round or 1,
            category=self.category,
            needed=self.needed,
            hours_estimate=self.hours_estimate,
            qualification=None if self.qualification_policy is Policy.NONE else named,
            policy=self.qualification_policy,
            dual_lead=self.lead_rule == DUAL_LEAD,
            urgent=self.urgent,
            reach=reach,
            requested_at=now,
            title=self.title,
        )


@dataclass(frozen=True, kw_only=True)
class IssueConfirmed(Inbound, type="issue.confirmed", source="issues", business_key=("issue_id", "round")):
    """The resident is content with a round, or the time to say so ran out: the hours served in it count."""

    issue_id: Id
    round: int


@dataclass(frozen=True, kw_only=True)
class IssueReopened(Inbound, type="issue.reopened", source="issues", business_key=("issue_id", "round")):
    """The resident is not content with a round: the hours served in it count all the same."""

    issue_id: Id
    round: int


@dataclass(frozen=True, kw_only=True)
class IssueClosed(Inbound, type="issue.closed", source="issues", business_key=("issue_id", "rounds")):
    """Nothing more is to be done after so many rounds."""

    issue_id: Id
    rounds: int


@dataclass(frozen=True, kw_only=True)
class IssueEscalated(
    Inbound, type="issue.escalated", source="issues", business_key=("issue_id", "escalation_level", "round")
):
    """The time of a level ran out; help may come from all of the unit that answers for it now."""

    issue_id: Id
    to_unit: Id
    escalation_level: int
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class IssueForceClosed(Inbound, type="issue.force_closed", source="issues", business_key=("issue_id", "round")):
    """The issue was ended without the resident's answer, in this round."""

    issue_id: Id
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class IssueHandedOver(Inbound, type="issue.handed_over", source="issues", business_key=("issue_id", "round")):
    """The district has the issue from now on; our own work on it is over, in this round."""

    issue_id: Id
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class IssueWithdrawn(Inbound, type="issue.withdrawn", source="issues", business_key=("issue_id", "stays_open")):
    """The reporter took the issue back, in this round; where it `stays_open`, the work goes on."""

    issue_id: Id
    stays_open: bool
    round: int | None = None


def _is_day_or_moment(value: str) -> None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValidationError("Must be a day or a moment in ISO 8601.") from None


@dataclass(frozen=True, kw_only=True)
class CourseCompleted(Inbound, type="course.completed", source="enrollment", business_key=("course_id", "person_id")):
    """A person completed a course; `completed_at` is a moment, or a day where the publisher knows no more."""

    course_id: Id
    person_id: Id
    completed_at: Annotated[str, _is_day_or_moment]
    qualification: str | None = None
    title: str | None = None

    def as_completion(self) -> Completion:
        """Return what is kept of it."""
        moment = datetime.fromisoformat(self.completed_at)
        day: date = day_of(moment) if moment.tzinfo else moment.date()
        return Completion(
            course_id=self.course_id, qualification=self.qualification, completed_on=day, title=self.title
        )
