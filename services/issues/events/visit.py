"""Facts of visits."""

from dataclasses import dataclass

from shared.events import Event


@dataclass(frozen=True, kw_only=True)
class VisitRecorded(Event, type="visit.recorded", subject="visit_id", zh="走访已记录"):
    """Somebody called at a household; nothing here says at which, or what was said."""

    visit_id: str
    building_id: str
    dimensions: tuple[str, ...]
    issue_ids: tuple[str, ...]
    visitors: tuple[str, ...]
