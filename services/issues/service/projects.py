"""Secretaries' projects: applied for, begun, accepted, given up."""

from collections.abc import Iterable
from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import keep, times
from shared import outbox
from shared.entrypoints import command, query
from shared.events import Event
from shared.transaction import Transaction


def keep_project(
    tx: Transaction, project: domain.Project, issues: Iterable[domain.Issue] = (), facts: Iterable[Event] = ()
) -> dict[str, Any]:
    """Save the project with its issues, announce what happened, and show the project."""
    repository.projects.save(tx, project)
    for issue in issues:
        keep(tx, issue)
    outbox.append(tx, *facts, correlation=project.issue_ids[0])
    return schemas.answer(schemas.project_view(project, tx.now))


class Projects:
    """Secretaries' projects: applied for, begun, accepted, given up."""

    @command(schemas.StartSecretaryProject, key="issue_id")
    def start_secretary_project(self, tx: Transaction, request: schemas.StartSecretaryProject) -> dict[str, Any]:
        """Let a secretary lead the problem to acceptance."""
        issues = rights.issues_for(tx, "start_secretary_project", request.issue_ids)
        request.check(issues[0])
        unit = repository.unit_of_secretary(tx, request.leader)
        started, project, fact = domain.start_secretary_project(issues, request.plan, unit, tx.now)
        return keep_project(tx, project, started, [fact])

    @command(schemas.ApplyProject, key="issue_id")
    def apply_project(self, tx: Transaction, request: schemas.ApplyProject) -> dict[str, Any]:
        """Apply for a project, which somebody else decides on; its issues go on as they are."""
        issues = rights.issues_for(tx, "apply_project", request.issue_ids)
        request.check(issues[0])
        unit = repository.unit_of_secretary(tx, request.leader)
        by = domain.acting_person(tx.actor, request.by)
        linked, project = domain.apply_project(issues, request.plan, unit, by=by, now=tx.now)
        return keep_project(tx, project, linked)

    @command(schemas.ApproveProject, key="project_id")
    def approve_project(self, tx: Transaction, request: schemas.ApproveProject) -> dict[str, Any]:
        """Decide on an application."""
        project = rights.project_for(tx, "approve_project", request.project_id)
        request.check(project)
        by = domain.acting_person(tx.actor, request.by)
        return keep_project(tx, domain.approve_project(project, request.decision(by), tx.now))

    @command(schemas.StartApprovedProject, key="project_id")
    def start_approved_project(self, tx: Transaction, request: schemas.StartApprovedProject) -> dict[str, Any]:
        """Begin what was approved."""
        project = rights.project_for(tx, "start_approved_project", request.project_id)
        request.check(project)
        issues = repository.issues_of(tx, project.issue_ids)
        unit = repository.unit_of_secretary(tx, project.leader_id)
        started, project, fact = domain.start_approved_project(project, issues, unit, tx.now)
        return keep_project(tx, project, started, [fact])

    @command(schemas.AcceptProject, key="project_id")
    def accept_project(self, tx: Transaction, request: schemas.AcceptProject) -> dict[str, Any]:
        """Check the acceptance items; with all of them met the issues are resolved in the same transaction."""
        project = rights.project_for(tx, "accept_project", request.project_id)
        request.check(project)
        issues = repository.issues_of(tx, project.issue_ids)
        by = domain.acting_person(tx.actor, request.by)
        project, resolved, facts = domain.accept_project(
            project, issues, request.findings, by=by, now=tx.now, times=times(tx)
        )
        return keep_project(tx, project, resolved, facts)

    @command(schemas.CancelProject, key="project_id")
    def cancel_project(self, tx: Transaction, request: schemas.CancelProject) -> dict[str, Any]:
        """Give a project up; its issues go back to where they were."""
        project = rights.project_for(tx, "cancel_project", request.project_id)
        request.check(project)
        issues = repository.issues_of(tx, project.issue_ids)
        unit = repository.org_units.get(tx, project.org_unit_id)
        giving = request.giving(domain.acting_person(tx.actor, request.by))
        project, back, facts = domain.cancel_project(project, issues, giving, unit, now=tx.now, times=times(tx))
        return keep_project(tx, project, back, facts)

    @query(schemas.GetProject)
    def get_project(self, tx: Transaction, request: schemas.GetProject) -> dict[str, Any]:
        """Look at one secretary's project."""
        return schemas.project_view(repository.projects.get(tx, request.project_id), tx.now)

    @query(schemas.ListProjects)
    def list_projects(self, tx: Transaction, request: schemas.ListProjects) -> dict[str, Any]:
        """List projects by number: `n.rpc.issues.list_projects(overdue=True)`."""
        found = repository.list_projects(
            tx,
            unit=request.unit,
            state=request.state,
            overdue=request.overdue,
            after=request.after,
            limit=request.limit + 1,
            now=tx.now,
        )
        return schemas.page([schemas.project_view(one, tx.now) for one in found], request.limit, "project_id")
