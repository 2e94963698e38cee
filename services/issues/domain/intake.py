"""What another system tells us with a report, beside the reporter's words; triage sees it, nobody else."""

from dataclasses import dataclass

from services.issues.domain.places import Point


@dataclass(frozen=True, kw_only=True)
class Told:
    """Where exactly, with which picture, and under which number there."""

    point: Point | None = None
    media_url: str | None = None
    external_no: str | None = None
