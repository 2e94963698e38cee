"""Notify's own copy of the organisation tree."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class OrgUnit:
    """A unit as its owner announced it last; `announced` is the owner's revision."""

    org_unit_id: str
    level: str
    parent_id: str | None
    secretary_id: str | None
    announced: int
    label_zh: str | None = None
    revision: int = 0

    @property
    def label(self) -> str:
        """What people call the unit; its id where nobody said."""
        return self.label_zh or self.org_unit_id


def newer(known: OrgUnit | None, said: OrgUnit) -> OrgUnit | None:
    """Return the unit to keep, or None when what is known is as new."""
    if known is None:
        return said
    return replace(said, revision=known.revision) if said.announced > known.announced else None
