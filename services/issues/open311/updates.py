"""Our facts as mySociety's service request updates: what happened to public issues, in codes and set phrases."""

from collections.abc import Mapping
from typing import Any

from services.issues.domain import IssueState
from services.issues.open311.status import STANDINGS, UNCONFIRMED

_S = IssueState
TOLD: dict[str, IssueState] = {  # fact -> the state whose status and note it is told with
    "issue.reported": _S.REPORTED,
    "issue.info_requested": _S.NEEDS_INFO,
    "issue.info_given": _S.REPORTED,
    "issue.triaged": _S.TRIAGED,
    "issue.rejected": _S.REJECTED,
    "issue.dispatched": _S.DISPATCHED,
    "issue.returned": _S.RETURNED,
    "issue.arbitration_opened": _S.ARBITRATING,
    "issue.signed": _S.IN_PROGRESS,
    "issue.started": _S.IN_PROGRESS,
    "deliberation.opened": _S.DELIBERATING,
    "mediation.opened": _S.MEDIATING,
    "issue.suspended": _S.SUSPENDED,
    "issue.resumed": _S.IN_PROGRESS,
    "issue.handled": _S.HANDLED,
    "issue.check_failed": _S.IN_PROGRESS,
    "issue.resolved": _S.RESOLVED,
    "issue.reopened": _S.IN_PROGRESS,
    "issue.closed": _S.CLOSED,
    "issue.force_closed": _S.FORCE_CLOSED,
    "issue.handed_over": _S.HANDED_OVER,
    "issue.merged": _S.MERGED,
    "issue.unmerged": _S.TRIAGED,
    "issue.withdrawn": _S.WITHDRAWN,
}


def update(fact: Mapping[str, Any]) -> dict[str, Any]:
    """Tell of one fact, a CloudEvent, in the fields of an update."""
    data = fact["data"]
    told = STANDINGS[TOLD[fact["type"]]]
    if fact["type"] == "issue.closed" and data.get("satisfaction") is None:
        told = UNCONFIRMED
    return {
        "update_id": fact["id"],
        "service_request_id": data["issue_id"],
        "status": told.extended,
        "description": told.note,
        "updated_datetime": fact["time"],
        "media_url": None,
    }
