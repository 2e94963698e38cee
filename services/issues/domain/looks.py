"""Looks: who saw what of an issue that is not everybody's business."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.issues.domain.issue import Issue
from services.issues.domain.visibility import View
from services.issues.domain.who import Actor


class Saw(StrEnum):
    """What somebody got to see."""

    WHOLE = "whole"
    MASKED = "masked"
    REFUSED = "refused"


SAW = {View.WHOLE: Saw.WHOLE, View.MASKED: Saw.MASKED, View.NONE: Saw.REFUSED}


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at an issue by somebody in some roles, through one of the service's calls."""

    look_id: str
    issue_id: str
    reporter_ref: str
    at: datetime
    by: str
    roles: tuple[str, ...]
    on_behalf_of: str | None
    saw: Saw
    call: str
    revision: int = 0


def look(look_id: str, issue: Issue, actor: Actor, viewer: str | None, *, saw: Saw, call: str, now: datetime) -> Look:
    """Write a look down; `viewer` is with whose eyes, where the actor may see everything."""
    return Look(
        look_id=look_id,
        issue_id=issue.issue_id,
        reporter_ref=issue.reporter_ref,
        at=now,
        by=actor.id,
        roles=actor.roles,
        on_behalf_of=viewer or actor.on_behalf_of,
        saw=saw,
        call=call,
    )
