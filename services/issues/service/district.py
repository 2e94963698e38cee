"""What the district platform says of issues that it was handed."""

from typing import Any

from services.issues import domain, schemas
from services.issues.service import rights
from services.issues.service.replying import answered
from shared.entrypoints import command
from shared.transaction import Transaction


class District:
    """What the district platform says of issues that it was handed."""

    @command(schemas.AcknowledgeHandOver, key="issue_id")
    def acknowledge_hand_over(self, tx: Transaction, request: schemas.AcknowledgeHandOver) -> dict[str, Any]:
        """Take the district's own number: `n.rpc.issues.acknowledge_hand_over("IS-0401", "QJ-2025-00417")`."""
        issue = rights.issue_for(tx, "acknowledge_hand_over", request.issue_id)
        request.check(issue)
        issue, facts = domain.acknowledge_hand_over(issue, request.reference_no, tx.now)
        return answered(tx, issue, *facts)

    @command(schemas.RecordDistrictResult, key="issue_id")
    def record_district_result(self, tx: Transaction, request: schemas.RecordDistrictResult) -> dict[str, Any]:
        """Take down what came of it at the district."""
        issue = rights.issue_for(tx, "record_district_result", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, None)
        issue, fact = domain.record_district_result(issue, request.outcome, request.answer, by=by, now=tx.now)
        return answered(tx, issue, fact)
