"""The part of other services' facts that notify relies on, by publisher."""

from services.notify.inbound.enrollment import (
    EnrollmentCancelled,
    EnrollmentLapsed,
    LearnerEnrolled,
    LearnerPromoted,
    LearnerWaitlisted,
)
from services.notify.inbound.issues import (
    DeliberationLapsed,
    DeliberationOpened,
    DeliberationPassed,
    DeliberationRejected,
    IssueClosed,
    IssueReopened,
    IssueResolved,
    IssueTriaged,
    SecretaryProjectAccepted,
    SecretaryProjectReturned,
    SecretaryProjectStarted,
)
from services.notify.inbound.volunteer import (
    DispatchOffered,
    HoursCredited,
    OrgUnitUpdated,
    VolunteerQualified,
)

__all__ = [
    "DeliberationLapsed",
    "DeliberationOpened",
    "DeliberationPassed",
    "DeliberationRejected",
    "DispatchOffered",
    "EnrollmentCancelled",
    "EnrollmentLapsed",
    "HoursCredited",
    "IssueClosed",
    "IssueReopened",
    "IssueResolved",
    "IssueTriaged",
    "LearnerEnrolled",
    "LearnerPromoted",
    "LearnerWaitlisted",
    "OrgUnitUpdated",
    "SecretaryProjectAccepted",
    "SecretaryProjectReturned",
    "SecretaryProjectStarted",
    "VolunteerQualified",
]
