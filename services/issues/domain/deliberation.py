"""A deliberation, from the topic to the evaluation, and the lines of its roll."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.issues.domain import steps
from services.issues.domain.linked import DELIBERATION, DeliberationState
from services.issues.domain.matters import Matter
from services.issues.domain.steps import STEPS, Done, Step, StepRow
from services.issues.domain.voting import Choice, Tally, VotingRule

AUTOMATIC = "automatic"  # who took a step that the clock took


class ProposedBy(StrEnum):
    """Who may bring a topic up."""

    BRANCH = "branch"
    RESIDENTS_COMMITTEE = "residents_committee"
    COUNCIL_HALF = "council_half"


class VoteVia(StrEnum):
    """How a vote came; whether it came by a proxy is seen from who handed it in."""

    ONLINE = "online"
    PAPER = "paper"
    HANDS = "hands"
    PROXY = "proxy"


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """What one side said; stays in this database."""

    side: str
    view: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What was agreed to do, by whom and until when."""

    text: str
    responsible: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """What was said at the meeting; stays in this database."""

    held_at: datetime
    place: str
    host: str
    recorder: str
    present: tuple[str, ...]
    views: tuple[Standpoint, ...]
    result: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True)
class Postponement:
    """A meeting that was put off; the reason stays here."""

    meets_at: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Whether the topic is really solved, and without after-effects."""

    solved: bool
    after_effects: bool
    remark: str | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Deliberation:
    """The deliberation itself, kept small: voters and objections are documents of their own."""

    deliberation_id: str
    issue_id: str
    rule: VotingRule
    topic: str
    matter: Matter = Matter.COUNCIL_MATTER
    affected: tuple[str, ...] = ()  # buildings
    proposed_by: ProposedBy | None = None
    proposers: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # what is discussed; the vote is on the topic
    roll_size: int = 0
    roll_area: int = 0
    opened_at: datetime | None = None
    notice_at: datetime | None = None
    material: tuple[str, ...] = ()
    meets_at: datetime | None = None
    closes_at: datetime | None = None
    postponements: tuple[Postponement, ...] = ()
    state: DeliberationState = DeliberationState.PROPOSED
    steps: tuple[Done, ...] = ()
    tally: Tally | None = None
    closed_at: datetime | None = None
    minutes: Minutes | None = None
    signatures: int = 0
    published_at: datetime | None = None
    notice_until: datetime | None = None
    objections: int = 0
    executor: str | None = None
    execute_by: date | None = None
    evaluation: Evaluation | None = None
    withdrawn_for: str | None = None
    revision: int = 0

    def with_steps(self, *taken: Step, by: str, at: datetime) -> "Deliberation":
        """Note steps as taken."""
        return replace(self, steps=steps.record(self.steps, *taken, by=by, at=at))

    @property
    def next_step(self) -> StepRow | None:
        """The first usual step that is not taken yet and still can be."""
        taken = {done.step for done in self.steps}
        left = (row for row in STEPS if row.step not in taken and DELIBERATION.allows(self.state, row.command))
        return next(left, None)


@dataclass(frozen=True, kw_only=True)
class Voter:
    """One line of the roll; `area` in square decimetres, `cast_by` is who handed the vote in."""

    voter_id: str
    deliberation_id: str
    person_id: str
    area: int
    choice: Choice | None = None
    cast_at: datetime | None = None
    cast_by: str | None = None
    via: VoteVia | None = None
    proxy: str | None = None
    authorisation: str | None = None  # where the signed paper is kept
    proxy_by: str | None = None  # the officer who saw it
    signed_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, kw_only=True)
class Objection:
    """What somebody has against a result while its notice hangs; the words stay here."""

    objection_id: str
    deliberation_id: str
    person_id: str
    text: str
    at: datetime
    revision: int = 0


def voter_id(deliberation_id: str, person_id: str) -> str:
    """Name a line of the roll, or an objection, by its business key."""
    return f"{deliberation_id}/{person_id}"
