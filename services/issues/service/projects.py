"""Secretaries' projects."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service.keeping import keep, times
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Projects:
    """Secretaries' projects."""

    @command(schemas.StartSecretaryProject, key="issue_id")
    def start_secretary_project(self, tx: Transaction, request: schemas.StartSecretaryProject) -> dict[str, Any]:
        """Let a secretary lead the problem to acceptance."""
        domain.authorise(tx.actor, "start_secretary_project")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        unit = repository.unit_of_secretary(tx, request.leader)
        issue, project, fact = domain.start_secretary_project(issue, request.plan, unit, tx.now)
        issue = keep(tx, issue)
        repository.projects.save(tx, project)
        outbox.append(tx, fact, correlation=issue.issue_id)
        return schemas.answer(schemas.view(project))

    @command(schemas.AcceptProject, key="project_id")
    def accept_project(self, tx: Transaction, request: schemas.AcceptProject) -> dict[str, Any]:
        """Check the acceptance items; with all of them met the issue is resolved in the same transaction."""
        domain.authorise(tx.actor, "accept_project")
        project = repository.projects.get(tx, request.project_id)
        request.check(project)
        issues = repository.issues_of(tx, project.issue_ids)
        by = domain.acting_person(tx.actor, request.by)
        project, resolved, facts = domain.accept_project(
            project, issues, request.findings, by=by, now=tx.now, times=times(tx)
        )
        repository.projects.save(tx, project)
        for issue in resolved:
            keep(tx, issue)
        outbox.append(tx, *facts, correlation=project.issue_ids[0])
        return schemas.answer(schemas.view(project))

    @query(schemas.GetProject)
    def get_project(self, tx: Transaction, request: schemas.GetProject) -> dict[str, Any]:
        """Look at one secretary's project."""
        return schemas.view(repository.projects.get(tx, request.project_id))
