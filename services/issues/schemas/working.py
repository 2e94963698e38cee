"""Commands on the work: contact, news, who does it, done, checked, and what the district says."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from marshmallow import validate

from services.issues import domain
from shared.schemas import Command, Id, ShortText, Text

MOST_LINES = 50  # ticks or proofs of one report
UNSOLVED_BY_US = (domain.Outcome.NONE, domain.Outcome.WITHDRAWN)  # no result of the district


@dataclass(frozen=True, kw_only=True)
class RecordContact(Command):
    """Note that the reporter was spoken to, or that nobody was reached; the note stays inside."""

    issue_id: Id
    by: Id | None = None
    reached: bool
    how: domain.ContactWay
    note: Text | None = None

    @property
    def contact(self) -> domain.Contact:
        """Whether and how the reporter was reached."""
        return domain.Contact(reached=self.reached, how=self.how, note=self.note)


@dataclass(frozen=True, kw_only=True)
class AddUpdate(Command):
    """Write down how it goes; what is promised for a day becomes due then."""

    issue_id: Id
    by: Id | None = None
    text: Text
    public: bool
    promised_for: date | None = None

    @property
    def news(self) -> domain.News:
        """What is new."""
        return domain.News(text=self.text, public=self.public, promised_for=self.promised_for)


@dataclass(frozen=True, kw_only=True)
class ListUpdates:
    """Read the diary of an issue, oldest first; `after` is the `next` of the page before."""

    issue_id: Id
    limit: Annotated[int, validate.Range(1, 500)] = 50
    after: Annotated[int, validate.Range(min=0)] = 0
    public_only: bool = False


@dataclass(frozen=True, kw_only=True)
class Assign(Command):
    """Give an issue to another unit of our tree, to one person, or both."""

    issue_id: Id
    org_unit: Id | None = None
    reason: domain.AssignReason
    person: Id | None = None
    by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ReportDone(Command):
    """Say that the work is done: what is ticked, what shows it, and the public answer."""

    issue_id: Id
    by: Id | None = None
    conditions: Annotated[tuple[ShortText, ...], validate.Length(max=MOST_LINES)] = ()
    proof: Annotated[tuple[ShortText, ...], validate.Length(max=MOST_LINES)] = ()
    answer: Text

    @property
    def work(self) -> domain.Work:
        """What was done."""
        return domain.Work(conditions=self.conditions, proof=self.proof, answer=self.answer)


@dataclass(frozen=True, kw_only=True)
class FailCheck(Command):
    """Say that it is not done; the remark stays inside."""

    issue_id: Id
    by: Id | None = None
    reason: domain.CheckReason
    remark: Text | None = None


@dataclass(frozen=True, kw_only=True)
class AcknowledgeHandOver(Command):
    """Take the number under which the district has it."""

    issue_id: Id
    reference_no: Id


@dataclass(frozen=True, kw_only=True)
class RecordDistrictResult(Command):
    """Take down what came of it at the district, with its answer."""

    issue_id: Id
    outcome: Annotated[domain.Outcome, validate.NoneOf(UNSOLVED_BY_US)]
    answer: Text
