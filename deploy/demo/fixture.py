"""The people and places of story 1 (stories.md, common fixture)."""

from datetime import date, timedelta
from typing import Any

BUILDING = "C01-G03-E07-B09"
RESIDENT = "R-1001"
ACCEPTOR = "P-0001"
LEADER = "P-0007"
VOLUNTEERS = ("V-2002", "V-2001")  # in the order they are asked: fewer hours first
HOURS = 3.0
ROLL_SIZE = 200

NAMES = {
    "P-0001": "何志远",
    "P-0003": "沈立",
    "P-0007": "赵建军",
    "P-0009": "高洁",
    "R-1001": "王小梅",
    "R-1007": "李桂兰",
    "V-2001": "陈国强",
    "V-2002": "刘芳",
    "V-2003": "孙磊",
    "V-2004": "周敏",
    "V-2005": "吴涛",
    "V-2006": "郑洁",
}

TREE: list[dict[str, Any]] = [
    {"org_unit_id": "C01", "level": "community", "secretary_id": "P-0001", "label_zh": "滨湖世纪社区党委"},
    {
        "org_unit_id": "C01-G03",
        "level": "grid",
        "parent_id": "C01",
        "secretary_id": "P-0003",
        "label_zh": "振杰网格党总支",
    },
    {
        "org_unit_id": "C01-G03-E07",
        "level": "estate",
        "parent_id": "C01-G03",
        "secretary_id": LEADER,
        "label_zh": "振徽苑小区党支部",
        "place_zh": "振徽苑",
    },
    {"org_unit_id": "C01-G03-E08", "level": "estate", "parent_id": "C01-G03", "label_zh": "振杰苑小区党支部"},
    {
        "org_unit_id": BUILDING,
        "level": "building",
        "parent_id": "C01-G03-E07",
        "secretary_id": "P-0009",
        "label_zh": "9栋党小组",
        "place_zh": "振徽苑9栋",
    },
    {
        "org_unit_id": "C01-G03-E07-B10",
        "level": "building",
        "parent_id": "C01-G03-E07",
        "label_zh": "10栋党小组",
        "place_zh": "振徽苑10栋",
    },
]


def _volunteer(number: int, unit: str, hours: float, *, party: bool, qualified: bool) -> dict[str, Any]:
    held = {"qualification": "hazard_inspection", "valid_until": (date.today() + timedelta(days=700)).isoformat()}  # noqa: DTZ011 -- any day far enough ahead
    return {
        "volunteer_id": f"V-{number}",
        "person_id": f"V-{number}",
        "org_unit_id": unit,
        "is_party_member": party,
        "qualifications": [held] if qualified else [],
        "opening_hours": hours,
    }


REGISTRATIONS = (
    _volunteer(2001, BUILDING, 40.0, party=True, qualified=True),
    _volunteer(2002, BUILDING, 12.0, party=False, qualified=True),
    _volunteer(2003, BUILDING, 60.0, party=True, qualified=False),
    _volunteer(2004, BUILDING, 0.0, party=False, qualified=False),
    _volunteer(2005, "C01-G03-E07-B10", 5.0, party=True, qualified=True),
    _volunteer(2006, "C01-G03-E08", 8.0, party=False, qualified=True),
)


def address(person_id: str) -> str:
    """Return where a person gets WeChat messages."""
    return f"wx-{person_id}"


def contacts() -> list[dict[str, Any]]:
    """Return everybody who is written to: the named ones, and the owners of building 9."""
    known = {**NAMES, **{f"O-{number:03}": f"业主{number}号" for number in range(1, ROLL_SIZE + 1)}}
    return [{"person_id": person, "name": name, "wechat": address(person)} for person, name in known.items()]


# 200 owners with 20,000 m²; 132 with 13,448 m² agree, 28 with 2,952 m² do not, 40 stay away.
_AREAS = (*[101.88] * 131, 101.72, *[105.43] * 27, 105.39, *[90.0] * 40)
_CHOICES = (*["for"] * 132, *["against"] * 28)


def roll() -> list[dict[str, Any]]:
    """Return the owners with their floor area in m²."""
    return [{"person_id": f"O-{number:03}", "area": area} for number, area in enumerate(_AREAS, 1)]


def votes() -> list[tuple[str, str]]:
    """Return who votes what."""
    return [(f"O-{number:03}", choice) for number, choice in enumerate(_CHOICES, 1)]
