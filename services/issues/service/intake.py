"""Reports that other systems send over the bus."""

from services.issues import domain, inbound, repository
from services.issues.service.reporting import take
from shared.entrypoints import subscribe
from shared.errors import InvalidInput
from shared.transaction import Transaction

NOT_VALID = (
    domain.CategoryUnknown,
    domain.CategoryRetired,
    domain.AnswersNotValid,
    domain.NoCategoryToAnswer,
    domain.ClientIdTaken,
)


class Intake:
    """Reports that other systems send over the bus."""

    @subscribe(inbound.ReportSubmitted)
    def on_report_submitted(self, tx: Transaction, fact: inbound.ReportSubmitted) -> None:
        """Make one issue of a report, however often it comes; what is no building of ours is parked."""
        building = repository.org_units.find(tx, fact.where)
        if building is None or building.level is not domain.Level.BUILDING:
            raise InvalidInput("our tree has no such building", building_id=fact.where)
        try:
            take(tx, fact.report, fact.where, fact.category)
        except NOT_VALID as refused:
            raise InvalidInput(refused.message, **refused.details) from None
