"""An issue on its way to outside units and back."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import times
from services.issues.service.replying import answered
from shared.entrypoints import command
from shared.transaction import Transaction


class Dispatching:
    """An issue on its way to outside units and back."""

    @command(schemas.Dispatch, key="issue_id")
    def dispatch(self, tx: Transaction, request: schemas.Dispatch) -> dict[str, Any]:
        """Send an issue to outside units: `n.rpc.issues.dispatch("IS-0401", "PC-0007")`."""
        issue = rights.issue_for(tx, "dispatch", request.issue_id)
        request.check(issue)
        lead = repository.outside_unit(tx, request.lead_unit)
        tasks = [_task(tx, one) for one in request.assisting]
        by = domain.acting_person(tx.actor, None)
        issue, fact = domain.dispatch(issue, lead, tasks, note=request.note, by=by, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)

    @command(schemas.AddAssisting, key="issue_id")
    def add_assisting(self, tx: Transaction, request: schemas.AddAssisting) -> dict[str, Any]:
        """Ask one more unit to assist."""
        issue = rights.issue_for(tx, "add_assisting", request.issue_id)
        request.check(issue)
        issue, fact = domain.add_assisting(issue, _task(tx, request), tx.now)
        return answered(tx, issue, fact)

    @command(schemas.EndAssisting, key="issue_id")
    def end_assisting(self, tx: Transaction, request: schemas.EndAssisting) -> dict[str, Any]:
        """Let a unit assist no longer."""
        issue = rights.issue_for(tx, "end_assisting", request.issue_id)
        request.check(issue)
        issue, fact = domain.end_assisting(issue, request.unit, tx.now)
        return answered(tx, issue, fact)

    @command(schemas.Sign, key="issue_id")
    def sign(self, tx: Transaction, request: schemas.Sign) -> dict[str, Any]:
        """Sign for an issue: `n.rpc.issues.sign("IS-0401", "PC-0007", by="U-0071")`."""
        issue = rights.issue_for(tx, "sign", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        units = repository.units_of(tx, by)
        issue, fact = domain.sign(issue, request.unit, by=by, units=units, now=tx.now, times=times(tx))
        return answered(tx, issue, fact)

    @command(schemas.ReturnIssue, key="issue_id")
    def return_issue(self, tx: Transaction, request: schemas.ReturnIssue) -> dict[str, Any]:
        """Give an issue back; where units refuse it, arbitration opens in the same transaction."""
        issue = rights.issue_for(tx, "return_issue", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        issue, facts = domain.return_issue(
            issue,
            request.unit,
            request.grounds,
            by=by,
            units=repository.units_of(tx, by),
            now=tx.now,
            times=times(tx),
            community=domain.community_of(repository.line_up(tx, issue.responsible_unit)),
        )
        return answered(tx, issue, *facts)

    @command(schemas.Rule, key="issue_id")
    def rule(self, tx: Transaction, request: schemas.Rule) -> dict[str, Any]:
        """Decide whose an issue is that units refuse."""
        issue = rights.issue_for(tx, "rule", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        unit = repository.outside_unit(tx, request.unit)
        issue, facts = domain.rule(issue, unit, reason=request.reason, by=by, now=tx.now, times=times(tx))
        return answered(tx, issue, *facts)


def _task(tx: Transaction, asked: schemas.Assisting) -> domain.Task:
    """Say what an outside unit is asked to do, if it takes anything on."""
    return domain.Task(unit=repository.outside_unit(tx, asked.unit).unit_id, task=asked.task, until=asked.until)
