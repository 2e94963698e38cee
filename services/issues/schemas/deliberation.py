"""Commands on a deliberation."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from marshmallow import ValidationError, validate

from services.issues import domain
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, ShortText

LARGEST_ROLL = 2500  # voters; an estate has up to 2,300 owners (seed-scale.md)


def _whole_hundredths(area: float) -> None:
    """Refuse what cannot be stored as a whole number of 0.01 m²."""
    if (Decimal(str(area)) * 100) % 1:
        raise ValidationError("At most two decimals of a square metre.")


@dataclass(frozen=True, kw_only=True)
class RollEntry:
    """Somebody who may vote; `area` in m² with at most two decimals."""

    person_id: Id
    area: Annotated[float, validate.Range(0, 1_000_000), _whole_hundredths] = 0.0

    @property
    def square_decimetres(self) -> int:
        """The area as a whole number of 0.01 m²."""
        return int(Decimal(str(self.area)) * 100)


@dataclass(frozen=True, kw_only=True)
class OpenDeliberation(Command):
    """Put a question to everybody on a roll."""

    issue_id: Id
    rule: domain.VotingRule
    topic: ShortText
    roll: Annotated[tuple[RollEntry, ...], validate.Length(1, LARGEST_ROLL), unique("person_id")]
    meets_at: datetime | None = None

    @property
    def question(self) -> domain.Question:
        """What is put to whom."""
        roll = {entry.person_id: entry.square_decimetres for entry in self.roll}
        return domain.Question(rule=self.rule, topic=self.topic, roll=roll, meets_at=self.meets_at)


@dataclass(frozen=True, kw_only=True)
class CastVote(Command):
    """Vote once; `by` is who hands the vote in for the person, where it is somebody else."""

    deliberation_id: Id
    person_id: Id
    choice: domain.Choice
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class CloseVote(Command):
    """Count the votes and decide."""

    deliberation_id: Id
