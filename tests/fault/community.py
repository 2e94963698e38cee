"""The community under load: four buildings full of volunteers, and everybody can be reached."""

from typing import Any

from tests.fault.due import Due
from tests.support.eventually import eventually
from tests.support.system import System

ESTATE = "C01-G01-E01"
BUILDINGS = tuple(f"{ESTATE}-B{number:02d}" for number in range(1, 5))
VOLUNTEERS = {building: [f"V-{place}{n:02d}" for n in range(20)] for place, building in enumerate(BUILDINGS, 1)}
EVERYBODY = [volunteer for living in VOLUNTEERS.values() for volunteer in living]
REPORTERS = [f"R-{n:03d}" for n in range(100)]
SECRETARY, LEADER = "P-0001", "P-0003"  # of the community, who verifies; of the estate, who leads projects


PEOPLE = (*REPORTERS, *EVERYBODY, LEADER, SECRETARY, "P-0002", "P-0004")
UNITS = [
    {"org_unit_id": "C01", "level": "community", "secretary_id": SECRETARY, "label_zh": "社区党委"},
    {"org_unit_id": "C01-G01", "level": "grid", "parent_id": "C01", "secretary_id": "P-0002", "label_zh": "网格"},
    {"org_unit_id": ESTATE, "level": "estate", "parent_id": "C01-G01", "secretary_id": LEADER, "label_zh": "小区"},
    *(
        {"org_unit_id": building, "level": "building", "parent_id": ESTATE, "secretary_id": "P-0004",
         "label_zh": f"{number}栋", "place_zh": f"{number}栋"}
        for number, building in enumerate(BUILDINGS, 1)
    ),
]  # fmt: skip


def settle_in(system: System, rpc: Any) -> None:
    """Import the tree, register the volunteers, and tell notify how to reach people."""
    rpc.volunteer.import_org_tree(units=UNITS)
    copies = [system.database(service).org_units for service in ("issues", "notify")]
    eventually(lambda: all(copy.count_documents({}) == len(UNITS) for copy in copies))
    for building, living in VOLUNTEERS.items():
        for n, volunteer in enumerate(living):
            rpc.volunteer.register(
                person_id=volunteer, volunteer_id=volunteer, org_unit_id=building, is_party_member=n % 2 == 0
            )
    contacts = [{"person_id": person, "name": person, "wechat": f"wx-{person}"} for person in PEOPLE]
    rpc.notify.set_contacts(contacts=contacts)


def due() -> Due:
    """Return what stands in the databases because of it."""
    units = [unit["org_unit_id"] for unit in UNITS]
    return {
        "unit": {(service, unit): 1 for unit in units for service in ("volunteer", "issues", "notify")},
        "contact": {person: f"wx-{person}" for person in PEOPLE},
    }
