"""Who may do what, and for whom."""

from datetime import datetime
from typing import Protocol

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.sides import acts_for_unit_at_work
from services.issues.domain.states import ENDED, IssueState
from shared.errors import Forbidden

STAFF = frozenset({"triage", "dispatcher", "secretary", "community_secretary", "unit", "verifier", "mediator"})


class Actor(Protocol):
    """Somebody with a checked token."""

    @property
    def id(self) -> str:
        """Who it is."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What they are entitled to."""

    @property
    def is_administrator(self) -> bool:
        """Whether they may act for anybody."""

    @property
    def on_behalf_of(self) -> str | None:
        """For whom an administrator acts."""


def authorise(actor: Actor, command: str) -> None:
    """Let the roles of the life cycle's table pass, and administrators always; raises Forbidden."""
    roles = ISSUE.roles(command)
    if not actor.is_administrator and not roles & set(actor.roles):
        needed = sorted({"administrator", *roles})
        raise Forbidden(f"{command} needs one of the roles {', '.join(needed)}", command=command, roles=needed)


def acting_person(actor: Actor, named: str | None, default: str | None = None) -> str:
    """Say which person acts: an administrator may name anybody, others only themselves; raises Forbidden."""
    if actor.is_administrator:
        return named or actor.on_behalf_of or default or actor.id
    if named not in (None, actor.id):
        raise Forbidden("only an administrator acts for somebody else", by=named)
    return actor.id


def casting_person(actor: Actor, voter: str, named: str | None) -> str:
    """Say who hands in a vote: the voter, or whom an administrator names; raises Forbidden."""
    if voter != actor.id and not actor.is_administrator:
        raise Forbidden("everybody votes for themselves", person_id=voter)
    return acting_person(actor, named, default=voter)


def may_read_diary(issue: Issue, actor: Actor, units: tuple[str, ...], now: datetime) -> bool:
    """Show public news to those who may see the issue, and to persons of the outside units at work on it."""
    return acts_for_unit_at_work(issue, units, now) or may_see(issue, actor, None)


def may_read_notes(issue: Issue, actor: Actor, units: tuple[str, ...], now: datetime) -> bool:
    """Show what is not public to our own staff, and to persons of the outside units at work on it."""
    if units:
        return acts_for_unit_at_work(issue, units, now)
    return actor.is_administrator or bool(STAFF & set(actor.roles))


def may_see(issue: Issue, actor: Actor, viewer: str | None) -> bool:
    """Show a sensitive issue only to triage, its reporter, and its helpers while they work on it.

    Whoever may see everything sees with the eyes of the `viewer` that they name.
    """
    if not issue.sensitive:
        return True
    sees_all = actor.is_administrator or "triage" in actor.roles
    person = (viewer or actor.on_behalf_of) if sees_all else actor.id
    at_work = issue.state not in (IssueState.RESOLVED, IssueState.ARCHIVED, *ENDED)
    return person in (None, issue.reporter_ref) or (at_work and person in issue.workers)
