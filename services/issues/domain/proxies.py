"""Rules of proxies: how they come on record and off it."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import BESIDE
from services.issues.domain.proxy import Proxy, Relation
from services.issues.domain.who import Actor, authorise
from shared.errors import NotFound, Refusal

MOST_PROXIES = 5  # of one issue at the same time


class NotAProxy(Refusal):
    """The person cannot be, or is not, a proxy of the reporter."""


class TooManyProxies(Refusal):
    """The reporter has as many proxies as they may have."""


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """Whom the reporter trusts to answer; `until` None means for as long as the issue lives."""

    person: str
    relation: Relation
    consent: str
    until: datetime | None


def set_proxy(issue: Issue, wanted: Appointment, *, actor: Actor, by: str, now: datetime) -> Issue:
    """Put a proxy on record, at the word of the reporter or of the staff who heard it; raises what it forbids.

    An earlier entry of the same person ends. Raises Forbidden, StateNotAllowed, NotAProxy, TooManyProxies.
    """
    if by != issue.reporter_ref:
        authorise(actor, "set_proxy")
    state = BESIDE.step(issue.state, "set_proxy")
    if wanted.person == issue.reporter_ref:
        raise NotAProxy("reporters answer for themselves", person=wanted.person)
    if wanted.until is not None and wanted.until <= now:
        raise NotAProxy("the time of the proxy must lie ahead", until=wanted.until, now=now)
    others = _ended(issue.proxies, wanted.person, now)
    if sum(proxy.holds(now) for proxy in others) >= MOST_PROXIES:
        raise TooManyProxies(f"an issue has at most {MOST_PROXIES} proxies at a time", most=MOST_PROXIES)
    proxy = Proxy(
        person=wanted.person,
        relation=wanted.relation,
        consent=wanted.consent,
        set_by=by,
        since=now,
        until=wanted.until,
    )
    return replace(issue, state=state, proxies=(*others, proxy))


def end_proxy(issue: Issue, person: str, *, actor: Actor, by: str, now: datetime) -> Issue:
    """Take a proxy off: the reporter, the proxy and the staff may; who is none any more stays none.

    Raises Forbidden, StateNotAllowed, NotFound.
    """
    if by not in (issue.reporter_ref, person):
        authorise(actor, "end_proxy")
    state = BESIDE.step(issue.state, "end_proxy")
    if all(proxy.person != person for proxy in issue.proxies):
        raise NotFound(f"{person} was never a proxy here", issue_id=issue.issue_id, person=person)
    return replace(issue, state=state, proxies=_ended(issue.proxies, person, now))


def _ended(proxies: tuple[Proxy, ...], person: str, now: datetime) -> tuple[Proxy, ...]:
    return tuple(
        replace(proxy, ended_at=now) if proxy.person == person and proxy.holds(now) else proxy for proxy in proxies
    )
