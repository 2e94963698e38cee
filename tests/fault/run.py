"""One run: a system under load, whatever the test does to it, and the last look."""

import itertools
import os
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.fault.checker import Wanted, look
from tests.fault.community import settle_in
from tests.fault.findings import Findings
from tests.fault.load import Load
from tests.fault.outside import Flood
from tests.fault.prepared import Prepared
from tests.fault.quiet import wait_until_quiet
from tests.fault.supervisor import Supervisor
from tests.support.lines import LINES
from tests.support.system import SERVICES, System

# Sockets that a fault cut are left to the garbage collector, which complains in whatever test is running then.
LEFT_SOCKETS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
MARKS = [pytest.mark.fault, LEFT_SOCKETS]
PREPARED = 12  # dispatches that wait for an outside answer
WARM = 4  # cases that end before anything is done to the system
QUIET_WITHIN = 120.0  # seconds; a message whose sender was killed is taken over after its lease of 60 s


@dataclass
class Run:
    """A system under load, and what was done to it."""

    system: System
    load: Load
    flood: Flood
    prepared: Prepared
    supervisor: Supervisor
    began: float

    def recovered_within(self, seconds: float, *, cases: int = 2) -> float:
        """Wait until cases that begin from now on come to their end; return the seconds that took."""
        now = time.monotonic()
        self.load.wait_for_cases(cases, since=now, seconds=seconds)
        return time.monotonic() - now

    def gaps(self, since: float) -> dict[str, str]:
        """Return the longest times since a moment of 1970's clock without an acknowledged command, a handled event."""
        now, marks = time.time(), [self.system.database(service).processed_events for service in SERVICES]
        handled = [row["at"].timestamp() for inbox in marks for row in inbox.find({}, {"at": 1})]
        kinds = {"command_gap": self.load.journal.moments, "event_gap": handled}
        return {kind: f"{longest_gap(moments, since, now):.1f}s" for kind, moments in kinds.items()}

    def check(self, name: str, **more: object) -> Findings:
        """Wait until nothing is under way, compare, and print the line of this run; raises AssertionError."""
        stopped = time.monotonic()
        wait_until_quiet(self.system, seconds=QUIET_WITHIN)
        more = {**more, "quiet_after": f"{time.monotonic() - stopped:.1f}s"}
        journal = self.load.journal
        confirmed = {**self.flood.outside.confirmed, **self.prepared.outside.confirmed}
        wanted = Wanted(
            journal=journal, cases=self.load.cases, outside=confirmed,
            learned=self.flood.learned, served=self.prepared.served,
        )  # fmt: skip
        findings = look(self.system, wanted)
        shown = {
            "kills": len(self.supervisor.kills), "cases": len(self.load.cases),
            "attempted": len(journal.commands) + len(confirmed),
            "acknowledged": len(journal.acknowledged) + len(confirmed),
            "events": findings.events, "effects": findings.effects,
        }  # fmt: skip
        figures = " ".join(f"{key}={value}" for key, value in {**shown, **more}.items())
        seconds = time.monotonic() - self.began
        LINES.append(f"{name}: {figures} {findings.counts} seconds={seconds:.0f} seed={self.load.seed}")
        assert not findings.wrong, f"seed={self.load.seed}\n{findings}"
        return findings


def longest_gap(moments: Iterable[float], since: float, until: float) -> float:
    """Return the longest time without any of these moments."""
    inside = sorted(moment for moment in list(moments) if since < moment < until)
    return max(after - before for before, after in itertools.pairwise([since, *inside, until]))


@contextmanager
def under_load(system: System, *, replicas: int = 1, repeat: bool = True, **env: str) -> Iterator[Run]:
    """Start everything, put it under load, and stop the load when the body ends; then the run can be checked."""
    seed, began = int(os.environ.get("FAULT_SEED") or random.randrange(10**6)), time.monotonic()
    system.start_gateway()
    system.settings.update(env)
    system.start_all(**dict.fromkeys(SERVICES, replicas))
    with system.rpc() as rpc:
        settle_in(system, rpc)
    uri = system.place.amqp_uri
    prepared, load, flood = Prepared(uri, PREPARED), Load(uri, seed), Flood(uri, seed, repeat=repeat)
    prepared.serve()
    try:
        with load.running(), flood.running():
            load.wait_for_cases(WARM)
            yield Run(system, load, flood, prepared, Supervisor(system, seed), began)
        assert not load.failures, "\n".join(load.failures)
    except BaseException as error:
        for failure in load.failures:
            error.add_note(failure)
        for process in system.processes:
            error.add_note(f"{process.service}: {process.said('/readyz')}")
        error.add_note(f"FAULT_SEED={seed} repeats the choices of this run; logs are in {system.folder}")
        raise
