"""Reports in, and what triage makes of them."""

from dataclasses import replace
from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.cataloguing import category_in_force
from services.issues.service.keeping import file_report, times
from services.issues.service.replying import answered, shown
from services.issues.service.supporting import add_supporter
from shared.entrypoints import command
from shared.transaction import Transaction


class Reporting:
    """Reports in, and what triage makes of them."""

    @command(schemas.ReportIssue)
    def report_issue(self, tx: Transaction, request: schemas.ReportIssue) -> dict[str, Any]:
        """Report a problem; the same `client_id` again answers with the issue it made."""
        if request.supports is not None:
            return add_supporter(tx, repository.issues.get(tx, request.supports), request.reporter)
        issue, _ = take(tx, request.report(), request.building_id, request.category)
        return shown(tx, issue)

    @command(schemas.Triage, key="issue_id")
    def triage(self, tx: Transaction, request: schemas.Triage) -> dict[str, Any]:
        """Give a report its category, route, responsible unit and due date."""
        issue = rights.issue_for(tx, "triage", request.issue_id)
        request.check(issue)
        unit = repository.org_units.get(tx, request.responsible_unit or issue.building_id)
        found = request.assessment(category_in_force(tx, request.category, request.category_version))
        issue, facts = domain.triage(issue, found, unit, tx.now, times(tx))
        issue = domain.link_relapse(issue, repository.closed_before(tx, issue), times(tx))
        return answered(tx, issue, *facts)


def take(tx: Transaction, report: domain.Report, building_id: str, code: str | None) -> tuple[domain.Issue, bool]:
    """Take a report down and say whether it is new; one that came before is answered with the issue it made.

    `code` is the category that the reporter takes it for. Raises ClientIdTaken, NotFound, and what
    `category_in_force` and `domain.report_issue` raise.
    """
    known = repository.issue_of_client(tx, report.client_id)
    if known is not None:
        domain.check_same_report(known, report)
        return known, False
    if code is not None:
        report = replace(report, category=category_in_force(tx, code))
    return file_report(tx, report, building_id), True
