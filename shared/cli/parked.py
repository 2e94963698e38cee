"""`parked list|show|replay|drop`: events that a person has to look at."""

from typing import Annotated

import typer

from shared.cli import options
from shared.cli.output import report, tell, told
from shared.shell import views
from shared.shell.login import connect
from shared.shell.tables import shown

app = typer.Typer(no_args_is_help=True, help="Events that could not be handled: list, show, replay, drop.")


@app.command(name="list")
def list_(
    *,
    service: options.OfService = None,
    kind: options.OfType = None,
    reason: options.Reason = None,
    handler: options.Handler = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: options.Limit = None,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this id.")] = None,
    as_json: options.Json = False,
) -> None:
    """List parked events."""
    with told():
        found = connect().parked(
            of=service, type=kind, reason=reason, handler=handler, since=since, until=until, limit=limit, after=after
        )
    report(found, views.parked, as_json=as_json)


@app.command()
def show(parked_id: str, service: options.OfService = None, as_json: options.Json = False) -> None:
    """Show one parked event with its bytes, headers and first failure."""
    with told():
        found = connect().show(parked_id, of=service)
    tell(found, lambda: shown(found), as_json=as_json)


@app.command()
def replay(
    *,
    parked_ids: options.ParkedIds = None,
    service: options.OfService = None,
    kind: options.OfType = None,
    reason: options.Reason = None,
    handler: options.Handler = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: options.Limit = None,
    rate: Annotated[
        float | None, typer.Option("--rate", min=0.01, help="Events a second; at once when absent.")
    ] = None,
    everything: options.Everything = False,
    as_json: options.Json = False,
) -> None:
    """Give parked events back to their handlers, under their own ids."""
    with told():
        found = connect().replay(
            of=service,
            everything=everything,
            ids=parked_ids,
            type=kind,
            reason=reason,
            handler=handler,
            since=since,
            until=until,
            limit=limit,
            rate=rate,
        )
    report(found, views.counts, as_json=as_json)


@app.command()
def drop(
    *,
    parked_ids: options.ParkedIds = None,
    service: options.OfService = None,
    kind: options.OfType = None,
    reason: options.Reason = None,
    handler: options.Handler = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: options.Limit = None,
    everything: options.Everything = False,
    as_json: options.Json = False,
) -> None:
    """Take parked events off the list; they stay readable by id."""
    with told():
        found = connect().drop(
            of=service,
            everything=everything,
            ids=parked_ids,
            type=kind,
            reason=reason,
            handler=handler,
            since=since,
            until=until,
            limit=limit,
        )
    report(found, views.counts, as_json=as_json)
