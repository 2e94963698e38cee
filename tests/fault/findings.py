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
    disorder: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)  # though healthy
    outbox: int = 0
    redelivered: Counter[str] = field(default_factory=Counter)  # by queue
    recovered: int = 0
    events: int = 0
    effects: int = 0

    def __str__(self) -> str:
        lines = [f"  {kind}: {one}" for kind, found in self.kinds.items() for one in found[:SHOWN]]
        return "\n".join(lines) or "  nothing is wrong"

    @property
    def kinds(self) -> dict[str, list[str]]:
        """The findings by kind."""
        return {
            "lost": self.lost, "twice": self.twice, "out of order": self.disorder, "unexpected": self.unexpected,
            "parked healthy": self.parked,
        }  # fmt: skip

    @property
    def counts(self) -> str:
        """The figures of the report."""
        return (
            f"lost={len(self.lost)} twice={len(self.twice)} out_of_order={len(self.disorder)} "
            f"unexpected={len(self.unexpected)} parked_healthy={len(self.parked)} outbox={self.outbox} "
            f"recovered={self.recovered} redelivered={self.redelivered.total()}"
        )

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong."""
        return bool(any(self.kinds.values()) or self.outbox)

    def compare(self, what: str, due: Mapping[Any, Any], found: Mapping[Any, Any]) -> None:
        """Say what is missing or not as it should be, what is there more than once, and what nobody asked for."""
        self.effects += len(due)
        for key, wanted in due.items():
            there = found.get(key)
            if there != wanted:
                more = isinstance(there, int) and isinstance(wanted, int) and there > wanted
                (self.twice if more else self.lost).append(f"{what} {key}: {there} instead of {wanted}")
        self.unexpected += [f"{what} {key}: {found[key]}; nobody asked for it" for key in found if key not in due]
