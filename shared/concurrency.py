"""Green threads, so that services need not know eventlet."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import eventlet

T = TypeVar("T")
R = TypeVar("R")


def each(function: Callable[[T], R], items: Iterable[T], size: int = 20) -> list[R]:
    """Call the function with every item, at most `size` at once, and keep the order."""
    return list(eventlet.GreenPool(size).imap(function, items))
