"""Who may answer for a reporter, on record: a child for a parent, a carer, a neighbour."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """What a proxy is to the reporter."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    RELATIVE = "relative"
    GUARDIAN = "guardian"
    CARER = "carer"
    NEIGHBOUR = "neighbour"
    GRID_WORKER = "grid_worker"


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A person who may answer for the reporter of one issue; `consent` says in words how the reporter agreed."""

    person: str
    relation: Relation
    consent: str
    set_by: str
    since: datetime
    until: datetime | None = None
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether the person may answer now."""
        return self.ended_at is None and (self.until is None or now < self.until)
