"""How a command on an issue ends."""

from typing import Any

from services.issues import domain, schemas
from services.issues.service.keeping import keep
from shared import outbox
from shared.events import Event
from shared.transaction import Transaction


def answered(tx: Transaction, issue: domain.Issue, *facts: Event) -> dict[str, Any]:
    """Save the issue, announce the facts, and show the issue as a command answers it."""
    issue = keep(tx, issue)
    outbox.append(tx, *facts)
    return schemas.answer(schemas.issue_view(issue))
