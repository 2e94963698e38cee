"""What results.png shows, as plain values out of results.json; `benchmarks.draw` draws it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]
FLOOR = 0.5  # stands for none where a share needs a number
WHO_PAYS = {
    "CPU of its processes, each": "the process",
    "CPU of mongod, each": "mongod",
    "CPU of RabbitMQ, each": "RabbitMQ",
}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One who handles events: the rate with its spread, and the time on a core an event takes of whom."""

    name: str
    guarantee: str
    rate: float
    least: float
    most: float
    cpu: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One who takes part, over the sizes where it was measured."""

    name: str
    at: Sequence[float]
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A target, how far it is reached (1 is just met), and whether it is met."""

    text: str
    reached: str
    share: float
    met: bool


def bars(handling: Values) -> list[Bar]:
    """Return everybody who was not broken, the fastest first."""
    found = [_bar(contender) for contender in handling["contenders"] if contender["figures"]]
    return sorted(found, key=lambda bar: bar.rate, reverse=True)


def _bar(contender: Values) -> Bar:
    figures = {figure["label"]: figure for figure in contender["figures"]}
    rate = figures[""]
    return Bar(
        name=contender["name"],
        guarantee=contender["guarantee"],
        rate=rate["median"],
        least=min(rate["samples"]),
        most=max(rate["samples"]),
        cpu={who: figures[label]["median"] for label, who in WHO_PAYS.items() if label in figures},
    )


def ceiling(limits: Values) -> str:
    """Return what a bare client reaches with the same servers, in words."""
    parts = [
        f"{one['name']} {figure['median']:,.0f}/s"
        for one in limits["contenders"]
        for figure in one["figures"]
        if not figure["label"]
    ]
    return "limits with a bare client: " + " · ".join(parts)


def lines(curve: Values, label: str = "") -> list[Line]:
    """Return everybody's figure of that label over the sizes of a curve."""
    found: dict[str, list[tuple[float, float]]] = {}
    for point in curve["points"]:
        for contender in point["contenders"]:
            for figure in contender["figures"]:
                if figure["label"] == label:
                    found.setdefault(contender["name"], []).append((point["at"], figure["median"]))
    return [
        Line(name=name, at=[at for at, _ in pairs], values=[value for _, value in pairs])
        for name, pairs in found.items()
    ]


def goals(experiments: dict[str, Values]) -> Iterator[Goal]:
    """Return every target that was measured; a share above one is met, whichever way the target points."""
    for experiment in experiments.values():
        for target in experiment["targets"]:
            if target["met"] is None:
                continue
            value, bound = target["value"], target["bound"]
            share = value / bound if target["more_is_better"] else (bound or FLOOR) / (value or FLOOR)
            times = " ×" if target["against"] else ""
            yield Goal(
                text=f"{experiment['title']}: {target['text']}",
                reached=f"{value:,.3g}{times}" if value < 1000 else f"{value:,.0f}{times}",
                share=share,
                met=target["met"],
            )
