"""What several entrypoints do alike: ask the next, save a dispatch with all that hangs on it, credit hours.

Reads come before writes: a query of a collection that the step has already written to would take the step's undo away.
"""

from collections.abc import Iterable, Iterator

from services.volunteer import domain, repository, schemas
from shared import deadlines, outbox
from shared.events import Event
from shared.transaction import Transaction

OFFER_EXPIRY = "offer_expiry"


def announce_units(tx: Transaction, units: Iterable[domain.OrgUnit]) -> None:
    """Save units and tell the others how they are now."""
    for unit in units:
        repository.org_units.save(tx, unit)
        outbox.append(tx, domain.announced(unit))


def rings(tx: Transaction, dispatch: domain.Dispatch, limit: int) -> Iterator[list[domain.Candidate]]:
    """Look for candidates who have not been asked for this dispatch, from the near to the far."""
    search = repository.Search(
        qualification=dispatch.qualification, policy=dispatch.policy, day=domain.day_of(tx.now), limit=limit
    )
    return repository.rings(tx, dispatch.reach, search, asked=[offer.volunteer_id for offer in dispatch.offers])


def rings_for(tx: Transaction, request: schemas.FindCandidates) -> Iterator[list[domain.Candidate]]:
    """Look for candidates for a question: those a dispatch would ask next, or a request from a unit."""
    named = schemas.one_of(request, "dispatch_id", "org_unit_id")
    if "dispatch_id" in named:
        return rings(tx, repository.dispatches.get(tx, named["dispatch_id"]), request.limit)
    search = repository.Search(
        qualification=request.qualification, policy=request.policy, day=domain.day_of(tx.now), limit=request.limit
    )
    return repository.rings(tx, repository.place(tx, named["org_unit_id"], request.scope), search)


def ask_next(tx: Transaction, dispatch: domain.Dispatch) -> tuple[domain.Dispatch, tuple[Event, ...]]:
    """Ask somebody for every seat that nobody has taken or is thinking about; nothing is saved yet."""
    if not dispatch.free_seats:
        return dispatch, ()
    return domain.fill(dispatch, rings(tx, dispatch, dispatch.free_seats), tx.now)


def widen(tx: Transaction, before: domain.Dispatch, reach: tuple[domain.Reach, ...]) -> None:
    """Look for people in a wider unit; that there is still nobody is no news."""
    dispatch, facts = ask_next(tx, domain.widen_reach(before, reach))
    if not (before.state is dispatch.state is domain.DispatchState.UNFILLED):
        save(tx, before, dispatch, facts)


def save(
    tx: Transaction, before: domain.Dispatch | None, dispatch: domain.Dispatch, facts: Iterable[Event] = ()
) -> None:
    """Save a dispatch, what it means for the volunteers' hands, and when the offers end."""
    _keep_commitments(tx, before, dispatch)
    _keep_deadlines(tx, before, dispatch)
    repository.dispatches.save(tx, dispatch)
    outbox.append(tx, *facts)


def verify(tx: Transaction, issue_id: str, number: int, state: domain.IssueState) -> None:
    """Note the resident's answer to a round, and credit what was served in it."""
    copy = domain.verify(repository.copy_of(tx, issue_id), number, state, sequence(tx))
    served = repository.completed_dispatches(tx, issue_id, number)
    repository.issue_copies.save(tx, copy)  # a guard too: work may be completed at this moment
    for dispatch in served:
        credit(tx, dispatch)


def withdraw(tx: Transaction, unstaffed: Iterable[domain.Dispatch]) -> None:
    """Take back the offers of dispatches that still look for people."""
    for before in unstaffed:
        save(tx, before, domain.withdraw(before))


def conclude(tx: Transaction, issue_id: str, number: int) -> None:
    """End the work on an issue whose last round nobody will answer: open offers go back, work done counts."""
    closed = domain.close(repository.copy_of(tx, issue_id), number, sequence(tx))
    copy = domain.verify(closed, number, domain.IssueState.CLOSED, sequence(tx))
    unstaffed = repository.unstaffed_dispatches(tx, issue_id, number)
    served = repository.completed_dispatches(tx, issue_id, number)
    repository.issue_copies.save(tx, copy)  # a guard too: work may be completed at this moment
    withdraw(tx, unstaffed)
    for dispatch in served:
        credit(tx, dispatch)


def credit(tx: Transaction, dispatch: domain.Dispatch) -> domain.Dispatch:
    """Write the hours of a completed dispatch into the ledger and the totals."""
    people = repository.volunteers.find_many(tx, [offer.volunteer_id for offer in dispatch.assigned])
    for person in people.values():
        volunteer, row, facts = domain.credit(person, dispatch, tx.now)
        repository.volunteers.save(tx, volunteer)
        repository.hours_ledger.save(tx, row)
        outbox.append(tx, *facts, correlation=dispatch.issue_id)
    dispatch = domain.mark_verified(dispatch)
    repository.dispatches.save(tx, dispatch)
    return dispatch


def sequence(tx: Transaction) -> int:
    """Return the place of the event among its aggregate's; 0 where a bare payload came without."""
    return (tx.cause.sequence or 0) if tx.cause else 0


def _keep_commitments(tx: Transaction, before: domain.Dispatch | None, after: domain.Dispatch) -> None:
    """Save everybody whose open offers or jobs change; their revision guards against another request at this moment."""
    change = domain.commitments(after)
    change.subtract(domain.commitments(before))
    touched = sorted({volunteer_id for (volunteer_id, _), count in change.items() if count})
    for volunteer_id, volunteer in repository.volunteers.find_many(tx, touched).items():
        offers, jobs = change[volunteer_id, "offers"], change[volunteer_id, "jobs"]
        repository.volunteers.save(tx, domain.burden(volunteer, offers=offers, jobs=jobs))


def _keep_deadlines(tx: Transaction, before: domain.Dispatch | None, after: domain.Dispatch) -> None:
    """Set the end of every new offer, and clear that of offers that are no longer open."""
    was = {offer.volunteer_id for offer in before.open_offers} if before else set()
    now = {offer.volunteer_id: offer.expires_at for offer in after.open_offers}
    for volunteer_id in sorted(was - now.keys()):
        deadlines.clear(tx, OFFER_EXPIRY, key=f"{after.dispatch_id}/{volunteer_id}")
    for volunteer_id in sorted(now.keys() - was):
        deadlines.set(tx, OFFER_EXPIRY, key=f"{after.dispatch_id}/{volunteer_id}", due_at=now[volunteer_id])
