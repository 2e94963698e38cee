"""The commands: trace, queues, parked, call, resend, run-due."""

from datetime import datetime
from typing import Annotated, Any

import typer

from shared.cli import options, parked
from shared.cli.output import end, report, tell, told, value_of
from shared.errors import InvalidInput
from shared.shell import views
from shared.shell.login import connect
from shared.shell.tables import shown

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Administration of the bus. AMQP_URI says where it is, AUTH_KEY signs you in as administrator.",
)
app.add_typer(parked.app, name="parked")


@app.command()
def trace(
    correlation_id: Annotated[str, typer.Argument(metavar="ID", help="An issue, course or visit: IS-0101.")],
    every: Annotated[bool, typer.Option("--every", help="A line for each event, even for 200 of a kind.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show the whole thread of an issue over all services, in order, with causes."""
    with told():
        found = connect().trace(correlation_id)
    failures, found.failures = found.failures, {}
    tell([step.as_row for step in found.steps], lambda: views.thread(found, every=every), as_json=as_json)
    end(failures)


@app.command()
def queues(service: options.OfService = None, as_json: options.Json = False) -> None:
    """Show depth and consumers of queues, outbox and parked events."""
    with told():
        found = connect().queues(of=service)
    report(found, views.queues, as_json=as_json)


@app.command()
def call(
    method: Annotated[str, typer.Argument(metavar="SERVICE.METHOD", help="Such as issues.get_issue.")],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE …", help="JSON where it is JSON, else text.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Call a method of a service; without a method, list what the service offers."""
    service, _, name = method.partition(".")
    with told():
        bus = connect()
        answer = bus.client.call(service, name or "describe", **_named(values or []))
    tell(answer, lambda: shown(answer) if name else views.offers([answer]), as_json=as_json)


@app.command()
def resend(
    service: Annotated[str, typer.Option("--service", help="Whose events.", callback=options.known)],
    kinds: Annotated[list[str], typer.Option("--type", help="An event type; may be given several times.")],
    since: Annotated[
        datetime, typer.Option("--since", help="Sent since then: 2h, 7d, a moment.", parser=options.moment)
    ],
    as_json: options.Json = False,
) -> None:
    """Send events again that were sent; consumers stop what they have handled."""
    with told():
        found = connect().ask("resend_events", of=service, types=kinds, since=since)
    report(found, views.counts, as_json=as_json)


@app.command()
def run_due(
    now: Annotated[datetime | None, typer.Option("--now", help="As if it were then.", parser=options.moment)] = None,
    service: options.OfService = None,
    as_json: options.Json = False,
) -> None:
    """Handle what is due."""
    with told():
        found = connect().ask("run_due", of=service, **({"now": now} if now else {}))
    report(found, views.counts, as_json=as_json)


def _named(values: list[str]) -> dict[str, Any]:
    pairs = [value.partition("=") for value in values]
    wrong = [name for name, equals, _ in pairs if not equals or not name.isidentifier()]
    if wrong:
        raise InvalidInput(f"values are given as key=value, not {', '.join(wrong)}")
    return {name: value_of(text) for name, _, text in pairs}
