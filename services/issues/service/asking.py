"""Questions about issues."""

from typing import Any

from services.issues import domain, repository, schemas
from shared.entrypoints import query
from shared.transaction import Transaction


class Asking:
    """Questions about issues."""

    @query(schemas.GetIssue)
    def get_issue(self, tx: Transaction, request: schemas.GetIssue) -> dict[str, Any]:
        """Look at one issue; a sensitive one is masked for those whom it does not concern."""
        issue = repository.issues.get(tx, request.issue_id)
        return schemas.issue_view(issue, whole=domain.may_see(issue, tx.actor, request.viewer))

    @query(schemas.ListIssues)
    def list_issues(self, tx: Transaction, request: schemas.ListIssues) -> dict[str, Any]:
        """List issues by number, of one state, one reporter, or one outside unit that handles them."""
        found = repository.list_issues(
            tx,
            state=request.state,
            reporter=request.reporter,
            lead_unit=request.lead_unit,
            after=request.after,
            limit=request.limit + 1,
        )
        page = found[: request.limit]
        views = [schemas.issue_view(one, whole=domain.may_see(one, tx.actor, None)) for one in page]
        items = [one for one in views if not (one["masked"] and request.reporter)]
        return {"items": items, "next": page[-1].issue_id if len(found) > len(page) else None}
