"""Commands on what was decided."""

from dataclasses import dataclass
from datetime import date, datetime

from services.issues import domain
from shared.schemas import Command, Id, Text


@dataclass(frozen=True, kw_only=True)
class SignResolution(Command):
    """Sign what was decided; `by` is a person on the roll."""

    deliberation_id: Id
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class PublishResolution(Command):
    """Post the result."""

    deliberation_id: Id


@dataclass(frozen=True, kw_only=True)
class ObjectResolution(Command):
    """Object to a posted result; the text stays here."""

    deliberation_id: Id
    text: Text
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class NameExecutor(Command):
    """Say who does what was decided, and until when."""

    deliberation_id: Id
    executor: Id
    due_on: date


@dataclass(frozen=True, kw_only=True)
class EvaluateDeliberation(Command):
    """Say whether the topic is really solved, and without after-effects; the remark stays here."""

    deliberation_id: Id
    solved: bool
    after_effects: bool
    remark: Text | None = None
    by: Id | None = None

    def evaluation(self, by: str, at: datetime) -> domain.Evaluation:
        """What this person found."""
        return domain.Evaluation(solved=self.solved, after_effects=self.after_effects, remark=self.remark, by=by, at=at)
