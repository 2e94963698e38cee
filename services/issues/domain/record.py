"""What is counted of one issue: one line of the statistics, without a person, a moment or a word."""

from dataclasses import dataclass

from services.issues.domain.feedback import Satisfied, Solved
from services.issues.domain.states import IssueState


@dataclass(frozen=True, kw_only=True)
class Record:
    """One line of the statistics; equal lines are counted together, so it holds few values and no moment.

    None means that the question does not arise, or nobody has answered it.
    """

    ended_as: IssueState | None = None  # how it ended; stays when it is archived
    confirmed: bool = False  # the resident has answered to the last round
    called: bool = False  # somebody has tried to call
    contacted: bool | None = None
    solved: Solved | None = None
    satisfied: Satisfied | None = None
    satisfaction: int | None = None  # 1 to 5 in the last round
    first_satisfaction: int | None = None  # and the first one that was ever given
    on_time: bool | None = None  # against the due date as it was moved
    on_first_time: bool | None = None  # against the due date as it was first set
    holds: bool | None = None  # after thirty days
    rounds: int = 1
    dispatches: int = 0
    returns: int = 0
    checks: int = 0
    failed_checks: int = 0
    on_asset: bool = False
    repeated: bool = False  # within thirty days after another one on the same asset
    found_by_staff: bool = False

    @property
    def answered(self) -> bool:
        """Whether a resident has answered any of the three questions."""
        return (self.contacted, self.solved, self.satisfied) != (None, None, None)
