"""Handled events per second of one subscription whose queue was filled before, and what each costs."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from benchmarks import usage
from benchmarks.completions import USUAL, completion
from benchmarks.figures import Contender, Experiment, Measured, Metric, Target
from benchmarks.ground import LOOK_EVERY, PATIENCE, Ground, ground
from benchmarks.handlers import LINLI, NAMEKO, OTHERS, Handler, Linli
from tests.support.eventually import eventually

if TYPE_CHECKING:
    import psutil

RATE = Metric(unit="events/s", more_is_better=True)
CPU = Metric(unit="µs", label="CPU of its processes, each")
CPU_OF_SERVER = {name: Metric(unit="µs", label=f"CPU of {name}, each") for name in (usage.DATABASE, usage.BROKER)}
CPU_IN_ALL = Metric(unit="µs", label="CPU of all of them, each")
MEMORY = Metric(unit="MB", label="memory after it")
WARM_UP = 0.1  # share of the events that passes before the clock starts
FILL_AT_ONCE = 1000
BATCHES_OF_ONE = Linli("linli, BATCH_SIZE=1", BATCH_SIZE="1")


def experiment(count: int, singles: int) -> Experiment:
    """Compare batches with every peer, and with single events."""
    handlers = {LINLI: count, **dict.fromkeys(OTHERS, count), BATCHES_OF_ONE: singles}
    return Experiment(
        name="handling",
        title="handled events of one subscription, queue filled before",
        contenders=[contender(handler, events) for handler, events in handlers.items()],
        targets=[
            Target(metric=RATE, bound=3, against=tuple(peer.name for peer in OTHERS)),
            Target(metric=RATE, bound=4, against=(NAMEKO.name,)),
        ],
    )


def contender(handler: Handler, count: int, size: int = USUAL) -> Contender:
    """Let a handler take part with so many events of so many bytes."""
    return Contender(
        name=handler.name, guarantee=handler.guarantee, measure=lambda: backlog_handled(handler, count, size)
    )


def backlog_handled(handler: Handler, count: int, size: int = USUAL) -> Measured:
    """Fill the queue, start the process, and measure from the end of the warm-up until nothing is left to do."""
    with ground() as here:
        handler.prepare(here, range(count))
        fill(here, handler, range(count), size)
        process = handler.start(here)
        before = Reading(here, handler, WARM_UP * count)
        await_effects(here, handler, count)
        measured = before.until_now(count)
        handler.check(here, count)
        return {**measured, MEMORY: usage.resident_megabytes(process)}


def fill(here: Ground, handler: Handler, numbers: Iterable[int], size: int = USUAL) -> None:
    """Put an event for each number into the queue."""
    numbers = list(numbers)
    with handler.sending(here) as send:
        for start in range(0, len(numbers), FILL_AT_ONCE):
            send([completion(number, size) for number in numbers[start : start + FILL_AT_ONCE]])


def await_effects(here: Ground, handler: Handler, count: int) -> None:
    """Wait until this many effects are committed and nothing that follows from them is left to do."""
    effects = handler.effects(here)

    def over() -> bool:  # the estimate costs nothing and runs ahead of a commit
        here.check_alive()
        return (
            effects.estimated_document_count() >= count
            and effects.count_documents({}) >= count
            and handler.settled(here)
        )

    eventually(over, seconds=PATIENCE, every=LOOK_EVERY)


class Reading:
    """What had been handled and used when the warm-up was over."""

    def __init__(self, here: Ground, handler: Handler, warm_up: float) -> None:
        effects = handler.effects(here)
        self._servers = here.servers()

        def warm() -> int:
            here.check_alive()
            now = int(effects.estimated_document_count())
            return now if now >= warm_up else 0

        self._handled = eventually(warm, seconds=PATIENCE, every=LOOK_EVERY)
        self._began = time.monotonic()
        self._family = [member for process in here.processes for member in usage.tree(process)]
        self._used = self._usage()

    def until_now(self, handled: int) -> Measured:
        """Return the rate since then, and the time on a core an event took of whom."""
        took, used = time.monotonic() - self._began, self._usage()
        events = handled - self._handled
        assert events > 0, "all was over before the clock started: more events are needed"
        cost = {metric: (used[metric] - before) / events * 1e6 for metric, before in self._used.items()}
        return {RATE: events / took, **cost, CPU_IN_ALL: sum(cost.values())}

    def _usage(self) -> dict[Metric, float]:
        members: dict[Metric, list[psutil.Process]] = {CPU: self._family}
        members |= {CPU_OF_SERVER[name]: [server] for name, server in self._servers.items()}
        return {metric: usage.cpu_seconds(processes) for metric, processes in members.items()}
