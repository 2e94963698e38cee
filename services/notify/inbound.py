"""The part of other services' facts that notify relies on."""

from dataclasses import dataclass
from datetime import date, datetime

from services.notify.domain import OrgUnit
from shared.events import Inbound


@dataclass(frozen=True, kw_only=True)
class OrgUnitUpdated(Inbound, type="org_unit.updated", source="volunteer", business_key=("org_unit_id", "revision")):
    """A unit of the tree, as of its own `revision`."""

    org_unit_id: str
    level: str
    revision: int
    parent_id: str | None = None
    secretary_id: str | None = None

    def as_unit(self) -> OrgUnit:
        """Return the unit as we keep it."""
        return OrgUnit(
            org_unit_id=self.org_unit_id,
            level=self.level,
            parent_id=self.parent_id,
            secretary_id=self.secretary_id,
            announced=self.revision,
        )


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
class DispatchOffered(
    Inbound, type="dispatch.offered", source="volunteer", business_key=("dispatch_id", "volunteer_id", "wave")
):
    """A volunteer is asked for help."""

    dispatch_id: str
    issue_id: str
    volunteer_id: str
    wave: int
    expires_at: datetime
    person_id: str | None = None
    title: str | None = None
    hours_estimate: float | None = None


@dataclass(frozen=True, kw_only=True)
class HoursCredited(Inbound, type="hours.credited", source="volunteer", business_key=("ledger_id",)):
    """Hours of service count."""

    ledger_id: str
    hours: float
    total_hours: float
    person_id: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class VolunteerQualified(
    Inbound,
    type="volunteer.qualified",
    source="volunteer",
    business_key=("volunteer_id", "qualification", "source_course_id"),
):
    """A course gave a qualification."""

    volunteer_id: str
    qualification: str
    valid_until: date
    person_id: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class LearnerEnrolled(Inbound, type="learner.enrolled", source="enrollment", business_key=("enrollment_id", "seat_no")):
    """A seat was given."""

    enrollment_id: str
    course_id: str
    person_id: str
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class LearnerWaitlisted(Inbound, type="learner.waitlisted", source="enrollment", business_key=("enrollment_id",)):
    """All seats are taken."""

    enrollment_id: str
    course_id: str
    person_id: str
    position: int
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class LearnerPromoted(
    Inbound, type="learner.promoted", source="enrollment", business_key=("enrollment_id", "hold_expires_at")
):
    """A seat is offered, to confirm before `hold_expires_at`."""

    enrollment_id: str
    course_id: str
    person_id: str
    hold_expires_at: datetime
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class EnrollmentCancelled(Inbound, type="enrollment.cancelled", source="enrollment", business_key=("enrollment_id",)):
    """A place was given up."""

    enrollment_id: str
    course_id: str
    person_id: str
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class EnrollmentLapsed(Inbound, type="enrollment.lapsed", source="enrollment", business_key=("enrollment_id",)):
    """An offered seat was not confirmed in time."""

    enrollment_id: str
    course_id: str
    person_id: str
    title: str | None = None
