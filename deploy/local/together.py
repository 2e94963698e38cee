"""Do several slow things at once, and stop all of them when one fails or the person interrupts."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.local.say import Problem

POLL = 0.05  # seconds between two looks
_stop = threading.Event()


class Stopped(Exception):
    """This part gives up because the whole was called off."""


def wait_until(ready: Callable[[], bool], seconds: float, late: Callable[[], Problem]) -> None:
    """Poll until it is ready; raise what `late` says when the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if _stop.is_set():
            raise Stopped
        if time.monotonic() > end:
            raise late()
        time.sleep(POLL)  # between two looks at the condition


def together(*parts: Callable[[], object]) -> None:
    """Run the parts in threads; raise the first failure after all of them have ended."""
    failures: list[BaseException] = []

    def attempt(part: Callable[[], object]) -> None:
        try:
            part()
        except Stopped:
            pass
        except BaseException as failure:
            failures.append(failure)
            _stop.set()

    threads = [threading.Thread(target=attempt, args=(part,), daemon=True) for part in parts]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(POLL)  # in short turns, so that an interrupt is heard
    finally:
        if any(thread.is_alive() for thread in threads):
            _stop.set()  # interrupted: what was begun must be on record before it is taken down
            for thread in threads:
                thread.join(timeout=20)
        _stop.clear()
    if failures:
        raise failures[0]
