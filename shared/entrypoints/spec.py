"""The decorators a service is written with; each method becomes one that its entrypoint calls with the work to do."""

import functools
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from shared.calls import LARGEST_CALL, Call
from shared.entrypoints.calling import Calling
from shared.entrypoints.http import Route, Routing
from shared.entrypoints.partition import PartitionSubscribing
from shared.entrypoints.subscribing import Subscribing
from shared.events import Inbound
from shared.handling import Preload
from shared.http import Refused, plain

MOST_PARTITIONS = 16  # each is a quorum queue and a worker of every replica
F = TypeVar("F", bound=Callable[..., Any])


def command(takes: type[Any], *, key: str | None = None, largest: int = LARGEST_CALL) -> Callable[[F], F]:
    """Let others call the method as one transaction; calls with the same value of `key` wait for each other here.

    A call has at most `largest` bytes.
    """
    return _call("command", takes, key, largest)


def query(takes: type[Any]) -> Callable[[F], F]:
    """Let others ask; nothing can be written."""
    return _call("query", takes, None)


def operation(takes: type[Any]) -> Callable[[F], F]:
    """Let an administrator work on the line itself, outside any transaction."""
    return _call("operation", takes, None)


def subscribe(takes: type[Inbound], *, preload: Preload | None = None, partitions: int = 0) -> Callable[[F], F]:
    """Handle every event of this type once, in one transaction with what it changes.

    `preload(tx, facts)` loads for a whole batch, in few round trips, what the handler looks up for each fact.
    With `partitions` the events of one subject take effect in their order, on at most so many replicas at once.
    """
    if not 0 <= partitions <= MOST_PARTITIONS:
        raise ValueError(f"partitions must be 1 to {MOST_PARTITIONS}, or 0 for no order; not {partitions}")

    def decorate(method: F) -> F:
        wrapped = _wrapped(method)
        if not partitions:
            Subscribing.decorator(takes, preload=preload)(wrapped)
        for number in range(partitions):
            PartitionSubscribing.decorator(takes, preload, partition=number, partitions=partitions)(wrapped)
        return wrapped

    return decorate


def route(method: Literal["GET", "POST"], path: str, *, refused: Refused = plain) -> Callable[[F], F]:
    """Answer over HTTP at `path`, such as `/things/<id>.<format>`: `(tx, Request) -> Reply`, where API_ADDRESS is set.

    A GET reads; a POST is one transaction, tried again after a conflict. `refused` words what went wrong.
    """

    def decorate(function: F) -> F:
        wrapped = _wrapped(function)
        Routing.decorator(Route(method=method, path=path, refused=refused))(wrapped)
        return wrapped

    return decorate


def due(kind: str) -> Callable[[F], F]:
    """Handle deadlines of this kind once, on whichever replica comes first."""

    def decorate(method: F) -> F:
        method.due_kind = kind  # type: ignore[attr-defined]  # functions take attributes; mypy does not know
        return method

    return decorate


def _call(kind: Any, takes: type[Any], key: str | None, largest: int = LARGEST_CALL) -> Callable[[F], F]:
    def decorate(method: F) -> F:
        wrapped = _wrapped(method)
        Calling.decorator(Call(name=method.__name__, kind=kind, takes=takes, key=key, largest=largest))(wrapped)
        return wrapped

    return decorate


def _wrapped(method: F) -> F:
    """Return a method that hands its bound original to the work nameko's worker brings along."""

    @functools.wraps(method)
    def run(service: Any, work: Callable[[Callable[..., Any]], Any]) -> Any:
        return work(functools.partial(method, service))

    return run  # type: ignore[return-value]  # nameko calls it, the original's signature is for readers
