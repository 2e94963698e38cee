"""Visits and hazard inspections; what they find becomes issues in the same transaction."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service.cataloguing import category_in_force
from services.issues.service.keeping import file_report, keep, times
from services.issues.service.supporting import tell_supporters
from services.issues.service.witnessing import parts_of
from shared import outbox
from shared.entrypoints import command, query
from shared.transaction import Transaction


class Visiting:
    """Visits and hazard inspections; what they find becomes issues in the same transaction."""

    @command(schemas.RecordVisit)
    def record_visit(self, tx: Transaction, request: schemas.RecordVisit) -> dict[str, Any]:
        """Write a visit down; what was found becomes issues where the resident agrees to that."""
        domain.authorise_visit(tx.actor)
        known = repository.visit_of_client(tx, request.client_id)
        if known is not None:
            return schemas.answer(_shown(tx, known))
        repository.org_units.get(tx, request.building_id)
        active = [one.dimension for one in repository.all_dimensions(tx).values() if one.active]
        visit = domain.record_visit(schemas.visit_of(request, tx.number("VS"), tx.actor.id, tx.now), active, tx.now)
        visit, fact = domain.with_issues(visit, {place: _issue_of(tx, visit, place) for place in visit.to_report})
        repository.visits.save(tx, visit)
        outbox.append(tx, fact)
        if request.issue_id is not None and request.satisfaction is not None:
            _answer_at_the_door(tx, visit, request.issue_id, request.satisfaction)
        return schemas.answer(_shown(tx, visit))

    @command(schemas.CompleteFollowUp, key="visit_id")
    def complete_follow_up(self, tx: Transaction, request: schemas.CompleteFollowUp) -> dict[str, Any]:
        """Say that what was promised at a visit was kept."""
        domain.authorise_visit(tx.actor)
        visit = repository.visits.get(tx, request.visit_id)
        request.check(visit)
        visit = domain.follow_up(visit, request.day or tx.now.date())
        repository.visits.save(tx, visit)
        return schemas.answer(_shown(tx, visit))

    @command(schemas.SetVisitDimensions)
    def set_visit_dimensions(self, tx: Transaction, request: schemas.SetVisitDimensions) -> dict[str, Any]:
        """Say what visits may be about; the first time, the defaults become rows beside yours."""
        domain.authorise_administrator(tx.actor)
        known = repository.all_dimensions(tx)
        for row in {**known, **{one.dimension: one.row for one in request.dimensions}}.values():
            repository.dimensions.save(tx, domain.in_place_of(row, known.get(row.dimension)))
        return {"set": len(request.dimensions)}

    @query(schemas.ListVisitDimensions)
    def list_visit_dimensions(self, tx: Transaction, _request: schemas.ListVisitDimensions) -> dict[str, Any]:
        """List what visits may be about."""
        return {"items": [schemas.view(one) for one in repository.all_dimensions(tx).values()], "next": None}

    @query(schemas.GetVisit)
    def get_visit(self, tx: Transaction, request: schemas.GetVisit) -> dict[str, Any]:
        """Look at one visit; household and findings for those who were there, triage and administrators."""
        return _shown(tx, repository.visits.get(tx, request.visit_id))

    @query(schemas.ListVisits)
    def list_visits(self, tx: Transaction, request: schemas.ListVisits) -> dict[str, Any]:
        """List visits by number, of one round or one building, without household and findings."""
        found = repository.list_visits(
            tx,
            round_no=request.round_no,
            building_id=request.building_id,
            after=request.after,
            limit=request.limit + 1,
        )
        return schemas.visit_page(found, request.limit)

    @query(schemas.ListFollowUps)
    def list_follow_ups(self, tx: Transaction, request: schemas.ListFollowUps) -> dict[str, Any]:
        """List visits whose promise is due and not kept, by the day."""
        by = request.by or tx.now.date()
        return schemas.visit_page(repository.follow_ups_due(tx, by, request.after, request.limit + 1), request.limit)

    @command(schemas.RecordInspection)
    def record_inspection(self, tx: Transaction, request: schemas.RecordInspection) -> dict[str, Any]:
        """Write an inspection down; what is not in order becomes an issue on the short ladder."""
        domain.authorise_visit(tx.actor)
        known = repository.inspection_of_client(tx, request.client_id)
        if known is not None:
            return schemas.answer(schemas.view(known))
        repository.org_units.get(tx, request.building_id)
        made = schemas.inspection_of(request, tx.number("HI"), tx.actor.id, tx.now)
        inspection = domain.record_inspection(made, tx.now)
        category = category_in_force(tx, request.category)
        reported = {place: _issue_of_item(tx, inspection, place, category) for place in inspection.to_report}
        inspection = domain.link_issues(inspection, reported)
        repository.inspections.save(tx, inspection)
        return schemas.answer(schemas.view(inspection))

    @command(schemas.Reinspect, key="inspection_id")
    def reinspect(self, tx: Transaction, request: schemas.Reinspect) -> dict[str, Any]:
        """Say which items were put right; their issues go their own way to the resident's answer."""
        domain.authorise_visit(tx.actor)
        inspection = repository.inspections.get(tx, request.inspection_id)
        request.check(inspection)
        inspection = domain.reinspect(inspection, request.in_order, request.day or tx.now.date())
        repository.inspections.save(tx, inspection)
        return schemas.answer(schemas.view(inspection))

    @query(schemas.GetInspection)
    def get_inspection(self, tx: Transaction, request: schemas.GetInspection) -> dict[str, Any]:
        """Look at one inspection."""
        domain.authorise_visit(tx.actor)
        return schemas.view(repository.inspections.get(tx, request.inspection_id))

    @query(schemas.ListInspections)
    def list_inspections(self, tx: Transaction, request: schemas.ListInspections) -> dict[str, Any]:
        """List inspections by number, of one building, or those with something left to put right."""
        domain.authorise_visit(tx.actor)
        found = repository.list_inspections(
            tx, building_id=request.building_id, is_open=request.is_open, after=request.after, limit=request.limit + 1
        )
        page = found[: request.limit]
        items = [schemas.view(one) for one in page]
        return {"items": items, "next": page[-1].inspection_id if len(found) > len(page) else None}


def _shown(tx: Transaction, visit: domain.Visit) -> dict[str, Any]:
    sees_all = tx.actor.is_administrator or "triage" in tx.actor.roles
    return schemas.visit_view(visit, whole=domain.may_see_visit(visit, tx.actor.id, sees_all=sees_all))


def _issue_of(tx: Transaction, visit: domain.Visit, place: int) -> str:
    """Make an issue of a finding: reported by the resident, triaged where the visitors knew what it is."""
    finding = visit.findings[place]
    category = category_in_force(tx, finding.category) if finding.category else None
    report = domain.Report(
        reporter=finding.resident or visit.household_ref or visit.visitors[0],
        text=finding.text,
        source=domain.Source.VISIT,
        client_id=f"{visit.visit_id}/{place + 1}",
        sensitive=finding.sensitive or (category is not None and category.sensitive),
    )
    return file_report(tx, report, visit.building_id, category=category).issue_id


def _issue_of_item(tx: Transaction, inspection: domain.Inspection, place: int, category: domain.Category) -> str:
    item = inspection.items[place]
    report = domain.Report(
        reporter=inspection.inspectors[0],
        text=item.text or item.item,
        source=domain.Source.INSPECTION,
        client_id=f"{inspection.inspection_id}/{item.item}",
        sensitive=False,
    )
    return file_report(tx, report, inspection.building_id, category=category, hazard=item.hazard).issue_id


def _answer_at_the_door(tx: Transaction, visit: domain.Visit, issue_id: str, satisfaction: int) -> None:
    """Take the answer that the reporter gave the visitors (story 7), who have no part in the issue."""
    issue = repository.issues.get(tx, issue_id)
    domain.check_witnesses(visit, issue, {person: parts_of(tx, person) for person in visit.witnesses})
    answer = domain.Answer(by=issue.reporter_ref, satisfaction=satisfaction, via=domain.Via.DOOR, remark=None)
    issue, facts = domain.confirm(issue, answer, repository.parent_of(tx, issue.responsible_unit), tx.now, times(tx))
    keep(tx, issue)
    outbox.append(tx, *tell_supporters(tx, issue, facts))
