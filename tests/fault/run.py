"""One run: a system under load, whatever the test does to it, and the last look."""

import itertools
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from shared.broker.topology import Manifest
from tests.fault import community
from tests.fault.checker import Wanted, look
from tests.fault.due import together
from tests.fault.findings import Findings
from tests.fault.flood import EACH_SECOND, Flood
from tests.fault.history import History
from tests.fault.load import CLIENTS, Load
from tests.fault.prepared import Prepared
from tests.fault.quiet import wait_until_quiet
from tests.fault.schedule import KILLS
from tests.fault.snapshot import Snapshot
from tests.fault.supervisor import Supervisor
from tests.support.lines import LINES
from tests.support.processes import ROOT
from tests.support.system import SERVICES, System

# Sockets that a fault cut are left to the garbage collector, which complains in whatever test is running then.
LEFT_SOCKETS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
MARKS = [pytest.mark.fault, LEFT_SOCKETS]
PREPARED = 12  # dispatches that wait for an outside answer
WARM = 4  # cases that end before anything is done to the system
QUIET_WITHIN = 120.0  # seconds; a message whose sender was killed is taken over after its lease of 60 s


def fresh_seed() -> int:
    """Return the seed that was given, or a new one."""
    return int(os.environ.get("FAULT_SEED") or random.randrange(10**6))


@dataclass
class Run:
    """A system under load, and what was done to it."""

    system: System
    load: Load
    flood: Flood
    prepared: Prepared
    supervisor: Supervisor
    history: History
    recoveries: list[float] = field(default_factory=list)  # seconds
    began: float = field(default_factory=time.monotonic)

    def recover(self, *, seconds: float, cases: int = 2) -> float:
        """Wait until cases that begin from now on come to their end; remember and return how long that took."""
        now = time.monotonic()
        self.load.wait_for_cases(cases, since=now, seconds=seconds)
        self.recoveries.append(time.monotonic() - now)
        return self.recoveries[-1]

    def gaps(self, since: float) -> dict[str, str]:
        """Return the longest times since a moment of 1970's clock without an acknowledged command, a handled event."""
        now, marks = time.time(), [self.system.database(service).processed_events for service in SERVICES]
        handled = [row["at"].timestamp() for inbox in marks for row in inbox.find({}, {"at": 1})]
        kinds = {"command_gap": self.load.journal.moments, "event_gap": handled}
        return {kind: f"{longest_gap(moments, since, now):.1f}s" for kind, moments in kinds.items()}

    def check(self, name: str, *, quiet_within: float = QUIET_WITHIN, **more: object) -> Findings:
        """Wait until nothing is under way, compare, and print the line of this run; raises AssertionError."""
        with self.kept():
            stopped = time.monotonic()
            wait_until_quiet(self.system, seconds=quiet_within)
            more = {**more, "quiet_after": f"{time.monotonic() - stopped:.1f}s"}
        findings = look(Snapshot.of(self.system), self.wanted, Manifest.read("deploy/topology.json"))
        LINES.append(
            f"{name}: {self._figures} {' '.join(f'{key}={value}' for key, value in more.items())} {findings.counts}"
        )
        with self.kept(findings):
            assert not findings.wrong, f"{LINES[-1]}\n{findings}"
        return findings

    @property
    def wanted(self) -> Wanted:
        """Everything that was asked for: by clients, by outside sources, and while settling in."""
        parts = (community.due(), self.flood.due, self.prepared.due, *(case.due for case in self.load.cases))
        outside = {**self.flood.outside.confirmed, **self.prepared.outside.confirmed}
        return Wanted(journal=self.load.journal, due=together(parts), outside=outside)

    @contextmanager
    def kept(self, findings: Findings | None = None) -> Iterator[None]:
        """Keep the whole history of a run that fails in the body, and say how to repeat it."""
        try:
            yield
        except BaseException as error:
            for failure in self.load.failures:
                error.add_note(failure)
            for process in self.system.processes:
                error.add_note(f"{process.service}: {process.said('/readyz')}")
            parcels = [*self.flood.outside.sent, *self.prepared.outside.sent]
            folder = self.history.keep(parcels, findings, self.system.folder)
            told = f"history in {folder.relative_to(ROOT)}; the same commands and faults again: {self._again}"
            LINES.append(f"FAILED: {self._figures} {findings.counts if findings else ''} {told}")
            error.add_note(told)
            raise

    @property
    def _again(self) -> str:
        """Say what repeats the choices of this run."""
        planned = sum(step.kind in KILLS for step in self.history.schedule)
        long = f"make faults-long SEED={self.load.seed} KILLS={planned}"
        return long if planned else f"FAULT_SEED={self.load.seed} make faults"

    @property
    def _figures(self) -> str:
        recoveries = [*self.recoveries, *(one.recovered for one in self.history.faults)]
        outside, journal = (self.flood.outside, self.prepared.outside), self.load.journal
        done = Counter(one.step.kind for one in self.history.faults)
        kills = len(self.supervisor.kills) + sum(done.pop(kind, 0) for kind in KILLS)
        shown = {
            "seed": self.load.seed, "seconds": round(time.monotonic() - self.began), "kills": kills,
            "others": ",".join(f"{kind}:{times}" for kind, times in sorted(done.items())) or "-",
            "cases": len(self.load.cases),
            "attempted": len(journal.commands) + sum(one.attempted for one in outside),
            "acknowledged": len(journal.acknowledged) + sum(len(one.sent) for one in outside),
            "refused": len(journal.refused),
            "slowest_recovery": f"{max(recoveries, default=0.0):.1f}s",
        }  # fmt: skip
        return " ".join(f"{key}={value}" for key, value in shown.items())


def longest_gap(moments: Iterable[float], since: float, until: float) -> float:
    """Return the longest time without any of these moments."""
    inside = sorted(moment for moment in list(moments) if since < moment < until)
    return max(after - before for before, after in itertools.pairwise([since, *inside, until]))


@contextmanager
def under_load(
    system: System, *, seed: int | None = None, start: Callable[[], None] | None = None, replicas: int = 1,
    repeat: bool = True, clients: int = CLIENTS, each_second: float = EACH_SECOND, **env: str,
) -> Iterator[Run]:  # fmt: skip
    """Start everything, put it under load, and stop the load when the body ends; then the run can be checked."""
    seed = fresh_seed() if seed is None else seed
    system.start_gateway()
    system.settings.update(env)
    if start is None:
        system.start_all(**dict.fromkeys(SERVICES, replicas))
    else:
        start()
    with system.rpc() as rpc:
        community.settle_in(system, rpc)
    uri = system.place.amqp_uri
    prepared, load = Prepared(uri, seed, PREPARED), Load(uri, seed, clients)
    flood = Flood(uri, seed, repeat=repeat, each_second=each_second)
    prepared.serve()
    history = History(seed=seed, journal=load.journal, cases=load.cases)
    run = Run(system, load, flood, prepared, Supervisor(system, seed), history)
    with run.kept():
        with load.running(), flood.running():
            load.wait_for_cases(WARM)
            yield run
        assert not load.failures, "\n".join(load.failures)
