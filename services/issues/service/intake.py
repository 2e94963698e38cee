"""Reports that other systems send over the bus."""

from dataclasses import replace

from services.issues import domain, inbound, repository
from services.issues.service.cataloguing import category_in_force
from services.issues.service.keeping import file_report
from shared.entrypoints import subscribe
from shared.errors import InvalidInput
from shared.transaction import Transaction

NOT_VALID = (domain.CategoryUnknown, domain.CategoryRetired, domain.AnswersNotValid, domain.NoCategoryToAnswer)


class Intake:
    """Reports that other systems send over the bus."""

    @subscribe(inbound.ReportSubmitted)
    def on_report_submitted(self, tx: Transaction, fact: inbound.ReportSubmitted) -> None:
        """Make one issue of a report, however often it comes; what is no building of ours is parked."""
        if repository.org_units.find(tx, fact.where) is None:
            raise InvalidInput("our tree has no such building", building_id=fact.where)
        try:
            take(tx, fact.report, fact.where, fact.category)
        except NOT_VALID as refused:
            raise InvalidInput(refused.message, **refused.details) from None


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
