"""Our own copy of the organisation tree, which belongs to volunteer."""

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


def update_org_unit(known: OrgUnit | None, told: OrgUnit) -> OrgUnit:
    """Take over what the tree's owner says; raises AlreadyHandled when we know this or better."""
    if known is None:
        return told
    if told.tree_revision <= known.tree_revision:
        raise AlreadyHandled("this or a later revision of the unit is known", known=known.tree_revision)
    return replace(told, revision=known.revision)
