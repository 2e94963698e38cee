"""The facts of volunteer that notify relies on."""

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
    label_zh: str | None = None

    def as_unit(self) -> OrgUnit:
        """Return the unit as we keep it."""
        return OrgUnit(
            org_unit_id=self.org_unit_id,
            level=self.level,
            parent_id=self.parent_id,
            secretary_id=self.secretary_id,
            announced=self.revision,
            label_zh=self.label_zh,
        )


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
