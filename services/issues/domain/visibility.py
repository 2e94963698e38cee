"""How much of an issue somebody sees."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import BESIDE
from services.issues.domain.sides import acts_for_unit_at_work
from services.issues.domain.states import ENDED, IssueState, Visibility, VisibilityChange
from services.issues.domain.who import Actor, is_reporter_or_proxy
from services.issues.events import IssueVisibilitySet
from shared.errors import Forbidden

STAFF = frozenset({"triage", "dispatcher", "secretary", "community_secretary", "unit", "verifier", "mediator"})
AT_WORK_ROLES = frozenset({"unit", "secretary", "verifier"})  # of the unit that has to do something


class AccessDenied(Forbidden):
    """This is shown only to those whom it concerns."""


class View(StrEnum):
    """How much of an issue is shown: all, what is nobody's secret, or nothing."""

    WHOLE = "whole"
    MASKED = "masked"
    NONE = "none"


def may_see(issue: Issue, actor: Actor, viewer: str | None, now: datetime) -> View:
    """Say how much of an issue is shown to whom.

    A sensitive issue is masked at least. Whoever may see everything sees with the eyes of the `viewer` they name.
    """
    if not issue.guarded or _is_concerned(issue, actor, viewer, now):
        return View.WHOLE
    return View.MASKED if issue.visibility in (Visibility.PUBLIC, Visibility.MASKED) else View.NONE


def may_see_original(issue: Issue, actor: Actor, viewer: str | None) -> bool:
    """Show what is blacked out in a photo to triage, and to who works on the issue while they do."""
    person = eyes(actor, viewer)
    return person is None or _works_on(issue, actor, person)


def _is_concerned(issue: Issue, actor: Actor, viewer: str | None, now: datetime) -> bool:
    person = eyes(actor, viewer)
    if person is None or issue.visibility is Visibility.HIDDEN:
        return person is None
    return is_reporter_or_proxy(issue, person, now) or _works_on(issue, actor, person)


def eyes(actor: Actor, viewer: str | None) -> str | None:
    """Name the person who looks, None for somebody who may see everything."""
    sees_all = actor.is_administrator or "triage" in actor.roles
    return (viewer or actor.on_behalf_of) if sees_all else actor.id


def is_at_work(issue: Issue) -> bool:
    """Whether somebody still has to do something, and so has to see what it is."""
    return issue.state not in (IssueState.RESOLVED, IssueState.MERGED, IssueState.ARCHIVED, *ENDED)


def _works_on(issue: Issue, actor: Actor, person: str) -> bool:
    if not is_at_work(issue):
        return False
    of_the_unit = person == actor.id and actor.unit in (issue.unit_at_work, issue.responsible_unit)
    return person in issue.workers or (of_the_unit and bool(AT_WORK_ROLES & set(actor.roles)))


def shows_to_units(issue: Issue, units: tuple[str, ...], now: datetime) -> bool:
    """Show an issue to those who act for an outside unit, while it is at work; not what is hidden."""
    return issue.visibility is not Visibility.HIDDEN and is_at_work(issue) and acts_for_unit_at_work(issue, units, now)


def set_visibility(
    issue: Issue, visibility: Visibility, *, reason: str, by: str, now: datetime
) -> tuple[Issue, tuple[IssueVisibilitySet, ...]]:
    """Decide who may see the issue; the same again changes nothing. Raises StateNotAllowed."""
    state = BESIDE.step(issue.state, "set_visibility")
    if issue.visibility is visibility:
        return issue, ()
    change = VisibilityChange(visibility=visibility, reason=reason, by=by, at=now)
    issue = replace(issue, state=state, visibility=visibility, visibility_changes=(*issue.visibility_changes, change))
    return issue, (IssueVisibilitySet(issue_id=issue.issue_id, visibility=visibility),)


def check_may_read_log(issue: Issue, actor: Actor, person: str) -> None:
    """Show who looked only to the reporter, and to administrators; raises Forbidden."""
    if not actor.is_administrator and person != issue.reporter_ref:
        raise Forbidden("only the reporter sees who looked", issue_id=issue.issue_id)


def may_read_diary(issue: Issue, actor: Actor, units: tuple[str, ...], now: datetime) -> bool:
    """Show public news to those who may see the issue, and to persons of the outside units at work on it."""
    return acts_for_unit_at_work(issue, units, now) or may_see(issue, actor, None, now) is View.WHOLE


def may_read_notes(issue: Issue, actor: Actor, units: tuple[str, ...], now: datetime) -> bool:
    """Show what is not public to our own staff, and to persons of the outside units at work on it."""
    if units:
        return acts_for_unit_at_work(issue, units, now)
    return actor.is_administrator or bool(STAFF & set(actor.roles))
