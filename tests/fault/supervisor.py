"""What a supervisor does: starts replicas, and starts them again when they were killed. And the killer."""

import itertools
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.system import SERVICES, System

COMMAND_POINTS = ("before_transaction", "before_transaction_end", "before_commit", "after_commit", "before_answer")
RELAY_POINTS = ("before_publish", "after_publish", "after_mark")
EVENT_POINTS = ("before_ack",)
POINTS = (*COMMAND_POINTS, *RELAY_POINTS, *EVENT_POINTS)
NOTIFY_DIES_UNTIL = 0.6  # of the kills at random: a sender that was killed leaves a lease of 60 s to wait for
LATEST_PASS = 6  # a process dies when it passes its point for the first to the sixth time


@dataclass
class Supervisor:
    """Keeps the replicas of a system running, whatever kills them."""

    system: System
    seed: int
    kills: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.seed}/kills")

    def die_at_every_point(self, points: Sequence[str] = POINTS) -> None:
        """Let each service die once at each point, one point after the other, the services side by side."""
        plans = {service: iter(self.rng.sample(points, len(points))) for service in SERVICES}
        for service in SERVICES:
            for process in self.system.of(service):
                process.stop()
        doomed = {service: self._doom(service, next(plan)) for service, plan in plans.items()}
        while doomed:
            [service, *_] = eventually(lambda: [one for one in doomed if not doomed[one][0].alive], seconds=90)
            process, point = doomed.pop(service)
            assert process.popen.returncode == -signal.SIGKILL, f"{service} ended at {point}: {_end(process)}"
            self.kills.append(f"{service} {point}")
            following = next(plans[service], None)
            if following is None:
                self.system.start(service, wait=False)
            else:
                doomed[service] = self._doom(service, following)

    def _doom(self, service: str, point: str) -> tuple[Process, str]:
        found = f"{point}:{self.rng.randint(1, LATEST_PASS)}"
        [process] = self.system.start(service, wait=False, FAILPOINT=found)
        return process, found

    def kill_at_random(self, count: int, *, replicas: int = 2) -> None:
        """Kill any replica at any moment, one after the other, as soon as each service has one that is ready."""
        for service in SERVICES:
            self.system.start(service, replicas=replicas - len(self.system.of(service)), wait=False)
        for number in itertools.count(1):
            eventually(self._each_has_one, seconds=60)
            mortal = SERVICES if number <= count * NOTIFY_DIES_UNTIL else [one for one in SERVICES if one != "notify"]
            victim = self.rng.choice([process for service in mortal for process in self.system.of(service)])
            victim.kill()
            self.kills.append(f"{victim.service} at random")
            self.system.start(victim.service, wait=False)
            if number == count:
                return

    def roll(self, service: str) -> list[tuple[int, float]]:
        """Replace each replica, one at a time, by asking it to stop; return exit codes and seconds it took."""
        ends = []
        for old in self.system.of(service):
            [fresh] = self.system.start(service)
            assert fresh.alive
            ends.append(_stop(old))
        return ends

    def _each_has_one(self) -> bool:
        return all(any(_ready(process) for process in self.system.of(service)) for service in SERVICES)


def _ready(process: Process) -> bool:
    return process.alive and process.is_ready()


def _stop(process: Process) -> tuple[int, float]:
    began = time.monotonic()
    code = process.stop(30)
    return code, time.monotonic() - began


def _end(process: Process) -> str:
    return f"{process.popen.returncode}\n{process.log.read_text()[-3000:]}"
