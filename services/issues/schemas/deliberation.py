"""Commands on a deliberation: the topic, the roll, the meeting, the votes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from marshmallow import validate

from services.issues import domain
from services.issues.schemas.areas import Area, TotalArea, square_decimetres
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, ShortText, Text

LARGEST_ROLL = 2500  # voters; an estate has up to 2,300 owners (seed-scale.md)
LARGEST_COUNCIL = 500  # members
Buildings = Annotated[tuple[Id, ...], validate.Length(max=100)]
Material = Annotated[tuple[ShortText, ...], validate.Length(max=50)]


@dataclass(frozen=True, kw_only=True)
class RollEntry:
    """Somebody who may vote; `area` in m² with at most two decimals."""

    person_id: Id
    area: Area = 0.0


def _areas(roll: tuple[RollEntry, ...]) -> dict[str, int]:
    return {entry.person_id: square_decimetres(entry.area) for entry in roll}


def _total(area: float | None) -> int | None:
    return None if area is None else square_decimetres(area)


Lines = Annotated[tuple[RollEntry, ...], validate.Length(1, LARGEST_ROLL), unique("person_id")]


@dataclass(frozen=True, kw_only=True)
class ProposeTopic(Command):
    """Bring a topic up; without a matter or a rule the category and the law say which."""

    issue_id: Id
    topic: ShortText
    proposed_by: domain.ProposedBy
    options: Annotated[tuple[ShortText, ...], validate.Length(max=20)] = ()
    proposers: Annotated[tuple[Id, ...], validate.Length(max=LARGEST_COUNCIL), unique()] = ()
    council_size: Annotated[int, validate.Range(1, LARGEST_COUNCIL)] | None = None
    matter: domain.Matter | None = None
    rule: domain.VotingRule | None = None
    affected: Buildings = ()

    @property
    def proposal(self) -> domain.Topic:
        """What somebody wants decided."""
        return domain.Topic(
            topic=self.topic,
            proposed_by=self.proposed_by,
            proposers=self.proposers,
            council_size=self.council_size,
            options=self.options,
            matter=self.matter,
            rule=self.rule,
            affected=self.affected,
        )


@dataclass(frozen=True, kw_only=True)
class SetRoll(Command):
    """Say who takes part; the totals are those of the register."""

    deliberation_id: Id
    roll: Lines
    total_area: TotalArea | None = None
    total_persons: Annotated[int, validate.Range(1, LARGEST_ROLL)] | None = None

    @property
    def lines(self) -> domain.Roll:
        """Who may vote."""
        return domain.Roll(
            areas=_areas(self.roll), total_area=_total(self.total_area), total_persons=self.total_persons
        )


@dataclass(frozen=True, kw_only=True)
class OpenDeliberation(Command):
    """Put a question to everybody on a roll; what was proposed before is left out here."""

    issue_id: Id
    rule: domain.VotingRule | None = None
    topic: ShortText | None = None
    roll: Lines | None = None
    meets_at: datetime | None = None
    closes_at: datetime | None = None
    material: Material = ()
    matter: domain.Matter | None = None
    affected: Buildings = ()
    total_area: TotalArea | None = None
    total_persons: Annotated[int, validate.Range(1, LARGEST_ROLL)] | None = None

    @property
    def question(self) -> domain.Question:
        """What is put to whom."""
        return domain.Question(
            rule=self.rule,
            topic=self.topic,
            roll=_areas(self.roll or ()),
            meets_at=self.meets_at,
            closes_at=self.closes_at,
            material=self.material,
            matter=self.matter,
            affected=self.affected,
            total_area=_total(self.total_area),
            total_persons=self.total_persons,
        )


@dataclass(frozen=True, kw_only=True)
class PostponeDeliberation(Command):
    """Put the meeting off; `reason` stays here."""

    deliberation_id: Id
    meets_at: datetime
    reason: ShortText
    closes_at: datetime | None = None

    def put_off(self, by: str, at: datetime) -> domain.Postponement:
        """What is put off, by whom and when."""
        return domain.Postponement(meets_at=self.meets_at, reason=self.reason, by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class WithdrawTopic(Command):
    """Take the topic back; `reason` stays here."""

    deliberation_id: Id
    reason: ShortText


@dataclass(frozen=True, kw_only=True)
class RegisterVoteProxy(Command):
    """Let `proxy` hand in this person's vote; `authorisation` says where the signed paper is kept."""

    deliberation_id: Id
    person_id: Id
    proxy: Id
    authorisation: ShortText


@dataclass(frozen=True, kw_only=True)
class CastVote(Command):
    """Vote once; `by` is who hands the vote in for the person, where it is somebody else."""

    deliberation_id: Id
    person_id: Id
    choice: domain.Choice
    by: Id | None = None
    via: Annotated[domain.VoteVia, validate.NoneOf([domain.VoteVia.PROXY])] = domain.VoteVia.ONLINE


@dataclass(frozen=True, kw_only=True)
class CloseVote(Command):
    """Count the votes and decide."""

    deliberation_id: Id


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """What one side said."""

    side: ShortText
    view: Text


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What was agreed to do."""

    text: ShortText
    responsible: Id
    due_on: date


@dataclass(frozen=True, kw_only=True)
class RecordMinutes(Command):
    """Keep the minutes of the meeting; they stay here."""

    deliberation_id: Id
    held_at: datetime
    place: ShortText
    host: Id
    recorder: Id
    present: Annotated[tuple[Id, ...], validate.Length(1, LARGEST_ROLL), unique()]
    result: Text
    views: Annotated[tuple[Standpoint, ...], validate.Length(max=50)] = ()
    measures: Annotated[tuple[Measure, ...], validate.Length(max=50)] = ()

    @property
    def minutes(self) -> domain.Minutes:
        """What was said."""
        return domain.Minutes(
            held_at=self.held_at,
            place=self.place,
            host=self.host,
            recorder=self.recorder,
            present=self.present,
            views=tuple(domain.Standpoint(side=one.side, view=one.view) for one in self.views),
            result=self.result,
            measures=tuple(
                domain.Measure(text=one.text, responsible=one.responsible, due_on=one.due_on) for one in self.measures
            ),
        )
