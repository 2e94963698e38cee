"""The edge of issues: commands, questions, other services' facts and the clock."""

from services.issues import repository
from services.issues.events import OrgTreeRequested
from services.issues.service import (
    acting,
    answering,
    approving,
    asking,
    closing,
    deliberating,
    projects,
    reporting,
    settings,
    ticking,
    tree,
    visiting,
)
from shared import outbox
from shared.entrypoints import Service
from shared.transaction import Transaction


class IssuesService(
    reporting.Reporting,
    acting.Acting,
    ticking.Ticking,
    deliberating.Deliberating,
    projects.Projects,
    closing.Closing,
    tree.Tree,
    visiting.Visiting,
    asking.Asking,
    answering.Answering,
    approving.Approving,
    settings.Settings,
    Service,
):
    """What residents report, deliberate and get solved, from the report to the resident's answer."""

    name = "issues"
    collections = repository.COLLECTIONS

    def on_start(self, tx: Transaction) -> None:
        """Ask for the organisation tree where our copy is empty."""
        if not repository.knows_the_tree(tx):
            outbox.append(tx, OrgTreeRequested(service=self.name))
