"""The edge of issues: commands, questions, other services' facts and the clock."""

from services.issues import repository
from services.issues.events import OrgTreeRequested
from services.issues.service import (
    acting,
    answering,
    approving,
    asking,
    calling,
    cataloguing,
    clients,
    closing,
    deliberating,
    dispatching,
    district,
    grouping,
    intake,
    mediating,
    open311,
    photos,
    privacy,
    progressing,
    projects,
    reporting,
    reports,
    resolving,
    scheduling,
    settings,
    supporting,
    ticking,
    tree,
    units,
    visiting,
    voting,
    working,
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
    calling.Calling,
    reports.Reports,
    tree.Tree,
    visiting.Visiting,
    scheduling.Scheduling,
    cataloguing.Cataloguing,
    photos.Photos,
    privacy.Privacy,
    grouping.Grouping,
    supporting.Supporting,
    units.Units,
    dispatching.Dispatching,
    working.Working,
    district.District,
    answering.Answering,
    approving.Approving,
    settings.Settings,
    intake.Intake,
    clients.Clients,
    open311.Open311,
    voting.Voting,
    resolving.Resolving,
    mediating.Mediating,
    progressing.Progressing,
    asking.Asking,
    Service,
):
    """What residents report, deliberate and get solved, from the report to the resident's answer."""

    name = "issues"
    collections = repository.COLLECTIONS

    def on_start(self, tx: Transaction) -> None:
        """Ask for the organisation tree where our copy is empty, and begin with the categories that come along."""
        cataloguing.load_defaults(tx)
        if not repository.knows_the_tree(tx):
            outbox.append(tx, OrgTreeRequested(service=self.name))
