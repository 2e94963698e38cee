"""The team and the schedule of a secretary's project."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.projects import keep_project
from shared.entrypoints import command
from shared.transaction import Transaction


class Progressing:
    """The team and the schedule of a secretary's project."""

    @command(schemas.AddProjectMember, key="project_id")
    def add_project_member(self, tx: Transaction, request: schemas.AddProjectMember) -> dict[str, Any]:
        """Take somebody on the team."""
        project = rights.project_for(tx, "add_project_member", request.project_id)
        request.check(project)
        return keep_project(tx, domain.add_project_member(project, request.person_id, tx.now))

    @command(schemas.RemoveProjectMember, key="project_id")
    def remove_project_member(self, tx: Transaction, request: schemas.RemoveProjectMember) -> dict[str, Any]:
        """Let somebody leave the team; that they were on it stays on record."""
        project = rights.project_for(tx, "remove_project_member", request.project_id)
        request.check(project)
        return keep_project(tx, domain.remove_project_member(project, request.person_id, tx.now))

    @command(schemas.SetMilestones, key="project_id")
    def set_milestones(self, tx: Transaction, request: schemas.SetMilestones) -> dict[str, Any]:
        """Set the schedule anew; what was reported on stays in it."""
        project = rights.project_for(tx, "set_milestones", request.project_id)
        request.check(project)
        return keep_project(tx, domain.set_milestones(project, request.schedule))

    @command(schemas.ReportMilestone, key="project_id")
    def report_milestone(self, tx: Transaction, request: schemas.ReportMilestone) -> dict[str, Any]:
        """Say how far a milestone is; `by` is the leader or a member."""
        project = repository.projects.get(tx, request.project_id)
        request.check(project)
        by = domain.acting_person(tx.actor, request.by, default=project.leader_id)
        return keep_project(tx, domain.report_milestone(project, request.progress(by, tx.now)))
