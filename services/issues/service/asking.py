"""Questions about issues."""

from typing import Any

from services.issues import repository, schemas
from services.issues.service import looking
from shared.entrypoints import query
from shared.transaction import Transaction


class Asking:
    """Questions about issues."""

    @query(schemas.GetIssue)
    def get_issue(self, tx: Transaction, request: schemas.GetIssue) -> dict[str, Any]:
        """Look at one issue; what is guarded is masked or refused to strangers, and the look is written down."""
        issue = repository.issues.get(tx, request.issue_id)
        return looking.show(tx, issue, request.viewer)

    @query(schemas.ListIssues)
    def list_issues(self, tx: Transaction, request: schemas.ListIssues) -> dict[str, Any]:
        """List issues by number, of one state, one reporter, one lead or one outside unit."""
        found = repository.list_issues(
            tx,
            state=request.state,
            reporter=request.reporter,
            lead=request.lead,
            lead_unit=request.lead_unit,
            after=request.after,
            limit=request.limit + 1,
        )
        page = found[: request.limit]
        views = [looking.show_listed(tx, one) for one in page]
        items = [one for one in views if one is not None and not (one["masked"] and (request.reporter or request.lead))]
        return {"items": items, "next": page[-1].issue_id if len(found) > len(page) else None}
