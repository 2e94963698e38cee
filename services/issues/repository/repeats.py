"""The last report on each asset as a document, whose revision guards what counts as repeated."""

from services.issues import domain
from services.issues.repository.issues import issues
from shared.collection import Collection
from shared.transaction import Transaction

asset_reports = Collection("asset_reports", domain.AssetReports, key="asset_id")


def note_report(tx: Transaction, issue: domain.Issue) -> bool:
    """Note a new issue on its asset, and say whether it comes soon after another one."""
    if issue.asset_id is None:
        return False
    known = asset_reports.find(tx, issue.asset_id) or _last_of(tx, issue.asset_id, issue)
    noted = domain.note_report(known, issue.asset_id, issue)
    asset_reports.save(tx, noted)
    return noted.repeated


def _last_of(tx: Transaction, asset_id: str, issue: domain.Issue) -> domain.AssetReports | None:
    """Find the last report on an asset that has no document yet: all of them came before there were any."""
    where = {"asset_id": asset_id, "_id": {"$ne": issue.issue_id}}
    found = issues.query(tx, where, sort=[("reported_at", -1)], limit=1)
    return domain.note_report(None, asset_id, found[0]) if found else None
