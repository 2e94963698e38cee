"""Two processes of issues that know the tree, and callers who all begin at the same moment."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.errors import LinliError
from tests.e2e.fixture import B09, TREE
from tests.fault.client import Hand, Journal
from tests.support.announced import announced
from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import T0, System

CALLERS = 8
Deed = tuple[str, dict[str, Any]]


class Community:
    """Two processes of issues that know the tree, and callers with a connection each."""

    def __init__(self, system: System) -> None:
        self.system, self.over = system, threading.Event()
        self.hands = [Hand(system.place.amqp_uri, Journal(), self.over) for _ in range(CALLERS)]
        system.start("issues", replicas=2)
        for unit in TREE:
            data = {**unit, "revision": 1}
            system.dispatch("volunteer", "org_unit.updated", _event("org_unit.updated", unit["org_unit_id"], data))
        eventually(lambda: self.database.org_units.count_documents({}) == len(TREE))

    @property
    def database(self) -> Any:
        """The database of issues."""
        return self.system.database("issues")

    def do(self, method: str, **fields: Any) -> Any:
        """Give one command."""
        return self.hands[0].do("issues", method, **fields)

    def at_once(self, *deeds: Deed) -> list[str]:
        """Let the callers do all of this, beginning at the same moment; return `done` or the refusal of each."""
        start = threading.Barrier(CALLERS)

        def work(hand: Hand, share: list[tuple[int, Deed]]) -> list[tuple[int, str]]:
            start.wait()
            return [(number, attempt(hand, deed)) for number, deed in share]

        shares = [list(enumerate(deeds))[n::CALLERS] for n in range(CALLERS)]
        with ThreadPoolExecutor(CALLERS) as pool:
            done = [one for share in pool.map(work, self.hands, shares) for one in share]
        return [answer for _, answer in sorted(done)]

    def issue(self, category: str = "bike_shed") -> str:
        """Report and triage one."""
        reported = self.do("report_issue", reporter="R-1001", building_id=B09, text="车棚")
        return str(self.do("triage", issue_id=reported["issue_id"], category=category)["issue_id"])

    def facts(self, prefix: str, *subjects: str) -> Counter[str]:
        """Count what was announced about these, by type."""
        found = [event for event in announced(self.database) if event["subject"] in subjects]
        return Counter(event["type"] for event in found if event["type"].startswith(prefix))

    @property
    def now(self) -> datetime:
        """The moment at which the clock of all processes stands."""
        return self.system.now or T0

    def close(self) -> None:
        """Close the connections."""
        self.over.set()
        for hand in self.hands:
            hand.close()


def _event(kind: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": "volunteer", "type": kind, "subject": subject,
        "time": T0.isoformat(), "sequence": "1", "correlationid": subject, "data": data,
    }  # fmt: skip


def attempt(hand: Hand, deed: Deed) -> str:
    """Do it and return `done` or the refusal."""
    method, fields = deed
    try:
        hand.do("issues", method, **fields)
    except LinliError as refusal:
        return refusal.code
    return "done"


@contextmanager
def community_at_work(folder: Path) -> Iterator[Community]:
    """Start them on a clock that stands at T0, and take all of it away in the end."""
    place = Place.make()
    system = System(place, folder, clock=T0)
    try:
        made = Community(system)
        yield made
        made.close()
    finally:
        system.stop()
        place.remove()
