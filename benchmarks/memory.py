"""Whether the memory of one process stays flat while events pass: looked at after each tenth of them."""

from benchmarks import usage
from benchmarks.figures import Contender, Experiment, Measured, Metric, Target
from benchmarks.ground import PATIENCE, ground
from benchmarks.handlers import LINLI
from benchmarks.handling import await_effects, fill

PARTS = 10
IDLE = Metric(unit="MB", label="idle")
FIRST = Metric(unit="MB", label="after a tenth of them")
LAST = Metric(unit="MB", label="after all of them")
GROWTH = Metric(unit="MB", label="from the second tenth to the last")
LARGEST = 80  # MB
FLAT = 4  # MB


def experiment(name: str, count: int) -> Experiment:
    """Let volunteer handle so many events."""
    return Experiment(
        name=name,
        title=f"memory of one process, {count:,} events",
        contenders=[Contender(name=LINLI.name, guarantee=LINLI.guarantee, measure=lambda: grown(count))],
        targets=[Target(metric=LAST, bound=LARGEST), Target(metric=GROWTH, bound=FLAT)],
    )


def grown(count: int) -> Measured:
    """Handle the events in ten parts, and look at the memory after each."""
    with ground() as here:
        here.declare_service("volunteer")
        process = LINLI.start(here)
        process.wait_ready(PATIENCE)
        idle, after = usage.resident_megabytes(process), []
        for part in range(PARTS):
            numbers = range(part * count // PARTS, (part + 1) * count // PARTS)
            LINLI.prepare(here, numbers)
            fill(here, LINLI, numbers)
            await_effects(here, LINLI, numbers.stop)
            after.append(usage.resident_megabytes(process))
        LINLI.check(here, count)
        return {IDLE: idle, FIRST: after[0], LAST: after[-1], GROWTH: max(after[2:]) - after[1]}
