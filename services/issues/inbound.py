"""The part of other services' facts that issues relies on."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from services.issues.domain import Hazard, Level, OrgUnit, Report, Source
from services.issues.domain.intake import Told
from shared.errors import InvalidInput
from shared.events import Inbound
from shared.schemas import Id, Text


@dataclass(frozen=True, kw_only=True)
class OrgUnitUpdated(Inbound, type="org_unit.updated", source="volunteer", business_key=("org_unit_id", "revision")):
    """A unit of the four-level tree, as of its own `revision`."""

    org_unit_id: str
    level: Level
    revision: int
    parent_id: str | None = None
    secretary_id: str | None = None
    label_zh: str | None = None
    place_zh: str | None = None

    @property
    def unit(self) -> OrgUnit:
        """The unit as our copy keeps it."""
        return OrgUnit(
            org_unit_id=self.org_unit_id,
            level=self.level,
            parent_id=self.parent_id,
            secretary_id=self.secretary_id,
            place_zh=self.place_zh or self.label_zh or self.org_unit_id,
            tree_revision=self.revision,
        )


@dataclass(frozen=True, kw_only=True)
class DispatchFilled(Inbound, type="dispatch.filled", source="volunteer", business_key=("dispatch_id",)):
    """Enough volunteers accepted; work on the issue begins."""

    dispatch_id: str
    issue_id: str
    volunteer_ids: tuple[str, ...]
    round: int | None = None


INTAKE = (Source.HOTLINE, Source.SENSOR, Source.DISTRICT)  # systems that report; whose events reach us is configuration
Severity = Annotated[str, validate.OneOf(("low", "normal", "high"))]


@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(Inbound, type="report.submitted", source="hotline", business_key=("source_system", "report_id")):
    """Another system was told about a problem; `building_id` and `address_id` are two names for one thing."""

    report_id: Id
    source_system: Annotated[Source, validate.OneOf(INTAKE)]
    text: Text
    building_id: Id | None = None
    address_id: Id | None = None
    category: Id | None = None
    reporter_ref: Id | None = None
    hazard: Hazard | None = None
    severity: Severity = "normal"
    external_no: Id | None = None
    sensitive: bool = False

    @property
    def where(self) -> str:
        """The building; raises InvalidInput, which parks the report, where none or two are named."""
        named = {one for one in (self.building_id, self.address_id) if one is not None}
        if len(named) != 1:
            raise InvalidInput("a report names one building, as building_id or as address_id", given=sorted(named))
        return named.pop()

    @property
    def report(self) -> Report:
        """The report in our own words; it counts once for its source and number, whatever the events' ids are."""
        reporter = self.reporter_ref or self.report_id
        return Report(
            reporter=f"{self.source_system.value}:{reporter}",
            text=self.text,
            source=self.source_system,
            client_id=f"{self.source_system.value}:{self.report_id}",
            sensitive=self.sensitive,
            urgent=self.severity == "high",
            form=False,
            hazard=self.hazard,
            told=Told(external_no=self.external_no),
        )
