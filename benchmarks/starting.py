"""From the start of a process to its being ready, and the memory it then takes."""

import time

from benchmarks.figures import Contender, Experiment, Measured, Metric
from benchmarks.ground import LOOK_EVERY, PATIENCE, ground
from benchmarks.usage import resident_megabytes
from tests.support.eventually import eventually

READY = Metric(unit="s", label="start to ready")
MEMORY = Metric(unit="MB", label="memory, idle")


def experiment() -> Experiment:
    """Compare volunteer with a stock service of one handler."""
    return Experiment(
        name="starting",
        title="one process",
        target="≤ 2 s, ≤ 80 MB",
        contenders=[
            Contender(
                name="linli volunteer",
                guarantee="ready: database prepared, queues declared, the broker sees its consumers",
                measure=ours,
            ),
            Contender(name="stock nameko", guarantee="ready: the broker sees its consumer", measure=stock),
        ],
    )


def ours() -> Measured:
    """Start volunteer where nothing exists yet."""
    with ground() as here:
        began = time.monotonic()
        process = here.start_service("volunteer")
        eventually(process.is_ready, seconds=PATIENCE, every=LOOK_EVERY)
        return {READY: time.monotonic() - began, MEMORY: resident_megabytes(process)}


def stock() -> Measured:
    """Start a stock service where nothing exists yet."""
    with ground() as here:
        began = time.monotonic()
        process = here.start_stock("Learning")
        here.await_consumer("evt-enrollment-course.completed--learning.on_course_completed")
        return {READY: time.monotonic() - began, MEMORY: resident_megabytes(process)}
