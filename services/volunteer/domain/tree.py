"""The organisation tree: community > grid > estate > building (V10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.volunteer.events import OrgUnitUpdated
from shared.errors import Refusal


class Level(StrEnum):
    """The four levels, from the top."""

    COMMUNITY = "community"
    GRID = "grid"
    ESTATE = "estate"
    BUILDING = "building"

    @property
    def depth(self) -> int:
        """How many levels are above, 0 for a community."""
        return tuple(Level).index(self)


class UnitNamedTwice(Refusal):
    """The same unit stands more than once in one import; a unit has one parent."""


class ParentMissing(Refusal):
    """The parent is neither in the import nor in the tree, or a unit below a community names none."""


class LevelOrderBroken(Refusal):
    """A unit does not stand below a unit of a higher level; a cycle always breaks this somewhere."""


class UnitMoved(Refusal):
    """An import does not move a unit or change its level: volunteers and history hang on its place."""


@dataclass(frozen=True, kw_only=True)
class UnitDraft:
    """A unit as an import describes it."""

    org_unit_id: str
    level: Level
    parent_id: str | None
    secretary_id: str | None
    label_zh: str
    place_zh: str


@dataclass(frozen=True, kw_only=True)
class OrgUnit:
    """A unit of the tree; `path` leads from the root to itself, `version` counts changes of content."""

    org_unit_id: str
    level: Level
    parent_id: str | None
    path: tuple[str, ...]
    secretary_id: str | None
    label_zh: str
    place_zh: str
    version: int
    revision: int = 0


def grow(drafts: Iterable[UnitDraft], stored: Mapping[str, OrgUnit]) -> tuple[OrgUnit, ...]:
    """Return the units that are new or changed, parents first.

    Raises UnitNamedTwice, ParentMissing, LevelOrderBroken, UnitMoved.
    """
    ordered = sorted(drafts, key=lambda draft: draft.level.depth)
    levels = _levels(ordered, stored)
    known, changed = dict(stored), []
    for draft in ordered:
        _check_place(draft, levels)
        above = known[draft.parent_id].path if draft.parent_id else ()
        unit = _next_version(draft, (*above, draft.org_unit_id), stored.get(draft.org_unit_id))
        if unit is not None:
            known[unit.org_unit_id] = unit
            changed.append(unit)
    return tuple(changed)


def announced(unit: OrgUnit) -> OrgUnitUpdated:
    """Return the fact that tells others about a unit as it is now."""
    return OrgUnitUpdated(
        org_unit_id=unit.org_unit_id,
        level=unit.level,
        parent_id=unit.parent_id,
        path=unit.path,
        secretary_id=unit.secretary_id,
        revision=unit.version,
        label_zh=unit.label_zh,
        place_zh=unit.place_zh,
    )


def _levels(drafts: Iterable[UnitDraft], stored: Mapping[str, OrgUnit]) -> dict[str, Level]:
    levels: dict[str, Level] = {}
    for draft in drafts:
        if draft.org_unit_id in levels:
            raise UnitNamedTwice("a unit stands once in an import", org_unit_id=draft.org_unit_id)
        levels[draft.org_unit_id] = draft.level
    return {**{unit.org_unit_id: unit.level for unit in stored.values()}, **levels}


def _check_place(draft: UnitDraft, levels: Mapping[str, Level]) -> None:
    if draft.parent_id is None:
        if draft.level is not Level.COMMUNITY:
            raise ParentMissing("only a community has no parent", org_unit_id=draft.org_unit_id, level=str(draft.level))
        return
    if draft.parent_id not in levels:
        raise ParentMissing("import the parent first", org_unit_id=draft.org_unit_id, parent_id=draft.parent_id)
    if levels[draft.parent_id].depth >= draft.level.depth:
        raise LevelOrderBroken(
            "the order is community, grid, estate, building",
            org_unit_id=draft.org_unit_id,
            level=str(draft.level),
            parent_level=str(levels[draft.parent_id]),
        )


def _next_version(draft: UnitDraft, path: tuple[str, ...], before: OrgUnit | None) -> OrgUnit | None:
    """Return the unit as it becomes, or None if nothing changes."""
    if before is None:
        return OrgUnit(**vars(draft), path=path, version=1)
    if (before.parent_id, before.level) != (draft.parent_id, draft.level):
        raise UnitMoved("a unit keeps its parent and level", org_unit_id=draft.org_unit_id, parent_id=before.parent_id)
    after = replace(before, secretary_id=draft.secretary_id, label_zh=draft.label_zh, place_zh=draft.place_zh)
    return None if after == before else replace(after, version=before.version + 1)
