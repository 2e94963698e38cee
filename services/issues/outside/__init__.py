"""What systems outside announce for us to take: their side of the contract, which nobody else writes down."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(Event, type="report.submitted", subject="report_id", zh="外部报事已提交"):
    """A hotline, a sensor or the district platform was told about a problem; once for each source and number."""

    report_id: str
    source_system: str
    text: str
    building_id: str | None = None
    address_id: str | None = None
    category: str | None = None
    reporter_ref: str | None = None
    hazard: str | None = None
    severity: str = "normal"
    external_no: str | None = None
    sensitive: bool = False
