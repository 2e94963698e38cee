"""Mediations between the parties of an issue."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import keep, times
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Mediating:
    """Mediations between the parties of an issue."""

    @command(schemas.ReferMediation, key="issue_id")
    def refer_mediation(self, tx: Transaction, request: schemas.ReferMediation) -> dict[str, Any]:
        """Let somebody neutral mediate between parties that agreed to it."""
        issue = rights.issue_for(tx, "refer_mediation", request.issue_id)
        request.check(issue)
        mediator = request.mediator or domain.acting_person(tx.actor)
        issue, mediation, fact = domain.refer_mediation(
            issue, mediator, request.consenting, by=domain.acting_person(tx.actor), now=tx.now, times=times(tx)
        )
        keep(tx, issue)
        repository.mediations.save(tx, mediation)
        outbox.append(tx, fact)
        return schemas.answer(_shown(tx, mediation))

    @command(schemas.RecordMediationSession, key="mediation_id")
    def record_mediation_session(self, tx: Transaction, request: schemas.RecordMediationSession) -> dict[str, Any]:
        """Keep the notes of a talk."""
        mediation = rights.linked_for(tx, "record_mediation_session", repository.mediations, request.mediation_id)
        request.check(mediation)
        by = domain.acting_person(tx.actor, request.by, default=mediation.mediator)
        mediation = domain.record_mediation_session(mediation, request.session, by=by, now=tx.now)
        repository.mediations.save(tx, mediation)
        return schemas.answer(_shown(tx, mediation))

    @command(schemas.ConcludeMediation, key="mediation_id")
    def conclude_mediation(self, tx: Transaction, request: schemas.ConcludeMediation) -> dict[str, Any]:
        """End the talks with a signed agreement, or with the reason why there is none."""
        mediation = rights.linked_for(tx, "conclude_mediation", repository.mediations, request.mediation_id)
        request.check(mediation)
        issue = repository.issues.get(tx, mediation.issue_id)
        by = domain.acting_person(tx.actor, request.by, default=mediation.mediator)
        mediation, issue, fact = domain.conclude_mediation(
            mediation, issue, request.conclusion, by=by, now=tx.now, times=times(tx)
        )
        keep(tx, issue)
        repository.mediations.save(tx, mediation)
        outbox.append(tx, fact)
        return schemas.answer(_shown(tx, mediation))

    @query(schemas.GetMediation)
    def get_mediation(self, tx: Transaction, request: schemas.GetMediation) -> dict[str, Any]:
        """Look at one mediation; for all but its parties, its mediator and triage it is masked."""
        return _shown(tx, repository.mediations.get(tx, request.mediation_id), request.viewer)


def _shown(tx: Transaction, mediation: domain.Mediation, viewer: str | None = None) -> dict[str, Any]:
    return schemas.mediation_view(mediation, whole=domain.may_see_mediation(mediation, tx.actor, viewer))
