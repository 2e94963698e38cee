"""The life cycles as tables: state, command, who may, next state (rows of lifecycles.md whose commands exist)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from shared.errors import StateNotAllowed

S = TypeVar("S", bound=StrEnum)


class IssueState(StrEnum):
    """Where the work is."""

    REPORTED = "reported"
    TRIAGED = "triaged"
    DELIBERATING = "deliberating"
    IN_PROJECT = "in_project"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


class DeliberationState(StrEnum):
    """Whether the roll may still vote, or how the vote ended."""

    OPEN = "open"
    PASSED = "passed"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class ProjectState(StrEnum):
    """Whether the secretary still answers for the project."""

    RUNNING = "running"
    RETURNED = "returned"
    ACCEPTED = "accepted"


BY_ITSELF = "by_itself"  # a clock or another service's fact; nobody can call it


@dataclass(frozen=True)
class Row(Generic[S]):
    """One line of a table; `who` are roles beside the administrator, empty where a guard decides.

    With several next states the decision chooses one of them; `to` empty means that the state stays.
    """

    states: tuple[S, ...]
    command: str
    to: tuple[S, ...] = ()
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class LifeCycle(Generic[S]):
    """A table of rows about one kind of thing."""

    kind: str
    rows: tuple[Row[S], ...]

    def allowed_in(self, state: S) -> tuple[str, ...]:
        """Name the commands that somebody may call in this state."""
        return tuple(sorted(row.command for row in self._rows_of(state) if BY_ITSELF not in row.who))

    def step(self, state: S, command: str, to: S | None = None) -> S:
        """Return the next state; raises StateNotAllowed, which names the state and what is allowed in it."""
        targets = [target for row in self._rows_of(state) if row.command == command for target in row.to or (state,)]
        if targets and to in (None, *targets):
            return to or targets[0]
        allowed = self.allowed_in(state)
        raise StateNotAllowed(
            f"the {self.kind} is {state}, which allows {', '.join(allowed) or 'nothing more'}, not {command}",
            state=state.value,
            command=command,
            allowed=list(allowed),
        )

    def _rows_of(self, state: S) -> Iterator[Row[S]]:
        return (row for row in self.rows if state in row.states)


_I = IssueState
ISSUE = LifeCycle(
    "issue",
    (
        # row 4
        Row((_I.REPORTED,), "triage", (_I.TRIAGED,), who=("triage",)),
        # row 9: volunteers at work; a vote that is under way goes on
        Row((_I.TRIAGED, _I.IN_PROJECT), "dispatch_filled", (_I.IN_PROGRESS,), who=(BY_ITSELF,)),
        Row((_I.IN_PROGRESS, _I.DELIBERATING), "dispatch_filled", who=(BY_ITSELF,)),
        # rows 16 and 17
        Row((_I.TRIAGED, _I.IN_PROGRESS), "open_deliberation", (_I.DELIBERATING,), who=("secretary", "triage")),
        Row((_I.DELIBERATING,), "close_vote", (_I.TRIAGED, _I.IN_PROGRESS), who=("secretary", "triage")),
        # rows 18 and 19: acceptance leads to resolved, or the state stays
        Row((_I.TRIAGED, _I.IN_PROGRESS), "start_secretary_project", (_I.IN_PROJECT,), who=("secretary",)),
        Row((_I.IN_PROJECT, _I.IN_PROGRESS), "accept_project", (_I.RESOLVED,), who=("secretary", "verifier")),
        # a linked object: the state stays
        Row((_I.TRIAGED, _I.IN_PROJECT, _I.IN_PROGRESS), "request_help", who=("secretary", "triage", "unit")),
        # rows 25 to 27
        Row((_I.IN_PROJECT, _I.IN_PROGRESS), "resolve", (_I.RESOLVED,), who=("verifier",)),
        Row((_I.RESOLVED,), "confirm", (_I.CLOSED, _I.IN_PROGRESS)),
        Row((_I.RESOLVED,), "confirm_automatically", (_I.CLOSED,), who=(BY_ITSELF,)),
    ),
)

_D = DeliberationState
DELIBERATION = LifeCycle(
    "deliberation",
    (
        Row((_D.OPEN,), "cast_vote"),
        Row((_D.OPEN,), "close_vote", (_D.PASSED, _D.REJECTED, _D.LAPSED)),
    ),
)

_P = ProjectState
PROJECT = LifeCycle(
    "secretary's project",
    (Row((_P.RUNNING, _P.RETURNED), "accept_project", (_P.ACCEPTED, _P.RETURNED)),),
)
