"""Reports over many issues, and what the staff has to do next."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import counts, scopes
from shared import spreadsheets
from shared.entrypoints import query
from shared.transaction import Transaction


class Reports:
    """Reports over many issues, and what the staff has to do next."""

    @query(schemas.IssueReport)
    def issue_report(self, tx: Transaction, request: schemas.IssueReport) -> dict[str, Any]:
        """Count what was reported: `n.rpc.issues.issue_report("2025-03-01", "2025-03-31", by="unit")`."""
        return counts.issue_report(tx, request)

    @query(schemas.SatisfactionReport)
    def satisfaction_report(self, tx: Transaction, request: schemas.SatisfactionReport) -> dict[str, Any]:
        """Count what residents said: `n.rpc.issues.satisfaction_report("2025-03-01", "2025-03-31")`."""
        return counts.satisfaction_report(tx, request)

    @query(schemas.VisitReport)
    def visit_report(self, tx: Transaction, request: schemas.VisitReport) -> dict[str, Any]:
        """Count what visits came to: `n.rpc.issues.visit_report(7)`."""
        return counts.visit_report(tx, request)

    @query(schemas.Worklist)
    def worklist(self, tx: Transaction, request: schemas.Worklist) -> dict[str, Any]:
        """List what is to be done, the most pressing first: `n.rpc.issues.worklist("C01-G03-E07")`."""
        return counts.worklist(tx, request)

    @query(schemas.DueSoon)
    def due_soon(self, tx: Transaction, request: schemas.DueSoon) -> dict[str, Any]:
        """List whose next step is due soon: `n.rpc.issues.due_soon(4, kinds=["sign"])`."""
        return counts.work(tx, request.wanted(tx.now), scopes.units_of(tx, request.unit), request.limit)

    @query(schemas.CheckReport)
    def check_report(self, tx: Transaction, request: schemas.CheckReport) -> dict[str, Any]:
        """Recount issue by issue and say where a report differs: `n.rpc.issues.check_report("2025-03-01", …)`."""
        domain.authorise(tx.actor, "check_report")
        reported = repository.issues_within(tx, "reported_at", request.period)
        ended = repository.issues_within(tx, "ended_at", request.period)
        slices = domain.total(repository.slices(tx, request.period).values())
        lines = domain.total(repository.records(tx, request.period).values())
        return schemas.view(domain.check_counts(reported, ended, slices, lines, tx.now))

    @query(schemas.ExportReport)
    def export_report(self, tx: Transaction, request: schemas.ExportReport) -> dict[str, Any]:
        """Write a report as a file: `n.rpc.issues.export_report("worklist", unit="C01-G03", format="csv")`."""
        table = schemas.table(request.report, counts.exported(tx, request), request.lang)
        return schemas.view(spreadsheets.write(table, request.format, request.filename))
