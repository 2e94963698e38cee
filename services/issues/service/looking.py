"""Every look at an issue goes through here: what is shown, and what is written down about it."""

from typing import Any

from services.issues import domain, repository, schemas
from shared.cloudevents import new_id
from shared.transaction import Transaction


def look(tx: Transaction, issue: domain.Issue, viewer: str | None) -> domain.View:
    """Say how much of an issue is shown, and write the look down where the issue is not everybody's business."""
    seen = _view(tx, issue, viewer)
    if issue.guarded:
        _write_down(tx, issue, viewer, saw=domain.SAW[seen])
    return seen


def whole(tx: Transaction, issue: domain.Issue, viewer: str | None, *, allowed: bool = True) -> None:
    """Let pass who may see it whole, where it is `allowed` besides; raises AccessDenied, and writes it down."""
    seen = _view(tx, issue, viewer)
    let_pass(tx, issue, viewer, passes=allowed and seen is domain.View.WHOLE)


def let_pass(tx: Transaction, issue: domain.Issue, viewer: str | None, *, passes: bool) -> None:
    """Let pass whom a rule lets see what hangs on an issue; raises AccessDenied, and writes down either."""
    if issue.guarded:
        _write_down(tx, issue, viewer, saw=domain.Saw.WHOLE if passes else domain.Saw.REFUSED)
    if not passes:
        raise domain.AccessDenied("this is shown only to those whom it concerns", issue_id=issue.issue_id)


def show(tx: Transaction, issue: domain.Issue, viewer: str | None) -> dict[str, Any]:
    """Show an issue as far as the actor may see it; raises AccessDenied where that is not at all."""
    seen = look(tx, issue, viewer)
    if seen is domain.View.NONE:
        raise domain.AccessDenied("the issue is shown only to those whom it concerns", issue_id=issue.issue_id)
    return schemas.issue_view(issue, whole=seen is domain.View.WHOLE)


def show_listed(tx: Transaction, issue: domain.Issue) -> dict[str, Any] | None:
    """Show an issue in a list, None where it is not shown at all; a list is a look where it shows an issue whole."""
    seen = domain.may_see(issue, tx.actor, None, tx.now)
    if seen is domain.View.NONE:
        return None
    if seen is domain.View.WHOLE and issue.guarded:
        _write_down(tx, issue, None, saw=domain.Saw.WHOLE)
    return schemas.issue_view(issue, whole=seen is domain.View.WHOLE)


def _view(tx: Transaction, issue: domain.Issue, viewer: str | None) -> domain.View:
    """Say how much of an issue is shown; who acts for the outside unit at work on it is looked up only where needed."""
    seen = domain.may_see(issue, tx.actor, viewer, tx.now)
    if seen is domain.View.WHOLE:
        return seen
    units = repository.units_of(tx, domain.eyes(tx.actor, viewer) or tx.actor.id)
    return domain.View.WHOLE if domain.shows_to_units(issue, units, tx.now) else seen


def _write_down(tx: Transaction, issue: domain.Issue, viewer: str | None, *, saw: domain.Saw) -> None:
    repository.looks.record(tx, domain.look(new_id(), issue, tx.actor, viewer, saw=saw, call=tx.call, now=tx.now))
