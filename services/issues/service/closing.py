"""The end of an issue: resolved, confirmed, closed."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import times
from services.issues.service.replying import answered
from services.issues.service.supporting import tell_supporters
from shared.entrypoints import command
from shared.transaction import Transaction


class Closing:
    """The end of an issue: resolved, confirmed, closed."""

    @command(schemas.Resolve, key="issue_id")
    def resolve(self, tx: Transaction, request: schemas.Resolve) -> dict[str, Any]:
        """Say that the work is done; from now on the resident's answer is awaited."""
        issue = rights.issue_for(tx, "resolve", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        issue, fact = domain.resolve(issue, by=by, outcome=request.resolution, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)

    @command(schemas.Confirm, key="issue_id")
    def confirm(self, tx: Transaction, request: schemas.Confirm) -> dict[str, Any]:
        """Take the resident's answer: `n.rpc.issues.confirm("IS-0101", satisfaction=5)`.

        A member of a group may name the lead: the answer is about their own part.
        """
        issue = repository.issues.get(tx, request.issue_id)
        by = domain.acting_person(tx.actor, request.by, default=issue.reporter_ref)
        issue = repository.part_of(tx, issue, by)
        request.check(issue)
        above = repository.parent_of(tx, issue.responsible_unit)
        issue, facts = domain.confirm(issue, request.answer(by), above, tx.now, times(tx))
        return answered(tx, issue, *tell_supporters(tx, issue, facts))
