"""The load: many small threads of work that cross the services, each remembered with what has to come of it."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fault.cases import pick
from tests.fault.client import Hand, Journal
from tests.fault.due import Due
from tests.support.eventually import eventually

CLIENTS = 10


@dataclass(kw_only=True)
class Case:
    """One thread of work that came to its end, and what has to come of it; times are of the monotonic clock."""

    kind: str
    name: str
    began: float
    ended: float
    due: Due


@dataclass
class Load:
    """Runs cases on clients of their own until told to stop, and then lets each come to its end."""

    amqp_uri: str
    seed: int
    clients: int = CLIENTS
    journal: Journal = field(default_factory=Journal)
    cases: list[Case] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._enough, self._over = threading.Event(), threading.Event()
        self._clients = [threading.Thread(target=self._run) for _ in range(self.clients)]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the load while the body lasts; every case that was begun comes to its end."""
        for client in self._clients:
            client.start()
        try:
            yield
        except BaseException:
            self._over.set()
            raise
        finally:
            self._enough.set()
            for client in self._clients:
                client.join()

    def wait_for_cases(self, count: int, *, since: float = 0.0, seconds: float = 90.0) -> None:
        """Wait until so many cases that began after this moment came to their end."""
        eventually(lambda: self._failed() or self.ended_since(since) >= count, seconds=seconds)
        assert not self.failures, "\n".join(self.failures)

    def ended_since(self, since: float) -> int:
        """Count the cases that began after this moment and came to their end."""
        return sum(1 for case in list(self.cases) if case.began >= since)

    def _failed(self) -> bool:
        return bool(self.failures)

    def _run(self) -> None:
        hand = Hand(self.amqp_uri, self.journal, self._over)
        while not self._enough.is_set():
            number, began = next(self._numbers), time.monotonic()
            rng = random.Random(f"{self.seed}/case/{number}")
            kind, name = pick(rng), f"{self.seed}-{number}"
            try:
                due = kind(hand, name, rng)
            except Exception as error:  # noqa: BLE001 -- told by the test, with the case it happened in
                self.failures.append(f"seed={self.seed} {kind.__name__} {name}: {type(error).__name__}: {error}")
                break
            self.cases.append(Case(kind=kind.__name__, name=name, began=began, ended=time.monotonic(), due=due))
        hand.close()
