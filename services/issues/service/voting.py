"""Votes: cast, handed in for others, counted."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.deliberating import keep_deliberation
from services.issues.service.keeping import keep, times
from services.issues.service.linked import VOTE_CLOSING
from shared import outbox
from shared.entrypoints import command, due
from shared.transaction import Transaction


class Voting:
    """Votes: cast, handed in for others, counted."""

    @command(schemas.RegisterVoteProxy, key="deliberation_id")
    def register_vote_proxy(self, tx: Transaction, request: schemas.RegisterVoteProxy) -> dict[str, Any]:
        """Let somebody hand in another person's vote; the deliberation is saved unchanged, so that the count holds."""
        deliberation = rights.linked_for(tx, "register_vote_proxy", repository.deliberations, request.deliberation_id)
        voter = repository.voter(tx, request.deliberation_id, request.person_id)
        held = repository.votes_held(tx, request.deliberation_id, request.proxy)
        paper = {"authorisation": request.authorisation, "by": domain.acting_person(tx.actor)}
        voter = domain.register_vote_proxy(
            deliberation, voter, request.proxy, held, **paper, now=tx.now, times=times(tx)
        )
        repository.voters.save(tx, voter)
        repository.deliberations.save(tx, deliberation)
        return schemas.answer(schemas.view(voter))

    @command(schemas.CastVote, key="deliberation_id")
    def cast_vote(self, tx: Transaction, request: schemas.CastVote) -> dict[str, Any]:
        """Vote once; the deliberation is saved unchanged, so that a vote and the close cannot both win."""
        voter = repository.voter(tx, request.deliberation_id, request.person_id)
        by = domain.casting_person(
            tx.actor, request.person_id, request.by, proxy=voter.proxy if voter else None, via=request.via
        )
        deliberation = repository.deliberations.get(tx, request.deliberation_id)
        if request.via in domain.BY_OFFICER:
            rights.check_branch(tx, repository.issues.get(tx, deliberation.issue_id))
        voter = domain.cast_vote(deliberation, voter, request.choice, cast_by=by, now=tx.now, via=request.via)
        repository.voters.save(tx, voter)
        repository.deliberations.save(tx, deliberation)
        return schemas.answer(schemas.view(voter))

    @command(schemas.CloseVote, key="deliberation_id")
    def close_vote(self, tx: Transaction, request: schemas.CloseVote) -> dict[str, Any]:
        """Count the votes, decide by the rule, and let the issue go on."""
        deliberation = rights.linked_for(tx, "close_vote", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        return _close(tx, deliberation, by=domain.acting_person(tx.actor))

    @due(VOTE_CLOSING)
    def on_vote_closing(self, tx: Transaction, key: str) -> None:
        """Count the votes at the moment that was announced."""
        _close(tx, repository.deliberations.get(tx, key), by=domain.AUTOMATIC)


def _close(tx: Transaction, deliberation: domain.Deliberation, *, by: str) -> dict[str, Any]:
    """Count and decide, and let the issue go on."""
    issue = repository.issues.get(tx, deliberation.issue_id)
    voters = repository.voters_of(tx, deliberation.deliberation_id)
    deliberation, issue, fact = domain.close_vote(deliberation, issue, voters, tx.now, times(tx), by=by)
    keep(tx, issue)
    outbox.append(tx, fact)
    return keep_deliberation(tx, deliberation)
