"""What volunteer remembers of an issue: which rounds the resident has answered, and whether it is closed."""

from dataclasses import dataclass, replace
from enum import StrEnum

from services.volunteer.domain.tree import Level
from shared.errors import AlreadyHandled, Refusal


class IssueState(StrEnum):
    """The part of an issue's life that volunteers' work depends on."""

    OPEN = "open"
    CLOSED = "closed"


class IssueClosed(Refusal):
    """Nobody is asked for help with an issue that is closed."""


@dataclass(frozen=True, kw_only=True)
class IssueCopy:
    """A read copy and a guard: every decision that depends on it saves it, so that no two of them miss each other."""

    issue_id: str
    state: IssueState = IssueState.OPEN
    sequence: int = 0
    verified_rounds: tuple[int, ...] = ()
    closed_rounds: int = 0
    scope: Level | None = None  # people are looked for at least as far as this, because the issue went up the tree
    revision: int = 0

    def is_verified(self, number: int) -> bool:
        """Whether the resident has answered this round."""
        return number in self.verified_rounds


def verify(copy: IssueCopy, number: int, state: IssueState, sequence: int) -> IssueCopy:
    """Note the resident's answer to a round; the state follows only newer events.

    Raises AlreadyHandled when the round was answered before and the event brings no newer state.
    """
    after = _moved(copy, state, sequence)
    if copy.is_verified(number):
        if after.state is copy.state:
            raise AlreadyHandled("this round was answered before", issue_id=copy.issue_id, round=number)
        return after
    return replace(after, verified_rounds=(*copy.verified_rounds, number))


def close(copy: IssueCopy, rounds: int, sequence: int) -> IssueCopy:
    """Note that the issue was closed after so many rounds."""
    return replace(_moved(copy, IssueState.CLOSED, sequence), closed_rounds=max(copy.closed_rounds, rounds))


def widen(copy: IssueCopy, scope: Level) -> IssueCopy:
    """Note how far the issue went up the tree; raises AlreadyHandled where it had gone as far before."""
    if copy.scope is not None and copy.scope.depth <= scope.depth:
        raise AlreadyHandled("the scope is as wide already", issue_id=copy.issue_id, scope=copy.scope.value)
    return replace(copy, scope=scope)


def widest(copy: IssueCopy, scope: Level) -> Level:
    """Return the wider of what is asked for and how far the issue went up."""
    return scope if copy.scope is None else min(scope, copy.scope, key=lambda level: level.depth)


def check_open(copy: IssueCopy, number: int) -> None:
    """Raise IssueClosed when the round that help is asked for is over."""
    if number <= copy.closed_rounds:
        raise IssueClosed("the issue is closed", issue_id=copy.issue_id, round=number)


def _moved(copy: IssueCopy, state: IssueState, sequence: int) -> IssueCopy:
    if sequence < copy.sequence:
        return copy
    return replace(copy, state=state, sequence=sequence)
