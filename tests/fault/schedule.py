"""What is done to the system, and when: data made from a seed, so that it can be shown, kept and repeated.

A step comes when so many cases ended since the step before: progress, not time, because a busy machine is slow.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fault.supervisor import POINTS, RELAY_POINTS
from tests.support.system import SERVICES

KILL, AT_POINT = KILLS = "kill", "kill_at_point"
REPLICAS = 3  # of each service
QUEUES = ("volunteer.on_course_completed", "volunteer.on_issue_confirmed", "notify.on_dispatch_offered",
          "notify.on_issue_closed", "issues.on_dispatch_filled", "issues.on_org_unit_updated")  # fmt: skip
ANNOUNCED = {"issues": ["issue.triaged", "issue.help_requested", "issue.confirmed", "issue.closed"],
             "volunteer": ["dispatch.offered", "dispatch.filled", "hours.credited", "org_unit.updated"],
             "enrollment": ["course.completed", "learner.enrolled", "learner.promoted"]}  # fmt: skip
LATEST_PASS = 3  # a process dies when it passes its point for the first to the third time
KILLS_EACH_ROUND = 100  # of every other fault

Details = Callable[[random.Random], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One fault: after how many cases, of which kind, to which replica, for how many seconds, and how exactly."""

    number: int
    after: int
    kind: str
    service: str
    slot: int
    seconds: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Whether nothing else may last when it comes: all but kills; and who is paused cannot stop for a relay's."""
        return self.kind not in KILLS or self.detail.get("point", "").partition(":")[0] in RELAY_POINTS

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.0f} s" if self.seconds else ""
        how = "".join(f" {name}={value}" for name, value in self.detail.items())
        return f"{self.number:3} after {self.after} cases: {self.kind} {self.service}#{self.slot}{lasting}{how}"


# The faults that are no kills, how long they last (0: no time), and how exactly.
OTHERS: dict[str, tuple[tuple[int, int], Details]] = {
    "pause": ((12, 16), lambda _: {}),  # longer than the relay's lease of 10 s
    "roll": ((0, 0), lambda _: {}),
    "away": ((0, 0), lambda _: {}),
    "cut": ((0, 0), lambda _: {}),
    "half_open": (
        (12, 20),
        lambda rng: {"what": rng.choice(("broker", "database", "both")), "new": rng.random() < 0.5},
    ),
    "slow": (
        (10, 15),
        lambda rng: {"delay": rng.choice((0.02, 0.05, 0.1)), "each_second": rng.choice((50_000, 200_000))},
    ),
    "broker_restart": ((0, 0), lambda _: {}),
    "step_down": ((0, 0), lambda _: {}),
    "queue_deleted": ((0, 0), lambda rng: {"queue": rng.choice(QUEUES)}),
    "clock_skew": ((15, 25), lambda rng: {"offset": rng.choice((-600, -120, 60, 120))}),
    "redelivery": ((0, 0), lambda rng: {"since": rng.choice((30, 120))}),
}


def plan(seed: int, kills: int) -> list[Step]:
    """Make the schedule of a seed: kills at random and at failpoints, and among them every other fault."""
    rng = random.Random(f"{seed}/schedule")
    places = [(service, point) for service in SERVICES for point in POINTS]
    at_points = rng.sample(places, min(len(places), kills // 3))
    killing: list[tuple[str, tuple[str, str] | None]] = [
        *((AT_POINT, place) for place in at_points),
        *((KILL, None) for _ in range(kills - len(at_points))),
    ]
    rng.shuffle(killing)
    others = [kind for _ in range(max(1, kills // KILLS_EACH_ROUND)) for kind in rng.sample(list(OTHERS), len(OTHERS))]
    kinds = _spread(killing, [(kind, None) for kind in others])
    return [_step(rng, number, kind, place) for number, (kind, place) in enumerate(kinds, 1)]


def _spread(many: Sequence[Any], few: Sequence[Any]) -> Iterator[Any]:
    """Put the few among the many, evenly."""
    for number, one in enumerate(few):
        yield from many[number * len(many) // len(few) : (number + 1) * len(many) // len(few)]
        yield one


def _step(rng: random.Random, number: int, kind: str, place: tuple[str, str] | None) -> Step:
    service, point = place or (rng.choice(list(ANNOUNCED) if kind == "redelivery" else SERVICES), "")
    (shortest, longest), details = OTHERS.get(kind, ((0, 0), lambda _: {}))
    detail = {"point": f"{point}:{rng.randint(1, LATEST_PASS)}"} if point else details(rng)
    return Step(
        number=number, after=rng.randint(0, 2), kind=kind, service=service, slot=rng.randrange(REPLICAS),
        seconds=rng.randint(shortest, longest), detail=detail,
    )  # fmt: skip
