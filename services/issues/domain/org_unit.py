"""Our own copy of the organisation tree, which belongs to volunteer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.issues.domain.categories import Level
from shared.errors import AlreadyHandled


@dataclass(frozen=True, kw_only=True)
class OrgUnit:
    """A unit of the tree; `tree_revision` is the owner's, `revision` counts our own writes."""

    org_unit_id: str
    level: Level
    parent_id: str | None
    secretary_id: str | None
    place_zh: str
    tree_revision: int
    revision: int = 0


def community_of(line: Iterable[OrgUnit]) -> str | None:
    """Name the community among the units of a line up the tree."""
    return next((unit.org_unit_id for unit in line if unit.level is Level.COMMUNITY), None)


def secretaries_of(line: Iterable[OrgUnit]) -> tuple[str, ...]:
    """Name the secretaries of a line up the tree, the nearest first."""
    return tuple(dict.fromkeys(unit.secretary_id for unit in line if unit.secretary_id))


def update_org_unit(known: OrgUnit | None, told: OrgUnit) -> OrgUnit:
    """Take over what the tree's owner says; raises AlreadyHandled when we know this or better."""
    if known is None:
        return told
    if told.tree_revision <= known.tree_revision:
        raise AlreadyHandled("this or a later revision of the unit is known", known=known.tree_revision)
    return replace(told, revision=known.revision)
