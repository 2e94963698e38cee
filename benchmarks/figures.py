"""What is measured, who takes part with which guarantee, how they take turns, and what counts as met."""

import statistics
from collections.abc import Callable, Mapping, Sequence
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
    problem: str = ""

    def run(self) -> None:
        """Measure once more; who breaks says why and takes no further part."""
        if self.problem:
            return
        try:
            for metric, value in self.measure().items():
                self.samples.setdefault(metric, []).append(value)
        except Exception as error:  # noqa: BLE001 -- a broken contender costs its own row only
            self.problem = f"{type(error).__name__}: {error}"
            self.samples.clear()


@dataclass(frozen=True, kw_only=True)
class Target:
    """What ours should reach in one metric: a bound on its own figure, or on its ratio to the best of some others."""

    metric: Metric
    bound: float
    against: tuple[str, ...] = ()

    def holds(self, value: float) -> bool:
        """Tell whether a value is on the right side of the bound."""
        return value >= self.bound if self.metric.more_is_better else value <= self.bound

    @property
    def text(self) -> str:
        """The target in words."""
        sign = "≥" if self.metric.more_is_better else "≤"
        label = f"{self.metric.label} " if self.metric.label else ""
        if not self.against:
            return f"{label}{sign} {self.bound:g} {self.metric.unit}"
        peer = self.against[0] if len(self.against) == 1 else "the best of the peers"
        return f"{label}{sign} {self.bound:g} × {peer}"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was reached of a target: the value, against whom, and whether that is enough."""

    value: float
    against: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Contenders at the same task, ours first unless nobody is ours."""

    name: str
    title: str
    contenders: Sequence[Contender]
    targets: Sequence[Target] = ()
    has_ours: bool = True

    def take(self, repetitions: int, told: Callable[[str], None]) -> None:
        """Run them in turns, A B A B, so that a busy machine is as busy for each."""
        for number in range(repetitions):
            for contender in self.contenders:
                told(f"{self.title}: {contender.name} ({number + 1}/{repetitions})")
                contender.run()

    @property
    def metrics(self) -> list[Metric]:
        """Every number that somebody has, in the order of the first who has it."""
        return list(dict.fromkeys(metric for contender in self.contenders for metric in contender.samples))

    def samples_of(self, name: str, metric: Metric) -> list[float]:
        """Return what the runs of a contender gave; nothing where it took no part."""
        return next((one.samples.get(metric, []) for one in self.contenders if one.name == name), [])

    def against_ours(self, contender: Contender, metric: Metric) -> float | None:
        """Return ours divided by the contender's figure, if both have it and it is not nothing."""
        ours = self.contenders[0].samples.get(metric) if self.has_ours else None
        theirs = contender.samples.get(metric)
        return ratio(ours, theirs) if ours and theirs and all(theirs) else None

    def verdict(self, target: Target) -> Verdict | None:
        """Compare with the target, or return None where somebody is missing whom it needs."""
        ours = self.contenders[0].samples.get(target.metric)
        if not ours:
            return None
        if not target.against:
            value = median(ours)
            return Verdict(value=value, against="", met=target.holds(value))
        peers = [one for one in self.contenders if one.name in target.against and one.samples.get(target.metric)]
        if not peers:
            return None
        best = (max if target.metric.more_is_better else min)(
            peers, key=lambda peer: median(peer.samples[target.metric])
        )
        value = ratio(ours, best.samples[target.metric])
        return Verdict(value=value, against=best.name, met=target.holds(value))


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The same contenders at several sizes of one thing; `points` has an experiment for each size."""

    name: str
    title: str
    axis: str
    points: Mapping[float, Experiment]

    def take(self, repetitions: int, told: Callable[[str], None]) -> None:
        """Measure each size."""
        for experiment in self.points.values():
            experiment.take(repetitions, told)


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
