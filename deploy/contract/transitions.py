"""What page and picture of the life cycles are made from: rows of the table, grouped."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.states import ENDED, UNHANDLED, UNSOLVED, IssueState
from services.issues.domain.table import Row

START = "[*]"
MEMBERS = {
    "unsolved": UNSOLVED,
    "unsolved_or_merged": (*UNSOLVED, IssueState.MERGED),
    "unhandled": UNHANDLED,
    "ended": ENDED,
}
NAMES = {
    "unsolved": "any unsolved state",
    "unsolved_or_merged": "any unsolved state, or merged",
    "unhandled": "any state before handled",
    "ended": "any ended state",
}
GROUPS = {frozenset(states): group for group, states in MEMBERS.items()}
MOST_TARGETS = 3  # what leads to more states is told in words


@dataclass(frozen=True)
class Arrow:
    """From one state or group of states to another state, with the commands that lead there."""

    source: str
    target: str
    commands: tuple[str, ...]


def arrows() -> tuple[Arrow, ...]:
    """Return one arrow for each pair of states, in the order of the table; a group is one source."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in ISSUE.rows:
        if not _in_words(row):
            for source in sources(row):
                for target in _targets(row):
                    if source != target:
                        found[source, target][row.command] = None
    return tuple(Arrow(source, target, tuple(commands)) for (source, target), commands in found.items())


def in_words() -> tuple[Row[IssueState], ...]:
    """Return the rows that lead to too many states for an arrow each."""
    return tuple(row for row in ISSUE.rows if _in_words(row))


def staying() -> dict[str, tuple[str, ...]]:
    """Return the commands that leave the state as it is, by state or group, in the order of the table."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in ISSUE.rows:
        for source in sources(row):
            if not row.to or source in row.to:
                found[source][row.command] = None
    return {source: tuple(commands) for source, commands in found.items()}


def sources(row: Row[IssueState]) -> Iterable[str]:
    """Name where a row begins: the start, a group, or each of its states."""
    if not row.states:
        return (START,)
    group = GROUPS.get(frozenset(row.states))
    return (group,) if group else tuple(state.value for state in row.states)


def _targets(row: Row[IssueState]) -> tuple[str, ...]:
    """Name the states that a row leads to; of a group, those outside it."""
    inside = row.states if frozenset(row.states) in GROUPS else ()
    return tuple(state.value for state in row.to if state not in inside)


def _in_words(row: Row[IssueState]) -> bool:
    return len(_targets(row)) > MOST_TARGETS
