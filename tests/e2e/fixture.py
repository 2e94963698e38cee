"""The common fixture of the stories: the tree, residents and volunteers; all persons are invented."""

from typing import Any

from tests.support.eventually import eventually
from tests.support.system import System

B09 = "C01-G03-E07-B09"
UNITS = [  # id, level, parent, secretary, label, what residents call the place
    ("C01", "community", None, "P-0001", "滨湖世纪社区党委", "滨湖世纪社区"),
    ("C01-G03", "grid", "C01", "P-0003", "振杰网格党总支", "振杰网格"),
    ("C01-G03-E07", "estate", "C01-G03", "P-0007", "振徽苑小区党支部", "振徽苑"),
    ("C01-G03-E08", "estate", "C01-G03", "P-0008", "振杰苑小区党支部", "振杰苑"),
    (B09, "building", "C01-G03-E07", "P-0009", "9栋党小组", "振徽苑9栋"),
    ("C01-G03-E07-B10", "building", "C01-G03-E07", "P-0010", "10栋党小组", "振徽苑10栋"),
]
FIELDS = ("org_unit_id", "level", "parent_id", "secretary_id", "label_zh", "place_zh")
TREE = [dict(zip(FIELDS, unit, strict=True)) for unit in UNITS]
HAZARD = "hazard_inspection"
VOLUNTEERS = [  # id, name, unit, Party member, qualified, hours
    ("V-2001", "陈国强", B09, True, True, 40.0),
    ("V-2002", "刘芳", B09, False, True, 12.0),
    ("V-2003", "孙磊", B09, True, False, 60.0),
    ("V-2004", "周敏", B09, False, False, 0.0),
    ("V-2005", "吴涛", "C01-G03-E07-B10", True, True, 5.0),
    ("V-2006", "郑洁", "C01-G03-E08", False, True, 8.0),
]
RESIDENTS = [("R-1001", "王小梅"), ("R-1007", "李桂兰"), ("P-0007", "赵建军"), ("P-0009", "高洁")]


def set_up_community(system: System, rpc: Any) -> None:
    """Import the tree, wait until every copy has it, and register the volunteers."""
    rpc.volunteer.import_org_tree(units=TREE)
    for process in system.processes:
        if process.service in ("issues", "notify"):
            eventually(lambda: system.database(process.service).org_units.count_documents({}) == len(TREE))  # noqa: B023 -- called at once
    for volunteer_id, _, unit, member, qualified, hours in VOLUNTEERS:
        held = [{"qualification": HAZARD, "valid_until": "2026-12-31"}] if qualified else []
        rpc.volunteer.register(
            person_id=volunteer_id, volunteer_id=volunteer_id, org_unit_id=unit, is_party_member=member,
            qualifications=held, opening_hours=hours,
        )  # fmt: skip


def set_up_contacts(rpc: Any, people: list[tuple[str, str]]) -> None:
    """Tell notify how to reach people; their address is their id."""
    contacts = [
        {"person_id": person, "name": name, "wechat": f"wx-{person}", "sms": f"sms-{person}"} for person, name in people
    ]
    for start in range(0, len(contacts), 500):
        rpc.notify.set_contacts(contacts=contacts[start : start + 500])


def counts(system: System, correlation: str | None = None) -> dict[str, int]:
    """Count distinct domain events of a thread: without notify's and those that set the stage."""
    stage = ("notification.", "org_unit.", "org_tree.", "events.", "volunteer.registered")
    return {kind: n for kind, n in system.recorder.counts(correlation).items() if not kind.startswith(stage)}
