"""What is wrong after a run, each with what is needed to understand it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN = 20  # of each kind of finding


@dataclass(kw_only=True)
class Findings:
    """What is wrong, each with what is needed to understand it."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    outbox: int = 0
    redelivered: Counter[str] = field(default_factory=Counter)  # by queue
    events: int = 0
    effects: int = 0

    def __str__(self) -> str:
        kinds = {"lost": self.lost, "twice": self.twice, "unexpected": self.unexpected, "parked": self.parked}
        lines = [f"  {kind}: {one}" for kind, found in kinds.items() for one in found[:SHOWN]]
        return "\n".join(lines) or "  nothing is wrong"

    @property
    def counts(self) -> str:
        """The figures of the report."""
        return (
            f"lost={len(self.lost)} twice={len(self.twice)} unexpected={len(self.unexpected)} "
            f"outbox={self.outbox} parked={len(self.parked)} redelivered={self.redelivered.total()}"
        )

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lost or self.twice or self.unexpected or self.parked or self.outbox)

    def compare(self, what: str, due: Mapping[Any, float], found: Mapping[Any, float]) -> None:
        """Say what is missing, what is there more than once, and what nobody asked for."""
        self.effects += len(due)
        for key, amount in due.items():
            if found.get(key, 0) < amount:
                self.lost.append(f"{what} {key}: {found.get(key, 0)} instead of {amount}")
            elif found[key] > amount:
                self.twice.append(f"{what} {key}: {found[key]} instead of {amount}")
        self.unexpected += [f"{what} {key}: nobody asked for it" for key in found if key not in due]
