"""Our own copy of the organisation tree."""

from typing import Any

from services.issues import domain, inbound, repository, schemas
from services.issues.events import OrgTreeRequested
from shared import outbox
from shared.entrypoints import command, subscribe
from shared.transaction import Transaction

SERVICE = "issues"


class Tree:
    """Our own copy of the organisation tree."""

    @command(schemas.RequestOrgTree)
    def request_org_tree(self, tx: Transaction, _request: schemas.RequestOrgTree) -> dict[str, Any]:
        """Ask for every unit of the tree again: `n.rpc.issues.request_org_tree()`."""
        domain.authorise(tx.actor, "request_org_tree")
        fact = OrgTreeRequested(service=SERVICE)
        outbox.append(tx, fact)
        return schemas.view(fact)

    @subscribe(inbound.OrgUnitUpdated, preload=repository.load_units)
    def on_org_unit_updated(self, tx: Transaction, fact: inbound.OrgUnitUpdated) -> None:
        """Keep our own copy of the organisation tree."""
        known = repository.org_units.find(tx, fact.org_unit_id)
        repository.org_units.save(tx, domain.update_org_unit(known, fact.unit))
