"""People's mediation between the parties of an issue: agreed to by both, ended in writing or with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.issues.domain import clocks
from services.issues.domain.apart import handled_by
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE, MEDIATION, MediationState
from services.issues.domain.rules import Times
from services.issues.domain.states import IssueState
from services.issues.domain.working_time import day_of
from services.issues.events import MediationConcluded, MediationOpened
from shared.errors import Refusal

COURT_CONFIRMS_WITHIN = timedelta(days=30)  # from effect, jointly: People's Mediation Law art. 33
MOST_SESSIONS = 100


class ConsentVia(StrEnum):
    """How a party agreed to be mediated between."""

    WRITTEN = "written"
    ORAL = "oral"
    ONLINE = "online"


class FailureReason(StrEnum):
    """Why a mediation ended without an agreement."""

    NO_AGREEMENT = "no_agreement"
    PARTY_WITHDREW = "party_withdrew"
    PARTY_ABSENT = "party_absent"
    NOT_MEDIABLE = "not_mediable"
    TIME_OVER = "time_over"
    ISSUE_ENDED = "issue_ended"


class MediatorNotNeutral(Refusal):
    """Who is a party, or reported the issue, does not mediate in it."""


class ConsentInTheFuture(Refusal):
    """A party has agreed already, or has not."""


class NotTheMediator(Refusal):
    """A mediation is led by its own mediator."""


class SessionNotHeld(Refusal):
    """A session lies between the referral and now."""


class TooManySessions(Refusal):
    """A mediation is no endless talk."""


class UnknownParty(Refusal):
    """Only the parties of a mediation take part in its agreement."""


class AgreementIncomplete(Refusal):
    """An agreement is in writing and signed by every party; a failure has a reason and neither."""


class DatesDoNotFit(Refusal):
    """An agreement takes effect between the referral and today; what it obliges to is due afterwards."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody in the dispute, and how and when they agreed to the mediation."""

    party_ref: str
    consent_via: ConsentVia
    consented_at: datetime


@dataclass(frozen=True, kw_only=True)
class Session:
    """One talk; the notes stay here."""

    held_at: datetime
    notes: str
    present: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """What a party owes by the agreement, such as one instalment."""

    party_ref: str
    text: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """How the talks ended: where the signed paper is kept, or why there is none."""

    agreed: bool
    agreement: str | None
    obligations: tuple[Obligation, ...]
    signed_by: tuple[str, ...]
    effective_on: date | None
    reason: FailureReason | None


@dataclass(frozen=True, kw_only=True)
class Mediation:
    """One mediation; everything that was said stays in this database."""

    mediation_id: str
    issue_id: str
    mediator: str
    parties: tuple[Party, ...]
    opened_at: datetime
    opened_by: str
    state: MediationState = MediationState.OPEN
    sessions: tuple[Session, ...] = ()
    concluded_at: datetime | None = None
    conclusion: Conclusion | None = None
    confirm_in_court_until: date | None = None
    revision: int = 0

    @property
    def party_refs(self) -> tuple[str, ...]:
        """The parties' ids."""
        return tuple(party.party_ref for party in self.parties)


def refer_mediation(
    issue: Issue, mediator: str, parties: Sequence[Party], *, by: str, now: datetime, times: Times
) -> tuple[Issue, Mediation, MediationOpened]:
    """Let somebody neutral mediate between parties that agreed to it; meanwhile the time to solve it rests.

    Raises StateNotAllowed, MediatorNotNeutral, ConsentInTheFuture, VerifierMayNotHandle, in that order.
    """
    state = ISSUE.step(issue.state, "refer_mediation")
    if mediator in (issue.reporter_ref, *(party.party_ref for party in parties)):
        raise MediatorNotNeutral("a mediator is neither a party nor the reporter", mediator=mediator)
    if early := [party.party_ref for party in parties if party.consented_at > now]:
        raise ConsentInTheFuture("a consent lies in the future", parties=early, now=now.isoformat())
    mediation = Mediation(
        mediation_id=issue.linked_id("MD", issue.mediation_ids),
        issue_id=issue.issue_id,
        mediator=mediator,
        parties=tuple(parties),
        opened_at=now,
        opened_by=by,
    )
    issue = replace(
        handled_by(issue, mediator),
        state=state,
        mediation_ids=(*issue.mediation_ids, mediation.mediation_id),
        open_mediation_id=mediation.mediation_id,
    )
    until = times.after(now, times.rules.mediation_cap)
    rested = clocks.pause(issue.clocks, reason=IssueState.MEDIATING, by=by, now=now, until=until, times=times)
    fact = MediationOpened(
        mediation_id=mediation.mediation_id,
        issue_id=issue.issue_id,
        mediator_id=mediator,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue.with_clocks(rested), mediation, fact


def record_mediation_session(mediation: Mediation, session: Session, *, by: str, now: datetime) -> Mediation:
    """Keep the notes of a talk; raises StateNotAllowed, NotTheMediator, SessionNotHeld, TooManySessions."""
    state = MEDIATION.step(mediation.state, "record_mediation_session")
    check_mediator(mediation, by)
    if not mediation.opened_at <= session.held_at <= now:
        raise SessionNotHeld(
            "a session was held since the referral",
            held_at=session.held_at.isoformat(),
            earliest=mediation.opened_at.isoformat(),
            latest=now.isoformat(),
        )
    if len(mediation.sessions) >= MOST_SESSIONS:
        raise TooManySessions("conclude it", most=MOST_SESSIONS)
    return replace(mediation, state=state, sessions=(*mediation.sessions, session))


def check_mediator(mediation: Mediation, by: str) -> None:
    """Let nobody but its mediator lead it; raises NotTheMediator."""
    if by != mediation.mediator:
        raise NotTheMediator("a mediation is led by its own mediator", by=by)


def conclude_mediation(
    mediation: Mediation, issue: Issue, end: Conclusion, *, by: str, now: datetime, times: Times
) -> tuple[Mediation, Issue, MediationConcluded]:
    """End the talks, and let the issue go on; where it ended otherwise meanwhile, only the mediation ends.

    An agreement may be confirmed in court, jointly, until 30 days after it took effect.
    Raises StateNotAllowed, NotTheMediator, AgreementIncomplete, UnknownParty, DatesDoNotFit, in that order.
    """
    outcome = MediationState.AGREED if end.agreed else MediationState.FAILED
    state = MEDIATION.step(mediation.state, "conclude_mediation", outcome)
    check_mediator(mediation, by)
    end = _checked(mediation, end, day_of(now))
    until = end.effective_on + COURT_CONFIRMS_WITHIN if end.effective_on else None
    mediation = replace(mediation, state=state, concluded_at=now, conclusion=end, confirm_in_court_until=until)
    if issue.state is IssueState.MEDIATING:
        issue = replace(issue, state=ISSUE.step(issue.state, "conclude_mediation"))
        issue = issue.with_clocks(clocks.resume(issue.clocks, now, times))
    fact = MediationConcluded(
        mediation_id=mediation.mediation_id,
        issue_id=issue.issue_id,
        agreed=end.agreed,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
        confirm_in_court_until=until,
    )
    return mediation, replace(issue, open_mediation_id=None), fact


def end_mediation(
    mediation: Mediation, issue: Issue, now: datetime, times: Times
) -> tuple[Mediation, Issue, MediationConcluded]:
    """End the talks without an agreement because the issue has ended; raises StateNotAllowed."""
    end = Conclusion(
        agreed=False,
        agreement=None,
        obligations=(),
        signed_by=(),
        effective_on=None,
        reason=FailureReason.ISSUE_ENDED,
    )
    return conclude_mediation(mediation, issue, end, by=mediation.mediator, now=now, times=times)


def _checked(mediation: Mediation, end: Conclusion, today: date) -> Conclusion:
    """Check what the end needs, and let an agreement take effect today where no day is given."""
    _check_complete(mediation, end)
    if not end.agreed:
        return end
    named = {*end.signed_by, *(obligation.party_ref for obligation in end.obligations)}
    if strangers := sorted(named - set(mediation.party_refs)):
        raise UnknownParty("not a party of this mediation", unknown=strangers, parties=list(mediation.party_refs))
    effective_on = end.effective_on or today
    if not day_of(mediation.opened_at) <= effective_on <= today:
        raise DatesDoNotFit("an agreement takes effect since the referral", effective_on=effective_on.isoformat())
    if early := [obligation.due_on for obligation in end.obligations if obligation.due_on < effective_on]:
        raise DatesDoNotFit("an obligation is due before the agreement", due_on=min(early).isoformat())
    return replace(end, effective_on=effective_on)


def _check_complete(mediation: Mediation, end: Conclusion) -> None:
    if end.agreed:
        missing = [party for party in mediation.party_refs if party not in end.signed_by]
        complete = end.agreement is not None and end.reason is None and not missing
    else:
        missing = []
        written = (end.agreement, *end.obligations, *end.signed_by, end.effective_on)
        complete = end.reason is not None and not any(written)
    if not complete:
        needed = "the paper and every party's signature, no reason" if end.agreed else "a reason, and nothing signed"
        raise AgreementIncomplete(f"this end needs {needed}", agreed=end.agreed, not_signed=missing)
