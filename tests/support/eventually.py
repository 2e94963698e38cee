"""Wait for a condition instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], *, seconds: float = 20.0, every: float = 0.05) -> T:
    """Return the condition's first true value; raises AssertionError with its last value when the time is over."""
    over = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < over, f"did not come true within {seconds} s; last value: {value!r}"
        time.sleep(every)  # the one sleep there is: between two looks at a condition
