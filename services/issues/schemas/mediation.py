"""Commands and questions on a mediation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, ShortText, Text, dump

MOST_PARTIES = 20
SHOWN_TO_ALL = ("mediation_id", "issue_id", "state", "opened_at", "concluded_at", "revision")


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody in the dispute, and how and when they agreed to the mediation."""

    party_ref: Id
    consent_via: domain.ConsentVia
    consented_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReferMediation(Command):
    """Let somebody neutral mediate between parties that agreed to it; without `mediator` the caller does."""

    issue_id: Id
    parties: Annotated[tuple[Party, ...], validate.Length(2, MOST_PARTIES), unique("party_ref")]
    mediator: Id | None = None

    @property
    def consenting(self) -> tuple[domain.Party, ...]:
        """Who agreed to it."""
        return tuple(
            domain.Party(party_ref=one.party_ref, consent_via=one.consent_via, consented_at=one.consented_at)
            for one in self.parties
        )


@dataclass(frozen=True, kw_only=True)
class RecordMediationSession(Command):
    """Keep the notes of a talk; they stay here."""

    mediation_id: Id
    held_at: datetime
    notes: Text
    present: Annotated[tuple[Id, ...], validate.Length(max=MOST_PARTIES * 2), unique()] = ()
    by: Id | None = None

    @property
    def session(self) -> domain.Session:
        """What was talked about."""
        return domain.Session(held_at=self.held_at, notes=self.notes, present=self.present)


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """What a party owes by the agreement."""

    party_ref: Id
    text: ShortText
    due_on: date


@dataclass(frozen=True, kw_only=True)
class ConcludeMediation(Command):
    """End the talks: `agreement` says where the signed paper is kept; a failure has a `reason` instead."""

    mediation_id: Id
    agreed: bool
    agreement: ShortText | None = None
    obligations: Annotated[tuple[Obligation, ...], validate.Length(max=100)] = ()
    signed_by: Annotated[tuple[Id, ...], validate.Length(max=MOST_PARTIES), unique()] = ()
    effective_on: date | None = None
    reason: Annotated[domain.FailureReason, validate.NoneOf([domain.FailureReason.ISSUE_ENDED])] | None = None
    by: Id | None = None

    @property
    def conclusion(self) -> domain.Conclusion:
        """How the talks ended."""
        return domain.Conclusion(
            agreed=self.agreed,
            agreement=self.agreement,
            obligations=tuple(
                domain.Obligation(party_ref=one.party_ref, text=one.text, due_on=one.due_on) for one in self.obligations
            ),
            signed_by=self.signed_by,
            effective_on=self.effective_on,
            reason=self.reason,
        )


@dataclass(frozen=True, kw_only=True)
class GetMediation:
    """Look at one mediation, where allowed with the eyes of a `viewer`."""

    mediation_id: Id
    viewer: Id | None = None


def mediation_view(mediation: domain.Mediation, *, whole: bool = True) -> dict[str, Any]:
    """Show a mediation; that it takes place, and no more, unless `whole`."""
    shown: dict[str, Any] = dump(mediation)
    return {**{name: shown[name] for name in shown if whole or name in SHOWN_TO_ALL}, "masked": not whole}
