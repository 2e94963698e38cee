"""Reports as they are answered and exported."""

from itertools import groupby
from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import scopes
from shared.transaction import Transaction


def issue_report(tx: Transaction, asked: schemas.IssueReport) -> dict[str, Any]:
    """Count what was reported; raises Forbidden, NotFound, CategoryUnknown, PeriodNotValid."""
    domain.authorise_staff(tx.actor)
    units = scopes.units_of(tx, asked.unit)
    scopes.check_category(tx, asked.category)
    found = repository.slices(tx, asked.period, units=units, category=asked.category, by=asked.by)
    parts = scopes.rolled_up(tx, found, asked.unit, asked.by)
    rows = [{"group": group, **schemas.view(domain.issue_counts(one))} for group, one in parts.items()]
    return {"rows": rows, "total": domain.issue_counts(domain.total(found.values()))}


def satisfaction_report(tx: Transaction, asked: schemas.SatisfactionReport) -> dict[str, Any]:
    """Count what residents said; raises NotFound, CategoryUnknown, PeriodNotValid, TooFewCases."""
    rules = repository.rules_in_force(tx)
    units = scopes.units_of(tx, asked.unit)
    scopes.check_category(tx, asked.category)
    found = repository.records(tx, asked.period, units=units, category=asked.category, by=asked.by)
    parts = scopes.rolled_up(tx, found, asked.unit, asked.by)
    total = domain.rates(domain.total(found.values()), rules)
    rows = domain.rank({group: domain.rates(one, rules) for group, one in parts.items()}, rules)
    return {"rows": domain.shown_to(tx.actor, rows, total, rules), "total": total}


def visit_report(tx: Transaction, asked: schemas.VisitReport) -> dict[str, Any]:
    """Count visits, round by round; raises Forbidden, TooManyVisits."""
    domain.authorise_visit(tx.actor)
    found = repository.visits_of_round(tx, asked.round_no)
    rounds = {round_no: list(some) for round_no, some in groupby(found, key=lambda visit: visit.round_no)}
    rows = [{"group": str(number), **schemas.view(domain.visit_counts(some))} for number, some in rounds.items()]
    return {"rows": rows, "total": domain.visit_counts(found)}


def worklist(tx: Transaction, asked: schemas.Worklist) -> dict[str, Any]:
    """List what is to be done; raises Forbidden, NotFound, NoSuchPage."""
    return work(tx, asked.wanted, scopes.units_of(tx, asked.unit, below=asked.include_below), asked.limit)


def work(tx: Transaction, wanted: domain.Wanted, units: list[str] | None, limit: int) -> dict[str, Any]:
    """List one page of what is to be done; raises Forbidden."""
    domain.authorise_staff(tx.actor)
    found = repository.due_issues(tx, wanted, units=units, limit=limit + 1)
    page = found[:limit]
    shown = [one for one in page if domain.may_see(one, tx.actor, None, tx.now) is not domain.View.NONE]
    items = [schemas.work_row(one, tx.now) for one in shown]
    return {"items": items, "next": str(domain.Position.of(page[-1])) if len(found) > limit else None}


def exported(tx: Transaction, asked: schemas.ExportReport) -> list[Any]:
    """Return the rows of a file, a report's total last."""
    if asked.report is schemas.Exported.WORKLIST:
        rows: list[Any] = worklist(tx, asked.worklist)["items"]
        return rows
    if asked.report is schemas.Exported.ISSUES:
        answer = issue_report(tx, asked.issues)
        return [*answer["rows"], {"group": schemas.TOTAL[asked.lang], **schemas.view(answer["total"])}]
    answer = satisfaction_report(tx, asked.satisfaction)
    total = {"group": schemas.TOTAL[asked.lang], "rank": None, "rates": schemas.view(answer["total"])}
    return [*schemas.view(answer["rows"]), total]
