"""From a call to its answer, without a framework: authenticate, check, decide in one transaction, remember."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from eventlet.semaphore import Semaphore

from shared import clock, failpoints
from shared.actor import Actor, authenticate
from shared.errors import InvalidInput, LinliError, Unavailable
from shared.inbox import earlier_answer, remember_answer
from shared.mongo import retried, translated
from shared.schemas import dump, load
from shared.store import Store
from shared.transaction import CannotUndoStep, Step

LARGEST_CALL = 1024 * 1024  # bytes; where a method does not take more
IMPATIENT_SECONDS = 1.0  # for a call once the database is known to be away: others wait for its worker
Kind = Literal["command", "query", "operation"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One method that others may call: what it takes and how it runs.

    A command is a transaction, a query reads, an operation works on the line itself. `largest` is in bytes.
    """

    name: str
    kind: Kind
    takes: type[Any]
    key: str | None = None
    largest: int = LARGEST_CALL


class KeyedQueue:
    """Lets calls on the same aggregate wait for each other in this process instead of conflicting in the database."""

    def __init__(self) -> None:
        self._locks: dict[Any, tuple[Semaphore, int]] = {}

    @contextmanager
    def turn(self, key: Any, over: float) -> Iterator[None]:
        """Wait for this key's turn, at most until `over` on the monotonic clock; None waits for nobody.

        Raises Unavailable.
        """
        if key is None:
            yield
            return
        lock, waiting = self._locks.get(key, (Semaphore(1), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            if not lock.acquire(timeout=max(0.0, over - time.monotonic())):
                raise Unavailable("too many wait for the same thing; try again", key=key)
            try:
                yield
            finally:
                lock.release()
        finally:
            lock, waiting = self._locks[key]
            if waiting == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, waiting - 1)


@dataclass(kw_only=True)
class Caller:
    """Runs the calls of one service."""

    store: Store
    turns: KeyedQueue = field(default_factory=KeyedQueue)
    answered_at: float = 0.0  # monotonic: when the database answered last
    gave_up_at: float = 0.0  # and when a call gave it up

    def answer(
        self,
        call: Call,
        method: Callable[..., Any],
        *,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        call_id: str,
        token: Any = None,
    ) -> Any:
        """Return the method's answer as plain values; raises LinliError only, whatever comes in."""
        actor = authenticate(token, self.store.settings.auth_key)
        request = load(call.takes, named(call, args, kwargs))
        if call.kind == "operation":
            with translated():
                return dump(method(request, actor))
        return self.run(call, method, request, actor, getattr(request, "command_id", None) or call_id)

    def run(self, call: Call, method: Callable[..., Any], request: Any, actor: Actor, command_id: str) -> Any:
        """Return the answer to a command or question that is checked already; raises LinliError."""
        try:
            return self._in_time(call, method, request, actor, command_id)
        except Unavailable:
            self.gave_up_at = time.monotonic()
            raise

    def _in_time(self, call: Call, method: Callable[..., Any], request: Any, actor: Actor, command_id: str) -> Any:
        """Run a command or question, its turn included; where the last call gave up, the next are less patient."""
        away = self.gave_up_at > self.answered_at
        over = time.monotonic() + (IMPATIENT_SECONDS if away else self.store.settings.command_seconds)
        if call.kind == "query":
            return self._retried(self._question(call, method, request, actor), over)
        with self.turns.turn(getattr(request, call.key) if call.key else None, over):
            return self._retried(self._decision(call, method, request, actor, command_id), over)

    def _retried(self, attempt: Callable[[], Any], over: float) -> Any:
        """Try until the time is over, and remember that the database answered."""

        def noted() -> Any:
            try:
                answer = attempt()
            except Unavailable:
                raise
            except LinliError:
                self.answered_at = time.monotonic()
                raise
            self.answered_at = time.monotonic()
            return answer

        try:
            return retried(noted, seconds=over - time.monotonic())
        except CannotUndoStep as error:
            raise error.__cause__ or error from None

    def _question(self, call: Call, method: Callable[..., Any], request: Any, actor: Actor) -> Callable[[], Any]:
        def attempt() -> Any:
            with self.store.reading(actor, call=call.name) as tx:
                return dump(method(tx, request))

        return attempt

    def _decision(
        self, call: Call, method: Callable[..., Any], request: Any, actor: Actor, command_id: str
    ) -> Callable[[], Any]:
        def attempt() -> Any:
            with self.store.unit(clock.now()) as tx:
                earlier = earlier_answer(tx, command_id, call.name, actor)
                if earlier is not None:
                    return earlier["answer"]
                with tx.step(Step(actor=actor, call=call.name, causation=command_id)):
                    answer = dump(method(tx, request))
                failpoints.passed("before_transaction_end")
                remember_answer(tx, command_id, call.name, actor, answer)
                return answer

        return attempt


def named(call: Call, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Give positional arguments the names of the fields in their declared order; raises InvalidInput."""
    own = _positions(call.takes)
    if len(args) > len(own):
        raise InvalidInput(f"{call.name} takes at most {len(own)} positional values: {', '.join(own)}", given=len(args))
    twice = [name for name in own[: len(args)] if name in kwargs]
    if twice:
        raise InvalidInput(
            f"{call.name} was given {', '.join(twice)} twice", fields={name: ["Given twice."] for name in twice}
        )
    return {**dict(zip(own, args, strict=False)), **kwargs}


def _positions(takes: type[Any]) -> list[str]:
    """Return the fields in the order a caller expects: the class's own first, inherited ones after them."""
    every = [member.name for member in fields(takes) if member.name not in ("command_id", "expected_revision")]
    own = [name for name in every if name in takes.__annotations__]
    return own + [name for name in every if name not in own]
