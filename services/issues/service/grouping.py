"""Issues that belong together: groups of the same problem, relapses, and issues taken up again."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import keep, times
from services.issues.service.replying import answered, shown
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Grouping:
    """Issues that belong together: groups of the same problem, relapses, and issues taken up again."""

    @command(schemas.Merge, key="issue_id")
    def merge(self, tx: Transaction, request: schemas.Merge) -> dict[str, Any]:
        """Let another issue lead this one: `n.rpc.issues.merge("IS-0402", into="IS-0401")`."""
        by = domain.acting_person(tx.actor, request.by)
        issue = rights.issue_for_or_reporter(tx, "merge", request.issue_id, by)
        request.check(issue)
        lead = repository.issues.get(tx, request.into)
        issue, lead, fact = domain.merge(issue, lead, by=by, now=tx.now)
        issue, _ = keep(tx, issue), keep(tx, lead)
        outbox.append(tx, fact)
        return shown(tx, issue)

    @command(schemas.Unmerge, key="issue_id")
    def unmerge(self, tx: Transaction, request: schemas.Unmerge) -> dict[str, Any]:
        """Let a merged issue stand on its own again, as it was: `n.rpc.issues.unmerge("IS-0402")`."""
        by = domain.acting_person(tx.actor, request.by)
        issue = rights.issue_for_or_reporter(tx, "unmerge", request.issue_id, by)
        request.check(issue)
        lead = repository.lead_of(tx, issue)
        issue, lead, fact = domain.unmerge(issue, lead, now=tx.now, times=times(tx))
        issue, _ = keep(tx, issue), keep(tx, lead)
        outbox.append(tx, fact)
        return shown(tx, issue)

    @command(schemas.Relapse, key="issue_id")
    def relapse(self, tx: Transaction, request: schemas.Relapse) -> dict[str, Any]:
        """Reopen what did not stay solved, and let it lead the new report: `n.rpc.issues.relapse("IS-0403")`."""
        issue = rights.issue_for(tx, "relapse", request.issue_id)
        request.check(issue)
        of = rights.issue_for(tx, "relapse", request.of or issue.relapse_of or issue.issue_id)
        by = domain.acting_person(tx.actor, request.by)
        issue, of, facts = domain.relapse(issue, of, _units(tx, of), by=by, now=tx.now, times=times(tx))
        issue, _ = keep(tx, issue), keep(tx, of)
        outbox.append(tx, *facts)
        return shown(tx, issue)

    @command(schemas.Reopen, key="issue_id")
    def reopen(self, tx: Transaction, request: schemas.Reopen) -> dict[str, Any]:
        """Take up a closed issue again: `n.rpc.issues.reopen("IS-0101", reason="又坏了")`."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by, default=issue.reporter_ref)
        issue, facts = domain.reopen(issue, request.plea(by), _units(tx, issue), tx.now, times(tx))
        return answered(tx, issue, *facts)

    @query(schemas.FindSimilar)
    def find_similar(self, tx: Transaction, request: schemas.FindSimilar) -> dict[str, Any]:
        """Look for open issues near a place with similar words: `n.rpc.issues.find_similar("C01-…", "电梯坏了")`."""
        repository.org_units.get(tx, request.building_id)
        draft = request.draft(repository.parent_of(tx, request.building_id))
        found = domain.find_similar(draft, repository.candidates(tx, draft), request.limit)
        return {"items": [schemas.similar_view(one) for one in found]}


def _units(tx: Transaction, issue: domain.Issue) -> domain.Units:
    own = repository.org_units.find(tx, issue.responsible_unit)
    return domain.Units(own=own, above=repository.parent_of(tx, issue.responsible_unit))
