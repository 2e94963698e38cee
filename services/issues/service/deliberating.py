"""Deliberations: opened, voted on, closed."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service.keeping import keep, times
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Deliberating:
    """Deliberations: opened, voted on, closed."""

    @command(schemas.OpenDeliberation, key="issue_id")
    def open_deliberation(self, tx: Transaction, request: schemas.OpenDeliberation) -> dict[str, Any]:
        """Put a question to everybody on a roll."""
        domain.authorise(tx.actor, "open_deliberation")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        issue, deliberation, voters, fact = domain.open_deliberation(
            issue, request.question, by=tx.actor.id, now=tx.now, times=times(tx)
        )
        keep(tx, issue)
        repository.deliberations.save(tx, deliberation)
        repository.save_roll(tx, voters)
        outbox.append(tx, fact)
        return schemas.answer(schemas.view(deliberation))

    @command(schemas.CastVote, key="deliberation_id")
    def cast_vote(self, tx: Transaction, request: schemas.CastVote) -> dict[str, Any]:
        """Vote once; the deliberation is saved unchanged, so that a vote and the close cannot both win."""
        by = domain.casting_person(tx.actor, request.person_id, request.by)
        deliberation = repository.deliberations.get(tx, request.deliberation_id)
        voter = repository.voter(tx, request.deliberation_id, request.person_id)
        voter = domain.cast_vote(deliberation, voter, request.choice, cast_by=by, now=tx.now)
        repository.voters.save(tx, voter)
        repository.deliberations.save(tx, deliberation)
        return schemas.answer(schemas.view(voter))

    @command(schemas.CloseVote, key="deliberation_id")
    def close_vote(self, tx: Transaction, request: schemas.CloseVote) -> dict[str, Any]:
        """Count the votes, decide by the rule, and let the issue go on."""
        domain.authorise(tx.actor, "close_vote")
        deliberation = repository.deliberations.get(tx, request.deliberation_id)
        request.check(deliberation)
        issue = repository.issues.get(tx, deliberation.issue_id)
        voters = repository.voters_of(tx, request.deliberation_id)
        deliberation, issue, fact = domain.close_vote(deliberation, issue, voters, tx.now, times(tx))
        repository.deliberations.save(tx, deliberation)
        keep(tx, issue)
        outbox.append(tx, fact)
        return schemas.answer(schemas.view(deliberation))

    @query(schemas.GetDeliberation)
    def get_deliberation(self, tx: Transaction, request: schemas.GetDeliberation) -> dict[str, Any]:
        """Look at one deliberation; who voted for what is not shown."""
        return schemas.view(repository.deliberations.get(tx, request.deliberation_id))
