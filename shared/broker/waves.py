"""Publish a window so that no ordered event goes out before the one it follows is confirmed.

Confirms are pipelined: when the broker refuses one message, later ones are on their way. Where a subject's next event
must not arrive first, it goes out in the next wave, and stays where an earlier one of its row was not confirmed. A
window in which every ordered subject has one event is one wave, as a window without ordered events is. A long row is
cut short, for what is new and belongs to others must not wait for all of it.
"""

import time
from collections.abc import Callable, Hashable, Sequence

from shared.broker.publisher import CONFIRMED, Outgoing

WAVES_SECONDS = 0.25  # for all waves but the first; the next window begins where these end
LATER = "later"  # not published: its row is longer than one window takes
WITHHELD = "withheld"  # not published: an earlier event of its row was not confirmed, or another process leads


def waves(rows: Sequence[Hashable]) -> list[list[int]]:
    """Return the positions of each wave: each row is once in it, and what belongs to no row (None) is in the first."""
    found: list[list[int]] = []
    seen: dict[Hashable, int] = {}
    for position, row in enumerate(rows):
        wave = 0 if row is None else seen.get(row, 0)
        if row is not None:
            seen[row] = wave + 1
        if wave == len(found):
            found.append([])
        found[wave].append(position)
    return found


def publish_in_waves(
    publish: Callable[[list[Outgoing]], list[str]],
    messages: Sequence[Outgoing],
    rows: Sequence[Hashable],
    seconds: float = WAVES_SECONDS,
) -> list[str]:
    """Publish the messages and return each one's outcome; `rows` names for each the row whose order it must keep."""
    outcomes = [LATER] * len(messages)
    stopped: set[Hashable] = set()
    over = time.monotonic() + seconds
    for number, wave in enumerate(waves(rows)):
        if number and time.monotonic() >= over:
            break
        going = [position for position in wave if rows[position] not in stopped]
        told = publish([messages[position] for position in going]) if going else []
        for position, outcome in zip(going, told, strict=True):
            outcomes[position] = outcome
            if outcome != CONFIRMED and rows[position] is not None:
                stopped.add(rows[position])
    return [
        WITHHELD if outcome == LATER and row in stopped else outcome
        for outcome, row in zip(outcomes, rows, strict=True)
    ]
