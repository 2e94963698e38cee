"""The edge of volunteer: every body reads, decides, saves and announces."""

from typing import Any

from services.volunteer import domain, inbound, repository, schemas, steps
from shared import outbox
from shared.entrypoints import Service, command, due, query, subscribe
from shared.errors import AlreadyHandled, RetryLater
from shared.transaction import Transaction


class VolunteerService(Service):
    """Volunteers, the tree they live in, dispatch and hours: `n.rpc.volunteer.…` in the shell."""

    name = "volunteer"
    collections = repository.COLLECTIONS

    # -- the tree

    @command(schemas.ImportOrgTree)
    def import_org_tree(self, tx: Transaction, request: schemas.ImportOrgTree) -> dict[str, Any]:
        """Bring units into the tree, at most 500 in a call, parents first or together with their children."""
        drafts = [unit.as_draft() for unit in request.units]
        changed = domain.grow(drafts, repository.units_around(tx, drafts))
        steps.announce_units(tx, changed)
        return {"changed": len(changed), "unchanged": len(drafts) - len(changed)}

    @subscribe(inbound.OrgTreeRequestedByIssues)
    def on_org_tree_requested_by_issues(self, tx: Transaction, fact: inbound.OrgTreeRequestedByIssues) -> None:  # noqa: ARG002 -- the answer is the whole tree, whoever asks
        """Tell the tree again."""
        steps.announce_units(tx, repository.every_unit(tx))

    @subscribe(inbound.OrgTreeRequestedByNotify)
    def on_org_tree_requested_by_notify(self, tx: Transaction, fact: inbound.OrgTreeRequestedByNotify) -> None:  # noqa: ARG002 -- the answer is the whole tree, whoever asks
        """Tell the tree again."""
        steps.announce_units(tx, repository.every_unit(tx))

    @query(schemas.GetOrgUnit)
    def get_org_unit(self, tx: Transaction, request: schemas.GetOrgUnit) -> dict[str, Any]:
        """Show a unit and the units below it."""
        unit = repository.org_units.get(tx, request.org_unit_id)
        found = repository.units_below(tx, unit, request.depth_below, request.after, request.limit + 1)
        below = schemas.page([schemas.unit_view(one) for one in found], request.limit, "org_unit_id")
        return {**schemas.unit_view(unit), "below": below}

    # -- volunteers and what they have learned

    @command(schemas.Register, key="person_id")
    def register(self, tx: Transaction, request: schemas.Register) -> dict[str, Any]:
        """Make a person a volunteer; a course completed before counts at once."""
        unit = repository.org_units.get(tx, request.org_unit_id)
        volunteer_id = repository.free_number(tx, request.volunteer_id)
        record = domain.join(repository.learning_of(tx, request.person_id), volunteer_id)
        volunteer, registered = request.as_volunteer(volunteer_id, unit.path)
        volunteer, qualified = domain.apply_learning(volunteer, record.completions)
        repository.learning_records.save(tx, record)
        repository.volunteers.save(tx, volunteer)
        outbox.append(tx, registered, *qualified)
        return schemas.answer(schemas.volunteer_view(volunteer))

    @subscribe(inbound.CourseCompleted, preload=repository.load_learners)
    def on_course_completed(self, tx: Transaction, fact: inbound.CourseCompleted) -> None:
        """Keep what a person has learned; a volunteer becomes qualified."""
        completion = fact.as_completion()
        record = domain.complete_course(repository.learning_of(tx, fact.person_id), completion)
        repository.learning_records.save(tx, record)
        if record.volunteer_id is None:
            return
        volunteer = repository.volunteers.get(tx, record.volunteer_id)
        volunteer, qualified = domain.apply_learning(volunteer, (completion,))
        repository.volunteers.save(tx, volunteer)
        outbox.append(tx, *qualified)

    @query(schemas.VolunteerCard)
    def volunteer_card(self, tx: Transaction, request: schemas.VolunteerCard) -> dict[str, Any]:
        """Show a volunteer: place, qualifications, open offers and jobs, hours, stars."""
        return schemas.volunteer_view(repository.volunteers.get(tx, request.volunteer_id))

    # -- dispatch

    @subscribe(inbound.IssueHelpRequested)
    def on_issue_help_requested(self, tx: Transaction, fact: inbound.IssueHelpRequested) -> None:
        """Ask as many volunteers as are needed, the nearest and best first."""
        if repository.dispatches.find(tx, fact.dispatch_id):
            raise AlreadyHandled("this request has its dispatch", dispatch_id=fact.dispatch_id)
        copy = repository.copy_of(tx, fact.issue_id)
        domain.check_open(copy, fact.round or 1)
        reach = repository.reach_from(tx, fact.building_id, domain.widest(copy, fact.scope))
        if reach is None:
            raise RetryLater("the tree does not hold this place yet", building_id=fact.building_id)
        dispatch, facts = steps.ask_next(tx, fact.as_dispatch(reach, tx.now))
        repository.issue_copies.save(tx, copy)  # a guard: the issue may be closing
        steps.save(tx, None, dispatch, facts)

    @subscribe(inbound.IssueEscalated)
    def on_issue_escalated(self, tx: Transaction, fact: inbound.IssueEscalated) -> None:
        """Look for people in all of the unit that answers for the issue now, also where nobody was found before."""
        reach = repository.reach_from(tx, fact.to_unit, domain.Level.BUILDING)
        if reach is None:
            raise RetryLater("the tree does not hold this place yet", org_unit_id=fact.to_unit)
        copy = domain.widen(repository.copy_of(tx, fact.issue_id), reach[0].scope)
        waiting = repository.unstaffed_dispatches(tx, fact.issue_id, fact.round)
        repository.issue_copies.save(tx, copy)  # a guard: help may be asked for at this moment
        for before in waiting:
            steps.widen(tx, before, reach)

    @command(schemas.RespondDispatch, key="dispatch_id")
    def respond_dispatch(self, tx: Transaction, request: schemas.RespondDispatch) -> dict[str, Any]:
        """Take the seat that was offered, or say no; then the next candidate is asked at once."""
        before = repository.dispatches.get(tx, request.dispatch_id)
        request.check(before)
        dispatch, facts = request.decide(before, tx.now)
        dispatch, more = steps.ask_next(tx, dispatch)
        steps.save(tx, before, dispatch, [*facts, *more])
        return schemas.answer(schemas.dispatch_view(dispatch))

    @due(steps.OFFER_EXPIRY)
    def on_offer_expiry(self, tx: Transaction, key: str) -> None:
        """End an offer that nobody answered, and ask the next candidate."""
        dispatch_id, _, volunteer_id = key.partition("/")
        before = repository.dispatches.get(tx, dispatch_id)
        dispatch, expired = domain.expire(before, volunteer_id)
        dispatch, more = steps.ask_next(tx, dispatch)
        steps.save(tx, before, dispatch, [expired, *more])

    @command(schemas.CompleteDispatch, key="dispatch_id")
    def complete_dispatch(self, tx: Transaction, request: schemas.CompleteDispatch) -> dict[str, Any]:
        """Record the hours served; they count once the resident has answered, at once where that has happened."""
        before = repository.dispatches.get(tx, request.dispatch_id)
        request.check(before)
        dispatch, completed = domain.complete(before, request.hours_by_volunteer, tx.now)
        copy = repository.copy_of(tx, dispatch.issue_id)
        repository.issue_copies.save(tx, copy)  # a guard: the resident may be answering
        steps.save(tx, before, dispatch, [completed])
        if copy.is_verified(dispatch.round):
            dispatch = steps.credit(tx, dispatch)
        return schemas.answer(schemas.dispatch_view(dispatch))

    @query(schemas.GetDispatch)
    def get_dispatch(self, tx: Transaction, request: schemas.GetDispatch) -> dict[str, Any]:
        """Show a dispatch: who was asked, why, and what they answered."""
        return schemas.dispatch_view(repository.dispatches.get(tx, request.dispatch_id))

    @query(schemas.FindCandidates)
    def find_candidates(self, tx: Transaction, request: schemas.FindCandidates) -> dict[str, Any]:
        """Rank whom a dispatch would ask next, or whom a request from a unit would, with the reasons."""
        found = domain.choose(steps.rings_for(tx, request), request.limit).chosen
        return {"items": [schemas.candidate_view(place, one) for place, one in enumerate(found, 1)], "next": None}

    # -- the resident's answer, and the hours that follow from it

    @subscribe(inbound.IssueConfirmed)
    def on_issue_confirmed(self, tx: Transaction, fact: inbound.IssueConfirmed) -> None:
        """Credit the hours of a round the resident is content with."""
        steps.verify(tx, fact.issue_id, fact.round, domain.IssueState.CLOSED)

    @subscribe(inbound.IssueReopened)
    def on_issue_reopened(self, tx: Transaction, fact: inbound.IssueReopened) -> None:
        """Credit the hours of a round the resident is not content with: work done counts whatever the rating."""
        steps.verify(tx, fact.issue_id, fact.round, domain.IssueState.OPEN)

    @subscribe(inbound.IssueClosed)
    def on_issue_closed(self, tx: Transaction, fact: inbound.IssueClosed) -> None:
        """Take back the offers that are still open."""
        copy = domain.close(repository.copy_of(tx, fact.issue_id), fact.rounds, steps.sequence(tx))
        unstaffed = repository.unstaffed_dispatches(tx, fact.issue_id, fact.rounds)
        repository.issue_copies.save(tx, copy)
        steps.withdraw(tx, unstaffed)

    @subscribe(inbound.IssueForceClosed)
    def on_issue_force_closed(self, tx: Transaction, fact: inbound.IssueForceClosed) -> None:
        """End the work on an issue that was ended by decision."""
        steps.conclude(tx, fact.issue_id, fact.round or 1)

    @subscribe(inbound.IssueHandedOver)
    def on_issue_handed_over(self, tx: Transaction, fact: inbound.IssueHandedOver) -> None:
        """End the work on an issue that the district has now."""
        steps.conclude(tx, fact.issue_id, fact.round or 1)

    @subscribe(inbound.IssueWithdrawn)
    def on_issue_withdrawn(self, tx: Transaction, fact: inbound.IssueWithdrawn) -> None:
        """End the work on an issue that its reporter took back, unless it stays open."""
        if not fact.stays_open:
            steps.conclude(tx, fact.issue_id, fact.round or 1)

    @query(schemas.HoursLedger)
    def hours_ledger(self, tx: Transaction, request: schemas.HoursLedger) -> dict[str, Any]:
        """List the hours that count, of a dispatch or of a volunteer."""
        [(name, value)] = schemas.one_of(request, "dispatch_id", "volunteer_id").items()
        rows = repository.ledger_rows(tx, {name: value}, request.after, request.limit + 1)
        return schemas.page([schemas.ledger_view(row) for row in rows], request.limit, "ledger_id")
