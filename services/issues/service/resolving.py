"""What follows a vote: minutes, signatures, public notice, execution, evaluation."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.deliberating import keep_deliberation
from services.issues.service.keeping import keep, times
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Resolving:
    """What follows a vote: minutes, signatures, public notice, execution, evaluation."""

    @command(schemas.RecordMinutes, key="deliberation_id")
    def record_minutes(self, tx: Transaction, request: schemas.RecordMinutes) -> dict[str, Any]:
        """Keep the minutes of the meeting."""
        deliberation = rights.linked_for(tx, "record_minutes", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        deliberation = domain.record_minutes(
            deliberation, request.minutes, by=domain.acting_person(tx.actor), now=tx.now
        )
        return keep_deliberation(tx, deliberation)

    @command(schemas.SignResolution, key="deliberation_id")
    def sign_resolution(self, tx: Transaction, request: schemas.SignResolution) -> dict[str, Any]:
        """Sign what was decided."""
        by = domain.acting_person(tx.actor, request.by)
        deliberation = repository.deliberations.get(tx, request.deliberation_id)
        voter = repository.voter(tx, request.deliberation_id, by)
        deliberation, voter = domain.sign_resolution(deliberation, voter, now=tx.now)
        repository.voters.save(tx, voter)
        return keep_deliberation(tx, deliberation)

    @command(schemas.PublishResolution, key="deliberation_id")
    def publish_resolution(self, tx: Transaction, request: schemas.PublishResolution) -> dict[str, Any]:
        """Post the result; until the notice ends people may object."""
        deliberation = rights.linked_for(tx, "publish_resolution", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        deliberation = domain.publish_resolution(
            deliberation, by=domain.acting_person(tx.actor), now=tx.now, times=times(tx)
        )
        return keep_deliberation(tx, deliberation)

    @command(schemas.ObjectResolution, key="deliberation_id")
    def object_resolution(self, tx: Transaction, request: schemas.ObjectResolution) -> dict[str, Any]:
        """Object to a posted result."""
        by = domain.acting_person(tx.actor, request.by)
        deliberation = repository.deliberations.get(tx, request.deliberation_id)
        known = repository.objection(tx, request.deliberation_id, by)
        deliberation, objection = domain.object_resolution(deliberation, known, request.text, by=by, now=tx.now)
        repository.objections.save(tx, objection)
        repository.deliberations.save(tx, deliberation)
        return schemas.answer(schemas.view(objection))

    @query(schemas.ListObjections)
    def list_objections(self, tx: Transaction, request: schemas.ListObjections) -> dict[str, Any]:
        """List what people have against a result."""
        domain.authorise(tx.actor, "publish_resolution")
        found = repository.list_objections(tx, request.deliberation_id, after=request.after, limit=request.limit + 1)
        return schemas.page([schemas.view(one) for one in found], request.limit, "objection_id")

    @command(schemas.NameExecutor, key="deliberation_id")
    def name_executor(self, tx: Transaction, request: schemas.NameExecutor) -> dict[str, Any]:
        """Say who does what was decided, and until when."""
        deliberation = rights.linked_for(tx, "name_executor", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        issue = repository.issues.get(tx, deliberation.issue_id)
        deliberation, issue = domain.name_executor(
            deliberation, issue, request.executor, request.due_on, by=domain.acting_person(tx.actor), now=tx.now
        )
        keep(tx, issue)
        return keep_deliberation(tx, deliberation)

    @command(schemas.EvaluateDeliberation, key="deliberation_id")
    def evaluate_deliberation(self, tx: Transaction, request: schemas.EvaluateDeliberation) -> dict[str, Any]:
        """Say whether the topic is really solved, and without after-effects."""
        deliberation = rights.linked_for(tx, "evaluate_deliberation", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        by = domain.acting_person(tx.actor, request.by)
        deliberation = domain.evaluate_deliberation(deliberation, request.evaluation(by, tx.now))
        return keep_deliberation(tx, deliberation)
