"""Options that several commands share."""

import re
from datetime import datetime, timedelta
from typing import Annotated

import typer

from shared import clock
from shared.shell.bus import SERVICES

SPAN = re.compile(r"(\d+)\s*(s|m|h|d)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def moment(text: str) -> datetime:
    """Read a moment, in the community's time where it names no zone, or a span before now: 90s, 30m, 2h, 7d."""
    span = SPAN.fullmatch(text)
    if span is not None:
        return clock.now() - timedelta(**{UNITS[span[2]]: int(span[1])})
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            "a moment such as 2025-03-03T09:00, or a span before now such as 30m, 2h, 7d"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=clock.COMMUNITY_TIME)


def known(service: str | None) -> str | None:
    """Refuse a service that is not there."""
    if service is not None and service not in SERVICES:
        raise typer.BadParameter(f"one of {', '.join(SERVICES)}")
    return service


Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
OfService = Annotated[str | None, typer.Option("--service", help="Of this service only.", callback=known)]
OfType = Annotated[str | None, typer.Option("--type", help="Of this event type.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Parked for this reason, such as invalid or defect.")]
Handler = Annotated[str | None, typer.Option("--handler", help="Of this handler, such as on_issue_resolved.")]
Since = Annotated[
    datetime | None, typer.Option("--since", help="Parked since then: 2h, 7d, 2025-03-03T09:00.", parser=moment)
]
Until = Annotated[datetime | None, typer.Option("--until", help="Parked before then.", parser=moment)]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many in each service.")]
Everything = Annotated[bool, typer.Option("--all", help="Without any condition, all of them.")]
ParkedIds = Annotated[list[str] | None, typer.Argument(help="Ids as `parked list` shows them.", show_default=False)]
