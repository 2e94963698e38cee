"""A service of issues with a small tree and three outside units, on a clock that stands at T0."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from tests.support.eventually import eventually
from tests.support.rpc import RawCaller
from tests.support.servers import Place
from tests.support.system import T0, System

B09 = "C01-G03-E07-B09"
TREE = [(B09, "building", "C01-G03-E07"), ("C01-G03-E07", "estate", "C01"), ("C01", "community", None)]
UNITS = [
    {"unit_id": "PC-0007", "kind": "property_company", "label_zh": "金源物业", "label_en": "Jinyuan Property",
     "persons": ["U-0071", "U-0072"]},
    {"unit_id": "UT-0001", "kind": "utility", "label_zh": "供电公司", "label_en": "Power company",
     "persons": ["U-0011"]},
    {"unit_id": "DEP-0003", "kind": "department", "label_zh": "城管中队", "label_en": "City management",
     "categories": ["waste_station"], "persons": ["U-0031"]},
]  # fmt: skip
Answer = dict[str, Any]  # `result` and `error`, as they stand on the wire


class Office:
    """Calls the service as its people would."""

    def __init__(self, system: System) -> None:
        self.system = system

    def call(self, method: str, *args: Any, **kwargs: Any) -> Answer:
        """Call on a connection of its own, and return the whole answer."""
        caller = RawCaller(self.system.place.amqp_uri)
        try:
            return caller.call("issues", method, *args, **kwargs)
        finally:
            caller.close()

    def do(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call, and return the result."""
        answer = self.call(method, *args, **kwargs)
        assert answer["error"] is None, answer["error"]
        return answer["result"]

    def at_once(self, *calls: tuple[Any, ...]) -> list[Answer]:
        """Make calls `(method, *args)` at the same moment, each on a connection of its own."""
        together = Barrier(len(calls))

        def one(call: tuple[Any, ...]) -> Answer:
            caller = RawCaller(self.system.place.amqp_uri)
            try:
                together.wait(10)
                return caller.call("issues", *call)
            finally:
                caller.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    def triaged(self) -> str:
        """Report an issue and triage it; return its id."""
        issue_id = self.do("report_issue", "R-1001", B09, "楼道垃圾无人清运")["issue_id"]
        self.do("triage", issue_id, "waste_station")
        return str(issue_id)

    def dispatched(self, unit: str = "PC-0007") -> str:
        """Send an issue to an outside unit; return its id."""
        issue_id = self.triaged()
        self.do("dispatch", issue_id, unit)
        return issue_id

    def state(self, issue_id: str) -> str:
        """Return where the work is."""
        return str(self.do("get_issue", issue_id)["state"])


def offices(folder: Path, *, replicas: int) -> Iterator[Office]:
    """Start replicas of issues, bring tree and units in, and take everything down at the end."""
    place = Place.make()
    system = System(place, folder, clock=T0, services=("issues",))
    try:
        system.start("issues", replicas=replicas)
        for unit_id, level, parent in TREE:
            unit = {"org_unit_id": unit_id, "level": level, "parent_id": parent, "revision": 1, "place_zh": unit_id}
            system.dispatch("volunteer", "org_unit.updated", unit)
        eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
        office = Office(system)
        office.do("set_units", UNITS)
        yield office
    finally:
        system.stop()
        place.remove()


def words(system: System) -> str:
    """Return everything that was announced, as one text."""
    return json.dumps([event["data"] for event in system.recorder.events.values()], ensure_ascii=False)
