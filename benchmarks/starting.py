"""From the start of a process to its being ready, and the memory it then takes."""

import time
from functools import partial

from benchmarks.figures import Contender, Experiment, Measured, Metric, Target
from benchmarks.ground import LOOK_EVERY, PATIENCE, ground
from benchmarks.handlers import OTHERS, Handler
from benchmarks.usage import resident_megabytes
from tests.support.eventually import eventually

READY = Metric(unit="s", label="start to ready")
MEMORY = Metric(unit="MB", label="memory, idle")
CONSUMING = "ready: the broker sees its consumer"


def experiment() -> Experiment:
    """Compare volunteer with a process of each peer that has one handler."""
    return Experiment(
        name="starting",
        title="one process",
        targets=[Target(metric=READY, bound=2), Target(metric=MEMORY, bound=80)],
        contenders=[
            Contender(
                name="linli volunteer",
                guarantee="ready: database prepared, queues declared, the broker sees its consumers",
                measure=ours,
            ),
            *(
                Contender(name=peer.name, guarantee=CONSUMING, measure=partial(_until_consuming, peer))
                for peer in OTHERS
            ),
        ],
    )


def ours() -> Measured:
    """Start volunteer where nothing exists yet."""
    with ground() as here:
        began = time.monotonic()
        process = here.start_service("volunteer")
        eventually(process.is_ready, seconds=PATIENCE, every=LOOK_EVERY)
        return {READY: time.monotonic() - began, MEMORY: resident_megabytes(process)}


def _until_consuming(peer: Handler) -> Measured:
    """Start a peer where nothing exists yet, until the broker sees its consumer."""
    with ground() as here:
        began = time.monotonic()
        process = peer.start(here)
        here.await_consumer(peer.queue)
        return {READY: time.monotonic() - began, MEMORY: resident_megabytes(process)}
