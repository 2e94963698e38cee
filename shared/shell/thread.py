"""The order of a thread: by time, but a cause always before its effect, whatever the clocks of the services say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

COLLAPSE_FROM = 4  # effects of one kind of one cause, in a row; 200 invitations are one line


@dataclass(frozen=True, kw_only=True)
class Step:
    """One event of a thread; `cause` is the number of the step that led to it, `depth` how many did."""

    number: int
    event: Mapping[str, Any]
    zh: str
    gloss: str
    cause: int | None
    depth: int

    @property
    def as_row(self) -> dict[str, Any]:
        """The step as plain values."""
        return {**self.event, "zh": self.zh, "step": self.number, "caused_by": self.cause}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line to show: a step, or several of one kind with one cause."""

    steps: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """The step that stands for the line."""
        return self.steps[0]


def in_order(events: Sequence[Mapping[str, Any]], titles: Mapping[str, Mapping[str, Any]]) -> list[Step]:
    """Number the events of a thread, causes before effects."""
    known = {event["id"]: event for event in events}
    by_time = sorted(known.values(), key=lambda event: (_not_before(event, known), event["id"]))
    ordered = {one["id"]: one for event in by_time for one in reversed(_causes(event, known))}.values()
    numbers = {event["id"]: number for number, event in enumerate(ordered, 1)}
    return [
        Step(
            number=numbers[event["id"]],
            event=event,
            zh=str(titles.get(event["type"], {}).get("zh", "")),
            gloss=str(titles.get(event["type"], {}).get("doc", "")),
            cause=numbers.get(_cause(event)),
            depth=_depth(event, known),
        )
        for event in ordered
    ]


def collapsed(steps: Sequence[Step]) -> list[Line]:
    """Put effects of one kind with one cause that would fill the screen on one line, where the first one stands."""
    groups: dict[Any, list[Step]] = {}
    for step in steps:
        groups.setdefault((step.event["type"], step.cause, step.event.get("sent")), []).append(step)
    lines = []
    for group in groups.values():
        many = len(group) >= COLLAPSE_FROM and group[0].cause is not None
        lines += [Line(steps=tuple(group))] if many else [Line(steps=(step,)) for step in group]
    return sorted(lines, key=lambda line: line.first.number)


def _cause(event: Mapping[str, Any]) -> str:
    """Return the id of what led to an event; a delivery names it in its data, for it was sent by a job of its own."""
    return str(event.get("causationid") or (event.get("data") or {}).get("cause_event_id") or "")


def _causes(event: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the event and what led to it, step by step; a circle ends where it closes."""
    chain = [event]
    while (cause := known.get(_cause(chain[-1]))) is not None and cause not in chain:
        chain.append(cause)
    return chain


def _not_before(event: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> datetime:
    return max(datetime.fromisoformat(one["time"]) for one in _causes(event, known))


def _depth(event: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> int:
    return len(_causes(event, known)) - 1
