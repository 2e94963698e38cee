"""What residents answer to the work, kept as it was given; rates are computed from these answers, never stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AnswerKind(StrEnum):
    """Whether a resident confirmed, was called afterwards, or was asked whether it has stayed solved."""

    CONFIRMATION = "confirmation"
    CALL_BACK = "call_back"
    DURABILITY = "durability"


class Solved(StrEnum):
    """Whether the problem is solved: 解决, 部分解决, 未解决."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Satisfied(StrEnum):
    """Whether the resident is content: 满意, 基本满意, 不满意."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


# What the five steps of a confirmation say; 3 closes a case, so it counts as solved.
SOLVED_BY_STEP = {5: Solved.YES, 4: Solved.YES, 3: Solved.YES, 2: Solved.PARTLY, 1: Solved.NO}
SATISFIED_BY_STEP = {
    5: Satisfied.SATISFIED,
    4: Satisfied.SATISFIED,
    3: Satisfied.BASICALLY,
    2: Satisfied.DISSATISFIED,
    1: Satisfied.DISSATISFIED,
}


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """One answer, or one attempt to get one; None where a question was not answered.

    `by` gave it in a confirmation, and made the call in a call-back. `contacted` says whether somebody had spoken to
    the resident about the case, `satisfaction` is 1 to 5, `holds` whether it has stayed solved.
    """

    kind: AnswerKind
    round: int
    at: datetime
    by: str
    channel: str
    reached: bool = True
    contacted: bool | None = None
    solved: Solved | None = None
    satisfied: Satisfied | None = None
    satisfaction: int | None = None
    holds: bool | None = None
    remark: str | None = None
