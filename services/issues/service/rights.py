"""Issues, and what hangs on them, for those who may change them: by their roles, in their branch of the tree."""

from typing import Protocol, TypeVar

from services.issues import domain, repository
from shared.collection import Collection
from shared.transaction import Transaction


class Linked(Protocol):
    """What hangs on one issue."""

    @property
    def issue_id(self) -> str:
        """The issue."""


L = TypeVar("L", bound=Linked)


def issue_for(tx: Transaction, command: str, issue_id: str) -> domain.Issue:
    """Load the issue for whoever may do this to it; raises Forbidden, NotFound."""
    domain.authorise(tx.actor, command)
    issue = repository.issues.get(tx, issue_id)
    check_branch(tx, issue)
    return issue


def issues_for(tx: Transaction, command: str, issue_ids: tuple[str, ...]) -> list[domain.Issue]:
    """Load several issues for whoever may do this to each; raises Forbidden, NotFound."""
    domain.authorise(tx.actor, command)
    issues = repository.issues_of(tx, issue_ids)
    for issue in issues:
        check_branch(tx, issue)
    return issues


def project_for(tx: Transaction, command: str, project_id: str) -> domain.Project:
    """Load the project for whoever may do this to it and its issues; raises Forbidden, NotFound."""
    domain.authorise(tx.actor, command)
    project = repository.projects.get(tx, project_id)
    issues_for(tx, command, project.issue_ids)
    return project


def linked_for(tx: Transaction, command: str, collection: Collection[L], key: str) -> L:
    """Load what hangs on an issue for whoever may do this to both; raises Forbidden, NotFound."""
    domain.authorise(tx.actor, command)
    found = collection.get(tx, key)
    issue_for(tx, command, found.issue_id)
    return found


def issue_for_or_reporter(tx: Transaction, command: str, issue_id: str, person: str) -> domain.Issue:
    """Load the issue for whoever may do this to it, and for its reporter; raises Forbidden, NotFound."""
    issue = repository.issues.get(tx, issue_id)
    domain.authorise_or_reporter(tx.actor, command, issue, person, tx.now)
    if not domain.is_reporter_or_proxy(issue, person, tx.now):
        check_branch(tx, issue)
    return issue


def check_branch(tx: Transaction, issue: domain.Issue) -> None:
    """Let pass whose branch the issue is in, and who acts for an outside unit at work on it; raises Forbidden."""
    if not domain.is_bound(tx.actor):
        return
    if not domain.acts_for_unit_at_work(issue, repository.units_of(tx, tx.actor.id), tx.now):
        domain.authorise_branch(tx.actor, repository.units_above(tx, (issue.building_id, issue.responsible_unit)))
