"""The edge of issues: commands, questions, other services' facts and the clock."""

from typing import Any

from services.issues import domain, inbound, repository, schemas
from services.issues.events import OrgTreeRequested
from shared import deadlines, outbox
from shared.entrypoints import Service, command, due, query, subscribe
from shared.transaction import Transaction

CONFIRMATION = "confirmation"  # deadline: the clock confirms instead of the resident


class IssuesService(Service):
    """What residents report, deliberate and get solved, from the report to the resident's answer."""

    name = "issues"
    collections = repository.COLLECTIONS

    def on_start(self, tx: Transaction) -> None:
        """Ask for the organisation tree where our copy is empty."""
        if not repository.knows_the_tree(tx):
            outbox.append(tx, OrgTreeRequested(service=self.name))

    @command(schemas.RequestOrgTree)
    def request_org_tree(self, tx: Transaction, _request: schemas.RequestOrgTree) -> dict[str, Any]:
        """Ask for every unit of the tree again: `n.rpc.issues.request_org_tree()`."""
        domain.authorise(tx.actor, "request_org_tree")
        fact = OrgTreeRequested(service=self.name)
        outbox.append(tx, fact)
        return schemas.view(fact)

    @command(schemas.ReportIssue)
    def report_issue(self, tx: Transaction, request: schemas.ReportIssue) -> dict[str, Any]:
        """Report a problem; the same `client_id` again answers with the issue it made."""
        known = repository.issue_of_client(tx, request.client_id)
        if known is not None:
            domain.check_same_report(known, request.report)
            return schemas.answer(schemas.issue_view(known))
        building = repository.org_units.get(tx, request.building_id)
        estate = repository.parent_of(tx, request.building_id)
        issue, fact = domain.report_issue(tx.number("IS"), request.report, building=building, estate=estate, now=tx.now)
        repository.issues.save(tx, issue)
        outbox.append(tx, fact)
        return schemas.answer(schemas.issue_view(issue))

    @command(schemas.Triage, key="issue_id")
    def triage(self, tx: Transaction, request: schemas.Triage) -> dict[str, Any]:
        """Give a report its category, route, responsible unit and due date."""
        domain.authorise(tx.actor, "triage")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        unit = repository.org_units.get(tx, request.responsible_unit or issue.building_id)
        issue, facts = domain.triage(issue, request.assessment, unit, tx.now)
        repository.issues.save(tx, issue)
        outbox.append(tx, *facts)
        return schemas.answer(schemas.issue_view(issue))

    @command(schemas.OpenDeliberation, key="issue_id")
    def open_deliberation(self, tx: Transaction, request: schemas.OpenDeliberation) -> dict[str, Any]:
        """Put a question to everybody on a roll."""
        domain.authorise(tx.actor, "open_deliberation")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        issue, deliberation, voters, fact = domain.open_deliberation(issue, request.question, tx.now)
        repository.issues.save(tx, issue)
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
        deliberation, issue, fact = domain.close_vote(deliberation, issue, voters, tx.now)
        repository.deliberations.save(tx, deliberation)
        repository.issues.save(tx, issue)
        outbox.append(tx, fact)
        return schemas.answer(schemas.view(deliberation))

    @command(schemas.StartSecretaryProject, key="issue_id")
    def start_secretary_project(self, tx: Transaction, request: schemas.StartSecretaryProject) -> dict[str, Any]:
        """Let a secretary lead the problem to acceptance."""
        domain.authorise(tx.actor, "start_secretary_project")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        unit = repository.unit_of_secretary(tx, request.leader)
        issue, project, fact = domain.start_secretary_project(issue, request.plan, unit, tx.now)
        repository.issues.save(tx, issue)
        repository.projects.save(tx, project)
        outbox.append(tx, fact, correlation=issue.issue_id)
        return schemas.answer(schemas.view(project))

    @command(schemas.AcceptProject, key="project_id")
    def accept_project(self, tx: Transaction, request: schemas.AcceptProject) -> dict[str, Any]:
        """Check the acceptance items; with all of them met the issue is resolved in the same transaction."""
        domain.authorise(tx.actor, "accept_project")
        project = repository.projects.get(tx, request.project_id)
        request.check(project)
        issues = repository.issues_of(tx, project)
        by = domain.acting_person(tx.actor, request.by)
        project, resolved, facts = domain.accept_project(project, issues, request.findings, by, tx.now)
        repository.projects.save(tx, project)
        for issue in resolved:
            _save_with_clock(tx, issue)
        outbox.append(tx, *facts, correlation=project.issue_ids[0])
        return schemas.answer(schemas.view(project))

    @command(schemas.RequestHelp, key="issue_id")
    def request_help(self, tx: Transaction, request: schemas.RequestHelp) -> dict[str, Any]:
        """Ask for volunteers."""
        domain.authorise(tx.actor, "request_help")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        issue, fact = domain.request_help(issue, request.wanted)
        repository.issues.save(tx, issue)
        outbox.append(tx, fact)
        return schemas.answer(schemas.issue_view(issue))

    @command(schemas.Resolve, key="issue_id")
    def resolve(self, tx: Transaction, request: schemas.Resolve) -> dict[str, Any]:
        """Say that the work is done; from now on the resident's answer is awaited."""
        domain.authorise(tx.actor, "resolve")
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        issue, fact = domain.resolve(issue, by=by, outcome=request.resolution, now=tx.now)
        _save_with_clock(tx, issue)
        outbox.append(tx, fact)
        return schemas.answer(schemas.issue_view(issue))

    @command(schemas.Confirm, key="issue_id")
    def confirm(self, tx: Transaction, request: schemas.Confirm) -> dict[str, Any]:
        """Take the resident's answer: `n.rpc.issues.confirm("IS-0101", satisfaction=5)`."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by, default=issue.reporter_ref)
        above = repository.parent_of(tx, issue.responsible_unit)
        issue, facts = domain.confirm(issue, request.answer(by), above, tx.now)
        repository.issues.save(tx, issue)
        deadlines.clear(tx, CONFIRMATION, key=issue.issue_id)
        outbox.append(tx, *facts)
        return schemas.answer(schemas.issue_view(issue))

    @due(CONFIRMATION)
    def on_confirmation_due(self, tx: Transaction, key: str) -> None:
        """Close the issue of a resident who did not answer."""
        issue = repository.issues.get(tx, key)
        if domain.awaits_answer(issue, tx.now):
            issue, facts = domain.confirm_automatically(issue, tx.now)
            repository.issues.save(tx, issue)
            outbox.append(tx, *facts)

    @subscribe(inbound.OrgUnitUpdated, preload=repository.load_units)
    def on_org_unit_updated(self, tx: Transaction, fact: inbound.OrgUnitUpdated) -> None:
        """Keep our own copy of the organisation tree."""
        known = repository.org_units.find(tx, fact.org_unit_id)
        repository.org_units.save(tx, domain.update_org_unit(known, fact.unit))

    @subscribe(inbound.DispatchFilled)
    def on_dispatch_filled(self, tx: Transaction, fact: inbound.DispatchFilled) -> None:
        """Let the work begin."""
        issue = repository.issues.get(tx, fact.issue_id)
        repository.issues.save(tx, domain.dispatch_filled(issue, fact.volunteer_ids, fact.round))

    @query(schemas.GetIssue)
    def get_issue(self, tx: Transaction, request: schemas.GetIssue) -> dict[str, Any]:
        """Look at one issue; a sensitive one is masked for those whom it does not concern."""
        issue = repository.issues.get(tx, request.issue_id)
        return schemas.issue_view(issue, whole=domain.may_see(issue, tx.actor, request.viewer))

    @query(schemas.ListIssues)
    def list_issues(self, tx: Transaction, request: schemas.ListIssues) -> dict[str, Any]:
        """List issues by number, of one state or one reporter."""
        found = repository.list_issues(
            tx, state=request.state, reporter=request.reporter, after=request.after, limit=request.limit + 1
        )
        page = found[: request.limit]
        views = [schemas.issue_view(one, whole=domain.may_see(one, tx.actor, None)) for one in page]
        items = [one for one in views if not (one["masked"] and request.reporter)]
        return {"items": items, "next": page[-1].issue_id if len(found) > len(page) else None}

    @query(schemas.GetDeliberation)
    def get_deliberation(self, tx: Transaction, request: schemas.GetDeliberation) -> dict[str, Any]:
        """Look at one deliberation; who voted for what is not shown."""
        return schemas.view(repository.deliberations.get(tx, request.deliberation_id))

    @query(schemas.GetProject)
    def get_project(self, tx: Transaction, request: schemas.GetProject) -> dict[str, Any]:
        """Look at one secretary's project."""
        return schemas.view(repository.projects.get(tx, request.project_id))


def _save_with_clock(tx: Transaction, issue: domain.Issue) -> None:
    """Save an issue; where it awaits the resident's answer, the clock may answer at the end."""
    repository.issues.save(tx, issue)
    if issue.confirm_until is not None:
        deadlines.set(tx, CONFIRMATION, key=issue.issue_id, due_at=issue.confirm_until)
