"""Green threads, so that services need not know eventlet."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import eventlet
from eventlet import tpool
from eventlet.semaphore import Semaphore

T = TypeVar("T")
R = TypeVar("R")
MOST_ASIDE = 2  # at once: each may need some hundred megabytes and a core
_aside = Semaphore(MOST_ASIDE)


def each(function: Callable[[T], R], items: Iterable[T], size: int = 20) -> list[R]:
    """Call the function with every item, at most `size` at once, and keep the order."""
    return list(eventlet.GreenPool(size).imap(function, items))


def aside(function: Callable[..., R], *args: Any) -> R:
    """Call what computes for long in a thread of its own, while every green thread goes on.

    The function must not use locks, files or connections of this process, which belong to the green threads.
    """
    with _aside:
        result: R = tpool.execute(function, *args)
        return result
