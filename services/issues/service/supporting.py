"""Who says "me too"."""

from dataclasses import replace
from typing import Any

from services.issues import domain, repository, schemas
from services.issues.events import IssueClosed
from services.issues.service.keeping import keep
from services.issues.service.replying import shown
from shared.entrypoints import command, query
from shared.events import Event
from shared.transaction import Transaction


class Supporting:
    """Who says "me too"."""

    @command(schemas.Support, key="issue_id")
    def support(self, tx: Transaction, request: schemas.Support) -> dict[str, Any]:
        """Say "me too", once: `n.rpc.issues.support("IS-0401", person="R-1007")`."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        return add_supporter(tx, issue, domain.acting_person(tx.actor, request.person))

    @command(schemas.WithdrawSupport, key="issue_id")
    def withdraw_support(self, tx: Transaction, request: schemas.WithdrawSupport) -> dict[str, Any]:
        """Take a "me too" back; where there is none, nothing changes."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        known = repository.find_support(tx, issue.issue_id, domain.acting_person(tx.actor, request.person))
        if known is not None:
            issue = _withdraw(tx, issue, known)
        return shown(tx, issue)

    @query(schemas.ListSupports)
    def list_supports(self, tx: Transaction, request: schemas.ListSupports) -> dict[str, Any]:
        """List what a person supports; nobody but the person and an administrator may ask."""
        person = domain.acting_person(tx.actor, request.person)
        found = repository.supports_of(tx, person, after=request.after, limit=request.limit + 1)
        page = found[: request.limit]
        items = [schemas.view(one) for one in page]
        return {"items": items, "next": page[-1].issue_id if len(found) > len(page) else None}


def add_supporter(tx: Transaction, issue: domain.Issue, person: str) -> dict[str, Any]:
    """Let the person support the issue; a second time nothing changes."""
    if repository.find_support(tx, issue.issue_id, person) is None:
        issue, lead, support = domain.support(issue, repository.lead_of(tx, issue), person, tx.now)
        _keep_both(tx, issue, lead)
        repository.supports.save(tx, support)
    return shown(tx, issue)


def _withdraw(tx: Transaction, issue: domain.Issue, support: domain.Support) -> domain.Issue:
    issue, lead = domain.withdraw_support(issue, repository.lead_of(tx, issue))
    _keep_both(tx, issue, lead)
    repository.supports.delete(tx, support)
    return issue


def tell_supporters(tx: Transaction, issue: domain.Issue, facts: tuple[Event, ...]) -> tuple[Event, ...]:
    """Name in the fact of closing who supports the issue, so that they can be told."""
    return tuple(
        replace(fact, supporter_refs=repository.supporters_of(tx, issue)) if isinstance(fact, IssueClosed) else fact
        for fact in facts
    )


def _keep_both(tx: Transaction, issue: domain.Issue, lead: domain.Issue) -> None:
    for one in {one.issue_id: one for one in (lead, issue)}.values():
        keep(tx, one)
