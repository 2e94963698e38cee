"""The work on an issue: contact, news, who does it, done, checked."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import looking, rights
from services.issues.service.keeping import keep, times
from services.issues.service.replying import answered
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Working:
    """The work on an issue: contact, news, who does it, done, checked."""

    @command(schemas.RecordContact, key="issue_id")
    def record_contact(self, tx: Transaction, request: schemas.RecordContact) -> dict[str, Any]:
        """Note that the reporter was spoken to, or that nobody was reached."""
        issue = rights.issue_for(tx, "record_contact", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        units = repository.units_of(tx, by)
        issue, entries, fact = domain.record_contact(issue, request.contact, by=by, units=units, now=tx.now)
        for entry in entries:
            repository.updates.save(tx, entry)
        return answered(tx, issue, fact)

    @command(schemas.AddUpdate, key="issue_id")
    def add_update(self, tx: Transaction, request: schemas.AddUpdate) -> dict[str, Any]:
        """Write down how it goes: `n.rpc.issues.add_update("IS-0401", text="配件已到货", public=True)`."""
        issue = rights.issue_for(tx, "add_update", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        units = repository.units_of(tx, by)
        issue, entry, fact = domain.add_update(issue, request.news, by=by, units=units, now=tx.now, times=times(tx))
        repository.updates.save(tx, entry)
        keep(tx, issue)
        outbox.append(tx, fact)
        return schemas.answer(schemas.view(entry))

    @query(schemas.ListUpdates)
    def list_updates(self, tx: Transaction, request: schemas.ListUpdates) -> dict[str, Any]:
        """Read the diary of an issue; what is not public is for those at work on it."""
        issue = repository.issues.get(tx, request.issue_id)
        units = repository.units_of(tx, tx.actor.id)
        passes = domain.may_read_diary(issue, tx.actor, units, tx.now)
        looking.let_pass(tx, issue, None, passes=passes)
        public_only = request.public_only or not domain.may_read_notes(issue, tx.actor, units, tx.now)
        found = repository.list_updates(
            tx, issue.issue_id, public_only=public_only, after=request.after, limit=request.limit + 1
        )
        page = found[: request.limit]
        return {"items": schemas.view(page), "next": page[-1].number if len(found) > len(page) else None}

    @command(schemas.Assign, key="issue_id")
    def assign(self, tx: Transaction, request: schemas.Assign) -> dict[str, Any]:
        """Give an issue to another unit of our tree: `n.rpc.issues.assign("IS-0401", "C01-G03", "responsible")`."""
        issue = rights.issue_for(tx, "assign", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        to = _assignment(tx, request)
        issue, fact = domain.assign(issue, to, by=by, units=repository.units_of(tx, by), now=tx.now)
        return answered(tx, issue, fact)

    @command(schemas.ReportDone, key="issue_id")
    def report_done(self, tx: Transaction, request: schemas.ReportDone) -> dict[str, Any]:
        """Say that the work is done; somebody else checks it."""
        issue = rights.issue_for(tx, "report_done", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        units = repository.units_of(tx, by)
        standard = domain.closing_standard(repository.category_of(tx, issue))
        issue, fact = domain.report_done(issue, request.work, standard, by=by, units=units, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)

    @command(schemas.FailCheck, key="issue_id")
    def fail_check(self, tx: Transaction, request: schemas.FailCheck) -> dict[str, Any]:
        """Say that it is not done; the work goes on."""
        issue = rights.issue_for(tx, "fail_check", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        issue, fact = domain.fail_check(issue, request.reason, request.remark, by=by, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)


def _assignment(tx: Transaction, request: schemas.Assign) -> domain.Assignment:
    unit = repository.unit_of_tree(tx, request.org_unit) if request.org_unit else None
    units = repository.units_of(tx, request.person) if request.person else ()
    return domain.Assignment(unit=unit, person=request.person, person_units=units, reason=request.reason)
