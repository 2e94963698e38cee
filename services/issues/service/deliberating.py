"""Deliberations: proposed, opened, put off, taken back."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.events import DeliberationOpened
from services.issues.service import rights
from services.issues.service.keeping import keep, times
from services.issues.service.linked import save_deliberation
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


def keep_deliberation(tx: Transaction, deliberation: domain.Deliberation) -> dict[str, Any]:
    """Save the deliberation, let the clock close it, and show it as far as its caller may see it."""
    save_deliberation(tx, deliberation)
    return schemas.answer(_shown(tx, deliberation))


def _shown(tx: Transaction, deliberation: domain.Deliberation) -> dict[str, Any]:
    """Show what was said to those on the roll and the officers; who voted for what is not shown."""
    on_roll = repository.voter(tx, deliberation.deliberation_id, tx.actor.id) is not None
    whole = domain.may_read_minutes(tx.actor, on_roll=on_roll)
    guarded = repository.issues.get(tx, deliberation.issue_id).guarded
    return schemas.deliberation_view(deliberation, whole=whole, guarded=guarded)


class Deliberating:
    """Deliberations: proposed, opened, put off, taken back."""

    @query(schemas.CheckTopic)
    def check_topic(self, tx: Transaction, request: schemas.CheckTopic) -> dict[str, Any]:
        """Ask whether a matter may be decided by a vote, by which rule at least, and who is affected."""
        issue = repository.issues.get(tx, request.issue_id)
        return schemas.view(
            domain.check_topic(issue, matter=request.matter, rule=request.rule, affected=request.affected)
        )

    @command(schemas.ProposeTopic, key="issue_id")
    def propose_topic(self, tx: Transaction, request: schemas.ProposeTopic) -> dict[str, Any]:
        """Bring a topic up; nobody is asked yet."""
        issue = rights.issue_for(tx, "propose_topic", request.issue_id)
        request.check(issue)
        repository.check_units(tx, request.affected)
        issue, deliberation = domain.propose_topic(
            issue, request.proposal, by=domain.acting_person(tx.actor), now=tx.now
        )
        keep(tx, issue)
        return keep_deliberation(tx, deliberation)

    @command(schemas.SetRoll, key="deliberation_id")
    def set_roll(self, tx: Transaction, request: schemas.SetRoll) -> dict[str, Any]:
        """Say who takes part, in place of what was said before."""
        deliberation = rights.linked_for(tx, "set_roll", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        deliberation, voters = domain.set_roll(
            deliberation, request.lines, by=domain.acting_person(tx.actor), now=tx.now
        )
        repository.save_roll(tx, request.deliberation_id, voters)
        return keep_deliberation(tx, deliberation)

    @command(schemas.OpenDeliberation, key="issue_id")
    def open_deliberation(self, tx: Transaction, request: schemas.OpenDeliberation) -> dict[str, Any]:
        """Put a question to everybody on a roll, proposed before or all at once."""
        issue = rights.issue_for(tx, "open_deliberation", request.issue_id)
        request.check(issue)
        repository.check_units(tx, request.affected)
        issue, deliberation, fact = _ask(tx, issue, request.question)
        keep(tx, issue)
        outbox.append(tx, fact)
        return keep_deliberation(tx, deliberation)

    @command(schemas.PostponeDeliberation, key="deliberation_id")
    def postpone_deliberation(self, tx: Transaction, request: schemas.PostponeDeliberation) -> dict[str, Any]:
        """Put the meeting off to a later moment, and the end of voting with it."""
        deliberation = rights.linked_for(tx, "postpone_deliberation", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        issue = repository.issues.get(tx, deliberation.issue_id)
        voters = repository.voters_of(tx, request.deliberation_id)
        put_off = request.put_off(domain.acting_person(tx.actor), tx.now)
        deliberation, fact = domain.postpone_deliberation(
            deliberation, issue, voters, put_off, closes_at=request.closes_at, now=tx.now
        )
        outbox.append(tx, fact)
        return keep_deliberation(tx, deliberation)

    @command(schemas.WithdrawTopic, key="deliberation_id")
    def withdraw_topic(self, tx: Transaction, request: schemas.WithdrawTopic) -> dict[str, Any]:
        """Take the topic back; the issue goes on where it was."""
        deliberation = rights.linked_for(tx, "withdraw_topic", repository.deliberations, request.deliberation_id)
        request.check(deliberation)
        issue = repository.issues.get(tx, deliberation.issue_id)
        voters = repository.voters_of(tx, request.deliberation_id)
        deliberation, issue, facts = domain.withdraw_topic(
            deliberation, issue, voters, request.reason, now=tx.now, times=times(tx)
        )
        keep(tx, issue)
        outbox.append(tx, *facts)
        return keep_deliberation(tx, deliberation)

    @query(schemas.GetDeliberation)
    def get_deliberation(self, tx: Transaction, request: schemas.GetDeliberation) -> dict[str, Any]:
        """Look at one deliberation and its steps; who voted for what is not shown."""
        return _shown(tx, repository.deliberations.get(tx, request.deliberation_id))

    @query(schemas.ListDeliberations)
    def list_deliberations(self, tx: Transaction, request: schemas.ListDeliberations) -> dict[str, Any]:
        """List deliberations by number, of one issue or in one state."""
        found = repository.list_deliberations(
            tx, issue_id=request.issue_id, state=request.state, after=request.after, limit=request.limit + 1
        )
        whole = domain.may_read_minutes(tx.actor, on_roll=False)
        issues = repository.issues.find_many(tx, [one.issue_id for one in found])
        views = [schemas.deliberation_view(one, whole=whole, guarded=issues[one.issue_id].guarded) for one in found]
        return schemas.page(views, request.limit, "deliberation_id")


def _ask(
    tx: Transaction, issue: domain.Issue, question: domain.Question
) -> tuple[domain.Issue, domain.Deliberation, DeliberationOpened]:
    """Open what was proposed before, or propose and open at once."""
    by, clock = domain.acting_person(tx.actor), times(tx)
    if issue.open_deliberation_id is not None:
        proposed = repository.deliberations.get(tx, issue.open_deliberation_id)
        voters = repository.voters_of(tx, proposed.deliberation_id)
        issue, opened, _, fact = domain.open_proposed(issue, proposed, voters, question, by=by, now=tx.now, times=clock)
        return issue, opened, fact
    issue, opened, roll, fact = domain.open_deliberation(issue, question, by=by, now=tx.now, times=clock)
    for voter in roll:
        repository.voters.save(tx, voter)
    return issue, opened, fact
