"""The part of other services' facts that issues relies on."""

from dataclasses import dataclass

from services.issues.domain import Level, OrgUnit
from shared.events import Inbound


@dataclass(frozen=True, kw_only=True)
class OrgUnitUpdated(Inbound, type="org_unit.updated", source="volunteer", business_key=("org_unit_id", "revision")):
    """A unit of the four-level tree, as of its own `revision`."""

    org_unit_id: str
    level: Level
    revision: int
    parent_id: str | None = None
    secretary_id: str | None = None
    label_zh: str | None = None
    place_zh: str | None = None

    @property
    def unit(self) -> OrgUnit:
        """The unit as our copy keeps it."""
        return OrgUnit(
            org_unit_id=self.org_unit_id,
            level=self.level,
            parent_id=self.parent_id,
            secretary_id=self.secretary_id,
            place_zh=self.place_zh or self.label_zh or self.org_unit_id,
            tree_revision=self.revision,
        )


@dataclass(frozen=True, kw_only=True)
class DispatchFilled(Inbound, type="dispatch.filled", source="volunteer", business_key=("dispatch_id",)):
    """Enough volunteers accepted; work on the issue begins."""

    dispatch_id: str
    issue_id: str
    volunteer_ids: tuple[str, ...]
    round: int | None = None
