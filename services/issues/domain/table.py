"""A life cycle as a table of transitions: from it come code, refusals, documentation and the state diagram."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from shared.errors import StateNotAllowed

S = TypeVar("S", bound=StrEnum)

BY_ITSELF = "by_itself"  # a clock or another service's fact; nobody can call it


@dataclass(frozen=True, kw_only=True)
class Row(Generic[S]):
    """One line of a table; `who` are roles beside the administrator, empty where a guard decides.

    No `states` mean that the thing begins here. With several next states the decision chooses one of them; `to` empty
    means that the state stays. `guard` says in words what else must hold, `facts` what is announced.
    """

    command: str
    states: tuple[S, ...] = ()
    to: tuple[S, ...] = ()
    who: tuple[str, ...] = ()
    guard: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class LifeCycle(Generic[S]):
    """A table of rows about one kind of thing."""

    kind: str
    rows: tuple[Row[S], ...]

    def allowed_in(self, state: S) -> tuple[str, ...]:
        """Name the commands that somebody may call in this state."""
        return tuple(sorted({row.command for row in self._rows_of(state) if BY_ITSELF not in row.who}))

    def allows(self, state: S, command: str) -> bool:
        """Whether the command is possible in this state."""
        return any(row.command == command for row in self._rows_of(state))

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

    def roles(self, command: str) -> frozenset[str]:
        """Name the roles that may call the command, beside the administrator."""
        return frozenset(role for row in self.rows if row.command == command for role in row.who)

    def _rows_of(self, state: S) -> Iterator[Row[S]]:
        return (row for row in self.rows if state in row.states)
