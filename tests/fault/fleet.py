"""Three replicas of each service and what an orchestrator does for them: starts what died, replaces one by one."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fault.schedule import REPLICAS
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.system import SERVICES, System

STOPS_WITHIN = 35.0  # seconds
READY_WITHIN = 90.0  # seconds, on a machine that starts many at once


@dataclass
class Fleet:
    """The replicas by service and slot; those in the first slot live behind a bad network."""

    system: System
    first: Mapping[str, str] = field(default_factory=dict)  # how the replicas of the first slot reach their servers
    targets: Mapping[str, str | None] = field(default_factory=lambda: dict.fromkeys(SERVICES))  # classes, of toys
    replicas: dict[tuple[str, int], Process] = field(default_factory=dict)

    def start(self) -> None:
        """Start everything and wait until all of it is ready."""
        self.fill()
        for process in self.replicas.values():
            process.wait_ready(READY_WITHIN)

    def fill(self) -> None:
        """Start what does not run."""
        for service in self.targets:
            for slot in range(REPLICAS):
                process = self.replicas.get((service, slot))
                if process is None or not process.alive:
                    self._start(service, slot)

    def replace(self, service: str, slot: int, **env: str) -> None:
        """Let a new replica take over from an old one, which is asked to stop."""
        old = self.replicas[service, slot]
        fresh = self._start(service, slot, **env)
        eventually(lambda: not fresh.alive or fresh.is_ready(), seconds=READY_WITHIN)
        if old.alive:
            code = old.stop()
            assert code == 0, f"{service} ended with {code}: {old.log.read_text()[-3000:]}"

    def stop(self, service: str) -> None:
        """Ask every replica of a service to stop, and wait until all of them have."""
        for process in self._of(service):
            process.signal(signal.SIGTERM)
        for process in self._of(service):
            process.popen.wait(STOPS_WITHIN)

    def leader(self, service: str) -> Process | None:
        """Return the replica whose relay leads, if one does."""
        return next((one for one in self._of(service) if _leads(one)), None)

    def wait_for_one_of_each(self) -> None:
        """Wait until each service has a replica that is ready."""
        eventually(lambda: all(any(map(_ready, self._of(service))) for service in self.targets), seconds=READY_WITHIN)

    def _of(self, service: str) -> list[Process]:
        """Return the living replicas, those behind the bad network last: they may answer late."""
        slots = reversed(range(REPLICAS))
        return [process for slot in slots if (process := self.replicas[service, slot]).alive]

    def _start(self, service: str, slot: int, **env: str) -> Process:
        way = {} if slot else dict(self.first)
        [process] = self.system.start(service, target=self.targets[service], wait=False, **way, **env)
        self.replicas[service, slot] = process
        return process


def _ready(process: Process) -> bool:
    return process.alive and process.is_ready()


def _leads(process: Process) -> bool:
    try:
        return process.metric("bus_outbox_relay_leader") == 1
    except OSError:  # it has just died, or is paused
        return False
