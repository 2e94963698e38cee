"""How much is measured: in full, and in less than two minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured; `single` events pass where none can form a batch, which is slow."""

    repetitions: int
    events: int
    single: int
    facts: int
    questions: int
    commands: int
    latencies: int
    messages: int
    volunteers: int
    remembered: int


FULL = Size(
    repetitions=5,
    events=8_000,
    single=600,
    facts=6_000,
    questions=300,
    commands=100,
    latencies=200,
    messages=40,
    volunteers=15_000,
    remembered=50_000,
)
QUICK = Size(
    repetitions=1,
    events=2_000,
    single=200,
    facts=2_000,
    questions=100,
    commands=40,
    latencies=20,
    messages=10,
    volunteers=3_000,
    remembered=5_000,
)
