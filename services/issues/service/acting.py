"""Who takes an issue on, and volunteers at work."""

from typing import Any

from services.issues import domain, inbound, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import keep
from services.issues.service.replying import answered
from shared.entrypoints import command, subscribe
from shared.transaction import Transaction


class Acting:
    """Who takes an issue on, and volunteers at work."""

    @command(schemas.Act, key="issue_id")
    def act(self, tx: Transaction, request: schemas.Act) -> dict[str, Any]:
        """Take an issue on: `n.rpc.issues.act("IS-0401", by="P-0007")`; its way up the tree ends."""
        issue = rights.issue_for(tx, "act", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        domain.check_our_tree(by, repository.units_of(tx, by))
        issue, facts = domain.act(issue, by=by, now=tx.now)
        return answered(tx, issue, *facts)

    @command(schemas.RequestHelp, key="issue_id")
    def request_help(self, tx: Transaction, request: schemas.RequestHelp) -> dict[str, Any]:
        """Ask for volunteers."""
        issue = rights.issue_for(tx, "request_help", request.issue_id)
        request.check(issue)
        domain.check_concerned(issue, tx.actor.id, repository.units_of(tx, tx.actor.id), tx.now)
        issue, fact = domain.request_help(issue, request.wanted, repository.category_of(tx, issue))
        return answered(tx, issue, fact)

    @subscribe(inbound.DispatchFilled)
    def on_dispatch_filled(self, tx: Transaction, fact: inbound.DispatchFilled) -> None:
        """Let the work begin."""
        issue = repository.issues.get(tx, fact.issue_id)
        keep(tx, domain.dispatch_filled(issue, fact.volunteer_ids, fact.round, tx.now))
