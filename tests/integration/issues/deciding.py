"""Issues on replicas with a clock of their own, which several persons decide on."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.fixture import B09, TREE
from tests.support.announced import announced
from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import T0, System


@dataclass
class Office:
    """Calls issues as an administrator, who names the person that acts."""

    system: System

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of issues on a connection of its own."""
        return self.system.call("issues", method, *args, **kwargs)

    def issue(self, issue_id: str) -> dict[str, Any]:
        """Look at an issue."""
        return dict(self.call("get_issue", issue_id))

    def at_work(self, **report: Any) -> str:
        """Make an issue on which somebody works, with a week to solve it, and return its id."""
        made = self.call("report_issue", reporter="R-1001", building_id=B09, text="垃圾满了", **report)
        self.call("triage", made["issue_id"], category="waste_station")
        self.call("act", made["issue_id"], by="P-0009")
        return str(made["issue_id"])

    def announced(self, issue_id: str) -> list[str]:
        """Return the types of the events about an issue, in their order."""
        events = announced(self.system.database("issues"))
        return [event["type"] for event in events if event["subject"] == issue_id]


def offices(folder: Path, replicas: int) -> Iterator[Office]:
    """Make a place with replicas of issues that know the tree, and take all of it away in the end."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, folder, clock=T0, services=("issues",))
    try:
        system.start("issues", replicas=replicas, TICK_SECONDS="0.1")
        for unit in TREE:
            system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
        eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
        yield Office(system)
    finally:
        system.stop()
        place.remove()
