"""What residents report, and how each kind is solved: the words of rules R3 and R4 (stories.md)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from services.issues.domain.questions import Question, form_faults
from services.issues.domain.voting import VotingRule


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


class DeadlineClass(StrEnum):
    """How much time an issue may take from triage to being handled."""

    URGENT = "urgent"
    UTILITY = "utility"
    GENERAL = "general"
    COMPLEX = "complex"


class Level(StrEnum):
    """The four levels of the tree."""

    BUILDING = "building"
    ESTATE = "estate"
    GRID = "grid"
    COMMUNITY = "community"


NO_VERSION_YET = 0


@dataclass(frozen=True, kw_only=True)
class Category:
    """One version of what a problem may be about, which never changes.

    `label_zh` ends a title such as 振徽苑9栋非机动车棚. `closing_condition_zh` are the items to tick when the work is
    done. `may_deliberate` is the voting rule that the law asks for, None where residents cannot decide it.
    `unit_hint_zh` says who usually has to act.
    """

    code: str
    label_zh: str
    label_en: str
    group_zh: str
    description_zh: str
    route: Route
    deadline_class: DeadlineClass
    keywords: tuple[str, ...] = ()
    policy: QualificationPolicy = QualificationPolicy.NONE
    qualification: str | None = None
    sensitive: bool = False
    questions: tuple[Question, ...] = ()
    filing_condition_zh: str | None = None
    closing_condition_zh: tuple[str, ...] = ()
    proof_required: bool = False
    safety: bool = False  # goes on when its reporter withdraws
    unit_hint_zh: str | None = None
    may_deliberate: VotingRule | None = None
    active: bool = True
    version: int = NO_VERSION_YET
    category_id: str = ""
    revision: int = 0

    def as_version(self, version: int) -> "Category":
        """Return the same under its number."""
        return replace(self, version=version, category_id=category_id(self.code, version), revision=0)

    def says_the_same_as(self, other: "Category") -> bool:
        """Whether only the number of the version differs."""
        return self.as_version(NO_VERSION_YET) == other.as_version(NO_VERSION_YET)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Name each field that does not fit the others, and why."""
        if self.policy is not QualificationPolicy.NONE and self.qualification is None:
            yield "qualification", f"is needed where policy is {self.policy}"
        yield from form_faults(self.questions)


NOT_SORTED_YET = Category(
    code="",
    label_zh="事项",
    label_en="Matter",
    group_zh="",
    description_zh="还没有人说是哪一类",
    route=Route.VOLUNTEERS,
    deadline_class=DeadlineClass.GENERAL,
)


def category_id(code: str, version: int) -> str:
    """Name a version: bike_shed@2."""
    return f"{code}@{version}"


SEVERITY: dict[Hazard, str] = {
    Hazard.FLYING_WIRE_CHARGING: "high",
    Hazard.BLOCKED_STAIRS: "high",
}
