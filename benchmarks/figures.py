"""What is measured, who takes part with which guarantee, and how they take turns."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Measured = dict["Metric", float]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number of a run; `label` is empty where an experiment has only one."""

    unit: str
    label: str = ""
    more_is_better: bool = False


@dataclass(kw_only=True)
class Contender:
    """One who takes part: what it promises, how one run of it is measured, and what the runs gave."""

    name: str
    guarantee: str
    measure: Callable[[], Measured]
    samples: dict[Metric, list[float]] = field(default_factory=dict)

    def run(self) -> None:
        """Measure once more."""
        for metric, value in self.measure().items():
            self.samples.setdefault(metric, []).append(value)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Contenders at the same task, ours first; `target` is what the first should reach."""

    name: str
    title: str
    contenders: Sequence[Contender]
    target: str = ""

    def take(self, repetitions: int, told: Callable[[str], None]) -> None:
        """Run them in turns, A B A B, so that a busy machine is as busy for each."""
        for number in range(repetitions):
            for contender in self.contenders:
                told(f"{self.title}: {contender.name} ({number + 1}/{repetitions})")
                contender.run()

    @property
    def metrics(self) -> list[Metric]:
        """Every number that ours has."""
        return list(self.contenders[0].samples)


def median(samples: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(samples)


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """Return the median over the repetitions of ours divided by the peer's in the same repetition."""
    return statistics.median(mine / other for mine, other in zip(ours, peer, strict=True))


def quantile(samples: Sequence[float], share: float) -> float:
    """Return the value that this share of the samples does not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
