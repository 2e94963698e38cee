"""Who may do what, and for whom."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from services.issues.domain.approval import APPROVERS, ApprovalKind
from services.issues.domain.ballots import BY_OFFICER
from services.issues.domain.deliberation import VoteVia
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import BESIDE, DELIBERATION, ISSUE, MEDIATION, PROJECT
from services.issues.domain.mediation import Mediation
from services.issues.domain.table import BY_ITSELF
from shared.errors import Forbidden

TABLES = (ISSUE, BESIDE, DELIBERATION, PROJECT, MEDIATION)


class Actor(Protocol):
    """Somebody with a checked token."""

    @property
    def id(self) -> str:
        """Who it is."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What they are entitled to."""

    @property
    def unit(self) -> str | None:
        """The branch of the tree in which they are."""

    @property
    def is_administrator(self) -> bool:
        """Whether they may act for anybody."""

    @property
    def on_behalf_of(self) -> str | None:
        """For whom an administrator acts."""


def authorise(actor: Actor, command: str) -> None:
    """Let the roles of the life cycles' tables pass, and administrators always; raises Forbidden."""
    roles = roles_of(command)
    if not is_entitled(actor, command):
        needed = sorted({"administrator", *roles})
        raise Forbidden(f"{command} needs one of the roles {', '.join(needed)}", command=command, roles=needed)


def is_bound(actor: Actor) -> bool:
    """Whether the actor's roles hold in one branch of the tree only; without a unit they hold everywhere."""
    return actor.unit is not None and not actor.is_administrator


def authorise_branch(actor: Actor, above: Collection[str]) -> None:
    """Let pass whose unit is one of those that a thing lies in; raises Forbidden."""
    if is_bound(actor) and actor.unit not in above:
        raise Forbidden(f"this is not in {actor.unit}, and your roles hold there", unit=actor.unit)


def roles_of(command: str) -> frozenset[str]:
    """Name the roles that may call the command, beside the administrator."""
    return frozenset[str]().union(*(table.roles(command) for table in TABLES))


def is_entitled(actor: Actor, command: str) -> bool:
    """Whether the actor's roles, or being administrator, let the command pass."""
    return actor.is_administrator or bool(roles_of(command) & set(actor.roles))


VISITING = ("secretary", "triage", "unit", "visitor")


def authorise_visit(actor: Actor) -> None:
    """Let those pass who call at households and inspect buildings; raises Forbidden."""
    if not actor.is_administrator and not set(VISITING) & set(actor.roles):
        needed = sorted(("administrator", *VISITING))
        raise Forbidden(f"visits need one of the roles {', '.join(needed)}", roles=needed)


def authorise_administrator(actor: Actor) -> None:
    """Let administrators pass; raises Forbidden."""
    if not actor.is_administrator:
        raise Forbidden("this is for administrators", actor=actor.id)


def authorise_approval(actor: Actor, kind: ApprovalKind) -> None:
    """Let those pass who may approve or decline proposals of this kind, and administrators; raises Forbidden."""
    roles = APPROVERS[kind].roles
    if not actor.is_administrator and not set(roles) & set(actor.roles):
        needed = ["administrator", *roles]
        raise Forbidden(f"to approve {kind} needs one of the roles {', '.join(needed)}", kind=kind.value, roles=needed)


STAFF_ROLES = frozenset(role for row in ISSUE.rows for role in row.who) - {BY_ITSELF}


def is_staff(actor: Actor) -> bool:
    """Whether the actor has any role of the life cycle's table, or administers."""
    return actor.is_administrator or bool(STAFF_ROLES & set(actor.roles))


def authorise_staff(actor: Actor) -> None:
    """Let whoever works on issues pass; raises Forbidden."""
    if not is_staff(actor):
        needed = sorted({"administrator", *STAFF_ROLES})
        raise Forbidden(f"this needs one of the roles {', '.join(needed)}", roles=needed)


def acting_person(actor: Actor, named: str | None = None, default: str | None = None) -> str:
    """Say which person acts: an administrator may name anybody, others only themselves; raises Forbidden."""
    if actor.is_administrator:
        return named or actor.on_behalf_of or default or actor.id
    if named not in (None, actor.id):
        raise Forbidden("only an administrator acts for somebody else", by=named)
    return actor.id


def casting_person(
    actor: Actor, voter: str, named: str | None, *, proxy: str | None = None, via: VoteVia = VoteVia.ONLINE
) -> str:
    """Say who hands in a vote: the voter, a proxy on record, an officer with a paper, or whom an administrator names.

    Raises Forbidden.
    """
    by_officer = via in BY_OFFICER and is_entitled(actor, "cast_vote")
    if not (actor.is_administrator or by_officer or (actor.id in (voter, proxy) and via not in BY_OFFICER)):
        raise Forbidden("vote yourself, by a proxy on record, or on paper through an officer", person_id=voter)
    return acting_person(actor, named, default=None if via in BY_OFFICER else voter)


def may_read_minutes(actor: Actor, *, on_roll: bool) -> bool:
    """Show what was said at a meeting to those who were asked and to the officers."""
    return on_roll or is_entitled(actor, "record_minutes")


def may_see_mediation(mediation: Mediation, actor: Actor, viewer: str | None) -> bool:
    """Show a mediation only to its parties, its mediator and triage; these name with whose eyes they look."""
    sees_all = actor.is_administrator or "triage" in actor.roles
    person = (viewer or actor.on_behalf_of) if sees_all else actor.id
    return (sees_all and person is None) or person in (mediation.mediator, *mediation.party_refs)


def is_reporter_or_proxy(issue: Issue, person: str, now: datetime) -> bool:
    """Whether the person may answer questions and confirm: the reporter, or a proxy on record.

    Nobody does any more once the reporter has withdrawn from an issue that goes on.
    """
    if not issue.has_reporter:
        return False
    return person == issue.reporter_ref or any(proxy.person == person and proxy.holds(now) for proxy in issue.proxies)


def check_reporter(issue: Issue, person: str, now: datetime, verb: str) -> None:
    """Let the reporter and a proxy on record pass (I3); raises Forbidden."""
    if not is_reporter_or_proxy(issue, person, now):
        raise Forbidden(f"only the reporter, or a proxy on record, {verb}", by=person)


def authorise_or_reporter(actor: Actor, command: str, issue: Issue, person: str, now: datetime) -> None:
    """Let the roles of the table pass, and the reporter, whose call is the agreement; raises Forbidden."""
    if not is_reporter_or_proxy(issue, person, now):
        authorise(actor, command)
