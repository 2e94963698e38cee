"""What residents report, and how each kind is solved: data of rules R3 and R4 (stories.md)."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What a problem is about."""

    BIKE_SHED = "bike_shed"
    LIFT_MAINTENANCE = "lift_maintenance"
    ELECTRICITY_PRICE_DISPUTE = "electricity_price_dispute"
    NEIGHBOUR_DISPUTE = "neighbour_dispute"
    SPECIAL_GROUP_SUPPORT = "special_group_support"
    CHILD_CARE = "child_care"
    WASTE_STATION = "waste_station"


class Route(StrEnum):
    """Which way a problem goes."""

    DELIBERATION = "deliberation"
    VOLUNTEERS = "volunteers"


class QualificationPolicy(StrEnum):
    """Whether a helper needs the qualification of the category."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    NONE = "none"


class Priority(StrEnum):
    """How soon somebody should look."""

    NORMAL = "normal"
    URGENT = "urgent"


class Hazard(StrEnum):
    """What endangers people."""

    FLYING_WIRE_CHARGING = "flying_wire_charging"
    BLOCKED_STAIRS = "blocked_stairs"


class Level(StrEnum):
    """The four levels of the tree."""

    BUILDING = "building"
    ESTATE = "estate"
    GRID = "grid"
    COMMUNITY = "community"


@dataclass(frozen=True, kw_only=True)
class CategoryRow:
    """The defaults of a category; `label_zh` ends a title such as 振徽苑9栋非机动车棚."""

    label_zh: str
    route: Route
    policy: QualificationPolicy = QualificationPolicy.NONE
    qualification: str | None = None
    sensitive: bool = False
    safety: bool = False  # stays open when its reporter withdraws


CATEGORIES: dict[Category, CategoryRow] = {
    Category.BIKE_SHED: CategoryRow(
        label_zh="非机动车棚",
        route=Route.DELIBERATION,
        policy=QualificationPolicy.PREFERRED,
        qualification="hazard_inspection",
    ),
    Category.LIFT_MAINTENANCE: CategoryRow(label_zh="电梯维修", route=Route.DELIBERATION, safety=True),
    Category.ELECTRICITY_PRICE_DISPUTE: CategoryRow(
        label_zh="电价争议",
        route=Route.DELIBERATION,
        policy=QualificationPolicy.PREFERRED,
        qualification="mediation",
    ),
    Category.NEIGHBOUR_DISPUTE: CategoryRow(
        label_zh="邻里纠纷",
        route=Route.VOLUNTEERS,
        policy=QualificationPolicy.REQUIRED,
        qualification="mediation",
    ),
    Category.SPECIAL_GROUP_SUPPORT: CategoryRow(
        label_zh="特殊群体帮扶",
        route=Route.VOLUNTEERS,
        policy=QualificationPolicy.PREFERRED,
        qualification="elder_care",
        sensitive=True,
    ),
    Category.CHILD_CARE: CategoryRow(
        label_zh="儿童托管",
        route=Route.VOLUNTEERS,
        policy=QualificationPolicy.REQUIRED,
        qualification="child_care",
    ),
    Category.WASTE_STATION: CategoryRow(label_zh="垃圾站点", route=Route.VOLUNTEERS),
}
NOT_SORTED_YET = CategoryRow(label_zh="事项", route=Route.VOLUNTEERS)

SEVERITY: dict[Hazard, str] = {
    Hazard.FLYING_WIRE_CHARGING: "high",
    Hazard.BLOCKED_STAIRS: "high",
}
