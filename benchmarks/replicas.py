"""What a second replica brings: each on a core of its own, the servers on what is left, if anything is."""

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator, Sequence

import psutil

from benchmarks import usage
from benchmarks.figures import Contender, Experiment, Measured, Metric, Target
from benchmarks.ground import PATIENCE, Ground, ground
from benchmarks.handlers import EXACTLY_ONCE, LINLI
from benchmarks.handling import CPU_IN_ALL, RATE, WARM_UP, Reading, await_effects, fill

ONE, TWO = "one replica on a core", "two replicas on two cores"
OTHERS = Metric(unit="%", label="of all cores taken by others")
POSSIBLE = Metric(unit="events/s", label="if all cores did nothing else", more_is_better=True)


def experiment(count: int) -> Experiment:
    """Compare two replicas with one."""
    return Experiment(
        name="second_replica",
        title="second replica of volunteer, queue filled before",
        contenders=[
            Contender(name=TWO, guarantee=EXACTLY_ONCE, measure=lambda: pinned(count, 2)),
            Contender(name=ONE, guarantee=EXACTLY_ONCE, measure=lambda: pinned(count, 1)),
        ],
        targets=[Target(metric=RATE, bound=1.7, against=(ONE,))],
    )


def pinned(count: int, replicas: int) -> Measured:
    """Measure so many replicas, each pinned to one core; the servers get the cores that no replica of two takes."""
    cores = usage.cores()
    with ground() as here, _on_cores(here.servers().values(), cores[2:]):
        measured = handled(here, count, replicas, cores)
        return {**measured, POSSIBLE: len(cores) * 1e6 / measured[CPU_IN_ALL]}


def handled(here: Ground, count: int, replicas: int, cores: Sequence[int] = ()) -> Measured:
    """Let so many replicas begin at the same moment with a backlog; each is pinned to a core if cores are given."""
    LINLI.prepare(here, range(count))
    for number in range(replicas):
        process = LINLI.start(here)
        if cores:
            psutil.Process(process.popen.pid).cpu_affinity([cores[number % len(cores)]])
    for process in here.processes:
        process.wait_ready(PATIENCE)
    _signal(here, signal.SIGSTOP)  # none may begin while the queue is being filled
    fill(here, LINLI, range(count))
    _signal(here, signal.SIGCONT)
    reading = Reading(here, LINLI, WARM_UP * count)
    everybody = Everybody(here)
    await_effects(here, LINLI, count)
    measured = {**reading.until_now(count), OTHERS: everybody.taken_by_others()}
    LINLI.check(here, count)
    return measured


class Everybody:
    """What the whole machine does meanwhile, and what of it has nothing to do with the measurement."""

    def __init__(self, here: Ground) -> None:
        family = [member for process in here.processes for member in usage.tree(process)]
        self._ours = [psutil.Process(), *family, *here.servers().values()]
        self._before = self._now()

    def taken_by_others(self) -> float:
        """Return their share of the time of all cores since the beginning, in percent."""
        whole, busy, own = (now - before for now, before in zip(self._now(), self._before, strict=True))
        return max(0.0, busy - own) / whole * 100

    def _now(self) -> tuple[float, float, float]:
        times = psutil.cpu_times()
        whole = sum(times) - times.guest - times.guest_nice  # the kernel counts a guest's time as its host's too
        return whole, whole - times.idle - times.iowait, usage.cpu_seconds(self._ours)


def _signal(here: Ground, number: signal.Signals) -> None:
    for process in here.processes:
        process.signal(number)


@contextlib.contextmanager
def _on_cores(servers: Iterable[psutil.Process], cores: Sequence[int]) -> Iterator[None]:
    """Keep the servers on these cores meanwhile; where there are none left, they stay on all."""
    before = {thread.id: os.sched_getaffinity(thread.id) for server in servers for thread in server.threads()}
    for thread in before if cores else ():
        os.sched_setaffinity(thread, cores)
    try:
        yield
    finally:
        for thread, mask in before.items():
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(thread, mask)
