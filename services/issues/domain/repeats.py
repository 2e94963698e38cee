"""Reports on one asset that come soon after one another: the first does not count as repeated, each later one does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.issues.domain.issue import Issue

REPEATED_WITHIN = timedelta(days=30)  # of another report on the same asset


@dataclass(frozen=True, kw_only=True)
class AssetReports:
    """The last report on an asset, and when the one before it came.

    Every new report writes it, so that of reports at the same instant one is the first: whose transaction came first.
    """

    asset_id: str
    issue_id: str
    reported_at: datetime
    previous_at: datetime | None = None
    revision: int = 0

    @property
    def repeated(self) -> bool:
        """Whether the last report comes soon after the one before it."""
        return self.previous_at is not None and self.reported_at - self.previous_at <= REPEATED_WITHIN


def note_report(known: AssetReports | None, asset_id: str, issue: Issue) -> AssetReports:
    """Note a new report on an asset; the same one again changes nothing."""
    if known is None:
        return AssetReports(asset_id=asset_id, issue_id=issue.issue_id, reported_at=issue.reported_at)
    if known.issue_id == issue.issue_id:
        return known
    latest = max(known.reported_at, issue.reported_at)  # the clocks of two machines may differ a little
    return replace(known, issue_id=issue.issue_id, reported_at=latest, previous_at=known.reported_at)
