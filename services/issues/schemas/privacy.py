"""Commands and questions on who sees what, who answers for whom, and what is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.mediation import mediation_view
from services.issues.schemas.questions import answer, view
from shared.schemas import Command, Id, Page, ShortText, dump

Position = Annotated[
    str,
    validate.Length(1, 200),
    validate.Regexp(r"^[A-Za-z0-9._:/-]+(?!\n)$", error="Take the `next` of the page before."),
]


@dataclass(frozen=True, kw_only=True)
class SetVisibility(Command):
    """Decide who may see an issue, and say why; the reason stays here."""

    issue_id: Id
    visibility: domain.Visibility
    reason: ShortText
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class SetProxy(Command):
    """Put somebody on record who may answer for the reporter; `consent` says how the reporter agreed."""

    issue_id: Id
    person: Id
    relation: domain.Relation
    consent: ShortText
    until: datetime | None = None
    by: Id | None = None

    @property
    def appointment(self) -> domain.Appointment:
        """Whom the reporter trusts."""
        return domain.Appointment(person=self.person, relation=self.relation, consent=self.consent, until=self.until)


@dataclass(frozen=True, kw_only=True)
class EndProxy(Command):
    """Take a proxy off."""

    issue_id: Id
    person: Id
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class AccessLog(Page):
    """Ask who looked at an issue, oldest first."""

    issue_id: Id


@dataclass(frozen=True, kw_only=True)
class MyData:
    """Ask for everything that is held about a person; `after` is the `next` of the page before."""

    person: Id
    limit: Annotated[int, validate.Range(1, 500)] = 50
    after: Position | None = None


@dataclass(frozen=True, kw_only=True)
class ErasePerson(Command):
    """Cut what is personal of a person wherever nothing forbids it; `reason` says why, as a code."""

    person: Id
    reason: domain.ErasureReason


def look_view(look: domain.Look) -> dict[str, Any]:
    """Show who looked, in which roles, when, through which call, and what they saw."""
    shown: dict[str, Any] = dump(look)
    return {name: value for name, value in shown.items() if name not in ("reporter_ref", "revision")}


def vote_view(voter: domain.Voter) -> dict[str, Any]:
    """Show that somebody voted, not for what: not even the voter can be made to prove it."""
    return {"deliberation_id": voter.deliberation_id, "voted": voter.choice is not None, "at": dump(voter.cast_at)}


def findings_view(visit: domain.Visit, person: str) -> dict[str, Any]:
    """Show what was found about somebody at a visit, and nothing about others."""
    findings = [dump(one) for one in visit.findings if one.resident == person]
    return {"visit_id": visit.visit_id, "held_on": dump(visit.held_on), "findings": findings}


def support_view(one: domain.Support) -> dict[str, Any]:
    """Show to which issue somebody says "me too", and since when."""
    return {"issue_id": one.issue_id, "since": dump(one.since)}


def proxy_view(issue: domain.Issue, person: str) -> dict[str, Any]:
    """Show how somebody is on record as a proxy, and nothing else of the issue."""
    return {"issue_id": issue.issue_id, "entries": [dump(one) for one in issue.proxies if one.person == person]}


ABOUT_A_PERSON: Mapping[str, Callable[[Any, str], dict[str, Any]]] = {  # how each part is told, beside the issues
    "proxy_for": proxy_view,
    "votes": lambda vote, _: vote_view(vote),
    "supports": lambda support, _: support_view(support),
    "objections": lambda objection, _: answer(view(objection)),
    "mediations": lambda mediation, _: answer(mediation_view(mediation)),
    "visits": findings_view,
    "looks": lambda look, _: look_view(look),
}
