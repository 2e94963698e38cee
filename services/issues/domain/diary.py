"""How the work goes: the reporter is spoken to, and news are written down, with what is promised in them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from services.issues.domain import clocks
from services.issues.domain.apart import handled_by
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.records import ContactWay, Update, UpdateKind
from services.issues.domain.rules import ClockKind, Times
from services.issues.domain.sides import check_at_work, check_concerned
from services.issues.domain.working_time import COMMUNITY_TIME, Span, Unit
from services.issues.events import IssueContacted, IssueUpdated
from shared.errors import Refusal

LONGEST_PROMISE = timedelta(days=365)


class PromiseOutOfReach(Refusal):
    """What is promised is due between today and a year from now; the details name both days."""


class PromiseNotPublic(Refusal):
    """A promise is made to the resident, so the resident sees it."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whether and how the reporter was reached; `note` stays inside."""

    reached: bool
    how: ContactWay
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class News:
    """What is new; `promised_for` is the day on which something will be done."""

    text: str
    public: bool
    promised_for: date | None = None


def record_contact(
    issue: Issue, contact: Contact, *, by: str, units: tuple[str, ...], now: datetime
) -> tuple[Issue, tuple[Update, ...], IssueContacted]:
    """Note that somebody at work spoke to the reporter, which ends the wait for it, or tried to.

    Raises StateNotAllowed, NotOfTheUnit, VerifierMayNotHandle, in that order.
    """
    state = ISSUE.step(issue.state, "record_contact")
    check_at_work(issue, by, units, now)
    issue = replace(handled_by(issue, by), state=state)
    if contact.reached:
        issue = replace(issue, contacted_at=now, contacted_how=contact.how).finish(ClockKind.CONTACT, now=now)
    else:
        issue = replace(issue, contact_tries=issue.contact_tries + 1)
    fact = IssueContacted(issue_id=issue.issue_id, reached=contact.reached)
    if contact.note is None:
        return issue, (), fact
    issue, entry = _write(issue, UpdateKind.CONTACT, News(text=contact.note, public=False), by, now)
    return issue, (entry,), fact


def add_update(
    issue: Issue, news: News, *, by: str, units: tuple[str, ...], now: datetime, times: Times
) -> tuple[Issue, Update, IssueUpdated]:
    """Write down how it goes; a promise in it is due at the end of its day, and the last one counts.

    Raises StateNotAllowed, NotOfTheUnit, PromiseNotPublic, PromiseOutOfReach, in that order.
    """
    issue = replace(issue, state=ISSUE.step(issue.state, "add_update"))
    check_concerned(issue, by, units, now)
    if news.promised_for is not None:
        issue = _promise(issue, news, news.promised_for, now, times)
    issue, entry = _write(issue, UpdateKind.PROGRESS, news, by, now)
    fact = IssueUpdated(
        issue_id=issue.issue_id,
        update_id=entry.update_id,
        public=news.public,
        reporter_ref=issue.reporter_ref if news.public else None,
        title=issue.title,
    )
    return issue, entry, fact


def _write(issue: Issue, kind: UpdateKind, news: News, by: str, now: datetime) -> tuple[Issue, Update]:
    number = issue.updates + 1
    entry = Update(
        update_id=f"{issue.issue_id}/{number}",
        issue_id=issue.issue_id,
        number=number,
        kind=kind,
        by=by,
        at=now,
        public=news.public,
        text=news.text,
        promised_for=news.promised_for,
    )
    return replace(issue, updates=number), entry


def _promise(issue: Issue, news: News, day: date, now: datetime, times: Times) -> Issue:
    if not news.public:
        raise PromiseNotPublic("a promise is public", public=True)
    today = now.astimezone(COMMUNITY_TIME).date()
    if not today <= day <= today + LONGEST_PROMISE:
        limits = today.isoformat(), (today + LONGEST_PROMISE).isoformat()
        raise PromiseOutOfReach(
            f"a promise is for a day from {limits[0]} to {limits[1]}",
            promised_for=day.isoformat(),
            allowed=list(limits),
        )
    due_at = datetime.combine(day + timedelta(days=1), time(), COMMUNITY_TIME)
    span = Span((due_at - now) / timedelta(hours=1), Unit.URGENT_HOUR)
    issue = issue.start(ClockKind.PROMISE, span, now, times)
    return issue.with_clocks(clocks.move(issue.clocks, ClockKind.PROMISE, due_at, times, now))
