"""What passes between triage and the reporter: asked back, answered, withdrawn."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import times
from services.issues.service.replying import answered
from shared.entrypoints import command
from shared.transaction import Transaction


class Answering:
    """What passes between triage and the reporter: asked back, answered, withdrawn."""

    @command(schemas.AskInfo, key="issue_id")
    def ask_info(self, tx: Transaction, request: schemas.AskInfo) -> dict[str, Any]:
        """Ask the reporter for what is missing: `n.rpc.issues.ask_info("IS-0401", question="哪一个单元?")`."""
        issue = rights.issue_for(tx, "ask_info", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        issue, fact = domain.ask_info(issue, request.question, by=by, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)

    @command(schemas.GiveInfo, key="issue_id")
    def give_info(self, tx: Transaction, request: schemas.GiveInfo) -> dict[str, Any]:
        """Take the reporter's answer: `n.rpc.issues.give_info("IS-0401", text="二单元门口")`."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by, default=issue.reporter_ref)
        issue, fact = domain.give_info(issue, request.text, by=by, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)

    @command(schemas.Withdraw, key="issue_id")
    def withdraw(self, tx: Transaction, request: schemas.Withdraw) -> dict[str, Any]:
        """Take the report back; what endangers people goes on without its reporter."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by, default=issue.reporter_ref)
        safety = repository.category_of(tx, issue).safety
        issue, fact = domain.withdraw(issue, by=by, reason=request.reason, safety=safety, now=tx.now)
        return answered(tx, issue, fact)
