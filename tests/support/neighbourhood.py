"""The service of issues alone, with the tree of the stories in its copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.eventually import eventually
from tests.support.servers import Place
from tests.support.system import System

B09 = "C01-G03-E07-B09"
B10 = "C01-G03-E07-B10"
TREE = [  # id, level, parent, what residents call the place
    ("C01", "community", None, "滨湖世纪社区"),
    ("C01-G03", "grid", "C01", "振杰网格"),
    ("C01-G03-E07", "estate", "C01-G03", "振徽苑"),
    (B09, "building", "C01-G03-E07", "振徽苑9栋"),
    (B10, "building", "C01-G03-E07", "振徽苑10栋"),
]


def start_issues(system: System, *, replicas: int = 1) -> None:
    """Start replicas of issues and tell them the tree."""
    system.start("issues", replicas=replicas)
    for org_unit_id, level, parent_id, place_zh in TREE:
        unit = {"org_unit_id": org_unit_id, "level": level, "parent_id": parent_id, "place_zh": place_zh}
        system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
    eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))


@contextmanager
def alone(folder: Path, *, replicas: int = 1) -> Iterator[System]:
    """Let issues run in a place of its own, for all tests of a file."""
    place = Place.make()
    system = System(place, folder, services=("issues",))
    try:
        start_issues(system, replicas=replicas)
        yield system
    finally:
        system.stop()
        place.remove()


class Office:
    """Calls of the people in a neighbourhood, on one connection."""

    def __init__(self, proxy: Any) -> None:
        self.rpc = proxy.issues

    def report(self, reporter: str, **told: Any) -> str:
        """Report a lift that stands still, and return the issue's id."""
        told = {"building_id": B09, "text": "9栋电梯坏了,老人下不了楼", **told}
        return str(self.rpc.report_issue(reporter=reporter, **told)["issue_id"])

    def triaged(self, reporter: str, *, category: str = "lift_maintenance", **told: Any) -> str:
        """Report and sort it, and return the issue's id."""
        issue_id = self.report(reporter, **told)
        self.rpc.triage(issue_id=issue_id, category=category)
        return issue_id

    def at_work(self, reporter: str, **told: Any) -> str:
        """Report, sort and begin to work on it, and return the issue's id."""
        issue_id = self.triaged(reporter, **told)
        self.rpc.act(issue_id=issue_id, by="P-0009")
        return issue_id

    def get(self, issue_id: str) -> dict[str, Any]:
        """Look at an issue."""
        found: dict[str, Any] = self.rpc.get_issue(issue_id=issue_id)
        return found
