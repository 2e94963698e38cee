"""What hangs on an issue ends with it, in the same transaction."""

from collections.abc import Iterator

from services.issues import domain, repository
from shared import deadlines, outbox
from shared.transaction import Transaction

VOTE_CLOSING = "vote_closing"  # deadline: voting ends at the moment that was announced


def save_deliberation(tx: Transaction, deliberation: domain.Deliberation) -> None:
    """Save the deliberation, and let the clock close it as long as it is open."""
    if deliberation.state is domain.DeliberationState.OPEN and deliberation.closes_at is not None:
        deadlines.set(tx, VOTE_CLOSING, key=deliberation.deliberation_id, due_at=deliberation.closes_at)
    elif deliberation.closes_at is not None:
        deadlines.clear(tx, VOTE_CLOSING, key=deliberation.deliberation_id)
    repository.deliberations.save(tx, deliberation)


def end_linked(tx: Transaction, issue: domain.Issue, times: domain.Times) -> domain.Issue:
    """End the vote, the mediation and the projects of an issue that has ended, and announce it."""
    if issue.state not in domain.ENDED:
        return issue
    if issue.open_deliberation_id is not None:
        issue = _end_deliberation(tx, issue, issue.open_deliberation_id, times)
    if issue.open_mediation_id is not None:
        mediation = repository.mediations.get(tx, issue.open_mediation_id)
        mediation, issue, concluded = domain.end_mediation(mediation, issue, tx.now, times)
        repository.mediations.save(tx, mediation)
        outbox.append(tx, concluded)
    for project in _under_way(tx, issue):
        issue = _end_project(tx, issue, project, times)
    return issue


def _end_deliberation(tx: Transaction, issue: domain.Issue, key: str, times: domain.Times) -> domain.Issue:
    deliberation = repository.deliberations.get(tx, key)
    voters = repository.voters_of(tx, key)
    deliberation, issue, facts = domain.withdraw_topic(
        deliberation, issue, voters, domain.ISSUE_ENDED, now=tx.now, times=times
    )
    save_deliberation(tx, deliberation)
    outbox.append(tx, *facts)
    return issue


def _under_way(tx: Transaction, issue: domain.Issue) -> Iterator[domain.Project]:
    found = repository.projects.find_many(tx, issue.project_ids)
    return (one for one in found.values() if domain.PROJECT.allows(one.state, "cancel_project"))


def _end_project(tx: Transaction, issue: domain.Issue, project: domain.Project, times: domain.Times) -> domain.Issue:
    """Cancel a project whose last issue has ended; saved unchanged otherwise, so that of two last ones one sees it."""
    others = [one for one in repository.issues_of(tx, project.issue_ids) if one.issue_id != issue.issue_id]
    if any(one.state not in (*domain.ENDED, domain.IssueState.ARCHIVED) for one in others):
        repository.projects.save(tx, project)
        return issue
    project, [issue, *freed], facts = domain.end_project(project, (issue, *others), tx.now, times)
    repository.projects.save(tx, project)
    for before, one in zip(others, freed, strict=True):
        if one != before:
            repository.issues.save(tx, one)
    outbox.append(tx, *facts, correlation=project.issue_ids[0])
    return issue
