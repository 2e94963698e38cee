"""The facts of enrollment that notify relies on."""

from dataclasses import dataclass
from datetime import datetime

from shared.events import Inbound


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
