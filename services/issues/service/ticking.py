"""The clocks of issues, and what the office may set about them."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import CLOCKS, keep, times
from services.issues.service.privacy import forget, forget_others
from services.issues.service.replying import answered
from services.issues.service.supporting import tell_supporters
from shared import outbox
from shared.entrypoints import command, due
from shared.transaction import Transaction


class Ticking:
    """The clocks of issues, and what the office may set about them."""

    @due(CLOCKS)
    def on_clocks_due(self, tx: Transaction, key: str) -> None:
        """Do what happens by itself on an issue: warn, remind, go up the tree, close, archive."""
        issue = repository.issues.get(tx, key)
        around = domain.Around(above=repository.parent_of(tx, issue.responsible_unit), times=times(tx))
        issue, facts = domain.tick(issue, around, tx.now)
        issue = keep(tx, issue)
        if issue.state is domain.IssueState.ARCHIVED:
            forget(tx, issue)
            forget_others(tx, issue)
        outbox.append(tx, *tell_supporters(tx, issue, facts))

    @command(schemas.SetDeadline, key="issue_id")
    def set_deadline(self, tx: Transaction, request: schemas.SetDeadline) -> dict[str, Any]:
        """Move the next due date: `n.rpc.issues.set_deadline("IS-0401", due_at="2025-03-04T12:00:00+08:00")`."""
        issue = rights.issue_for(tx, "set_deadline", request.issue_id)
        request.check(issue)
        issue, fact = domain.set_deadline(issue, request.due_at, tx.now, times(tx))
        return answered(tx, issue, fact)
