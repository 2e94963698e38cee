"""What is asked after the end."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import times
from services.issues.service.replying import answered
from services.issues.service.witnessing import parts_of
from shared.entrypoints import command
from shared.transaction import Transaction


class Calling:
    """What is asked after the end."""

    @command(schemas.RecordCallBack, key="issue_id")
    def record_call_back(self, tx: Transaction, request: schemas.RecordCallBack) -> dict[str, Any]:
        """Note a call: `n.rpc.issues.record_call_back("IS-0101", reached=True, solved="yes")`."""
        issue = rights.issue_for(tx, "record_call_back", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        call = request.call(by, parts_of(tx, by))
        above = repository.parent_of(tx, issue.responsible_unit)
        issue, facts = domain.record_call_back(issue, call, above, tx.now, times(tx))
        return answered(tx, issue, *facts)

    @command(schemas.AnswerDurability, key="issue_id")
    def answer_durability(self, tx: Transaction, request: schemas.AnswerDurability) -> dict[str, Any]:
        """Take the reporter's word: `n.rpc.issues.answer_durability("IS-0101", holds=True)`."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by, default=issue.reporter_ref)
        issue = domain.answer_durability(
            issue, by=by, holds=request.holds, remark=request.remark, via=request.via, now=tx.now
        )
        return answered(tx, issue)
