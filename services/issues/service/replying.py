"""How a command on an issue ends."""

from typing import Any

from services.issues import domain, schemas
from services.issues.service import looking
from services.issues.service.keeping import keep
from shared import outbox
from shared.events import Event
from shared.transaction import Transaction


def answered(tx: Transaction, issue: domain.Issue, *facts: Event) -> dict[str, Any]:
    """Save the issue, announce the facts, and show the issue as a command answers it."""
    issue = keep(tx, issue)
    outbox.append(tx, *facts)
    return shown(tx, issue)


def shown(tx: Transaction, issue: domain.Issue) -> dict[str, Any]:
    """Show an issue as a command answers it: as far as its caller may look at it, and the look is written down.

    What was done is done, also by who may not look at it: they get the number that they named.
    """
    seen = looking.look(tx, issue, None)
    if seen is domain.View.NONE:
        return {"issue_id": issue.issue_id, "masked": True}
    return schemas.answer(schemas.issue_view(issue, whole=seen is domain.View.WHOLE))
