"""What is counted of one issue: one line of the statistics, without a person, a moment or a word."""

import types
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from services.issues.domain.feedback import Satisfied, Solved
from services.issues.domain.states import IssueState

SEPARATOR = ","


@dataclass(frozen=True, kw_only=True)
class Record:
    """One line of the statistics; equal lines are counted together, so it holds few values and no moment.

    None means that the question does not arise, or nobody has answered it. As a text, which databases compare fast, it
    is the values in this order: a new field goes to the end and has a default, so that older lines can be read.
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

    def __str__(self) -> str:
        return SEPARATOR.join(_text(value) for value in vars(self).values())

    @classmethod
    def read(cls, line: str) -> "Record":
        """Read a line; an empty one is that of a new issue."""
        texts = line.split(SEPARATOR) if line else []
        values: dict[str, Any] = {
            name: read(text) if text else None for (name, read), text in zip(_READERS.items(), texts, strict=False)
        }
        return cls(**values)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.value if isinstance(value, StrEnum) else str(int(value))


def _reader(hint: Any) -> Callable[[str], Any]:
    """Say how a value is read that is not None."""
    if get_origin(hint) in (Union, types.UnionType):
        [hint] = [one for one in get_args(hint) if one is not types.NoneType]
    return (lambda text: text == "1") if hint is bool else hint


_READERS = {name: _reader(hint) for name, hint in get_type_hints(Record).items()}
