"""How the bus looks to a person: a thread, queues and lag, parked events, what the services offer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from shared.broker.topology import UNROUTED
from shared.clock import COMMUNITY_TIME
from shared.errors import LinliError
from shared.shell.bus import Everywhere, Thread, rows
from shared.shell.tables import listed, problem, record
from shared.shell.thread import Line, Step, collapsed

COMMON_FIELDS = ("command_id", "expected_revision")
PARKED_COLUMNS = ("service", "parked_id", "type", "reason", "handler", "attempts", "times", "parked_at", "detail")
COLOURS = {"issues": "magenta", "volunteer": "green", "enrollment": "blue", "notify": "yellow"}


def moment(value: str) -> str:
    """Write a moment in the community's time, to the millisecond."""
    return datetime.fromisoformat(value).astimezone(COMMUNITY_TIME).strftime("%m-%d %H:%M:%S.%f")[:-3]


def service(name: str) -> Text:
    """Write a service's name in its colour."""
    return Text(name, style=COLOURS.get(name, ""))


def thread(found: Thread, *, every: bool = False) -> RenderableType:
    """Show a thread, a line for each event; effects by the hundred on one line unless `every`."""
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("#", "time", "service", "event", "", "subject", "seq", "cause", ""):
        table.add_column(name, justify="right" if name in ("#", "seq", "cause") else "left", overflow="fold")
    lines = [Line(steps=(step,)) for step in found.steps] if every else collapsed(found.steps)
    for line in lines:
        table.add_row(*_cells(line))
    waiting = sum(not step.event.get("sent", True) for step in found.steps)
    total = f"{found.correlation_id}: {len(found.steps)} event{'s'[len(found.steps) == 1 :]}"
    summary = Text(f"{total}, {waiting} pending" if waiting else total, style="bold")
    return Group(table, summary, *failures(found.failures))


def _cells(line: Line) -> tuple[RenderableType, ...]:
    step, event = line.first, line.first.event
    name = Text("  " * step.depth + ("└ " if step.depth else "") + event["type"])
    if len(line.steps) > 1:
        name.append(f" ×{len(line.steps)}", style="bold")
    return (
        _number(line),
        moment(event["time"]),
        service(event["service"]),
        name,
        step.zh,
        Text(f"{event['subject']} …" if len(line.steps) > 1 else event["subject"]),
        "" if len(line.steps) > 1 else str(event.get("sequence", "")),
        _cause(step),
        "sent" if event.get("sent", True) else Text("pending", style="red"),
    )


def _number(line: Line) -> str:
    return f"{line.first.number}" if len(line.steps) == 1 else f"{line.first.number}…{line.steps[-1].number}"


def _cause(step: Step) -> str:
    """Say what led to a step: the number of another one, an event outside the thread, or a call."""
    return f"#{step.cause}" if step.cause else "call" if step.event.get("causationid") else ""


def queues(found: Everywhere) -> RenderableType:
    """Show depth and consumers of each queue, and for each service what waits in its outbox and what is parked."""
    every = [
        {"service": name, **one}
        for name, answer in found.answers.items()
        for one in sorted(answer["queues"], key=itemgetter("queue"))
    ]
    busy = [one for one in every if ".retry." not in one["queue"] or one["messages"]]
    waits = [
        {
            "service": name,
            "waiting": sum(one["messages"] for one in answer["queues"]),
            "outbox pending": answer["outbox"]["pending"],
            "oldest (s)": answer["outbox"]["oldest_seconds"],
            "parked": answer["parked"],
            "held in order": answer["held"],
            "without consumer": ", ".join(one["queue"] for one in answer["queues"] if _is_deserted(one)) or "none",
        }
        for name, answer in found.answers.items()
    ]
    return Group(listed(busy), Text(""), listed(waits), *failures(found.failures))


def _is_deserted(queue: Mapping[str, Any]) -> bool:
    """Whether nobody consumes a queue that somebody should; wait queues and the last resort have none by design."""
    return ".retry." not in queue["queue"] and queue["queue"] != UNROUTED and not queue["consumers"]


def parked(found: Everywhere) -> RenderableType:
    """Show parked events, oldest first."""
    items = [{name: row.get(name) for name in PARKED_COLUMNS} for row in rows(found)]
    for item in items:
        item["parked_at"] = moment(str(item["parked_at"]))
    more = [f"{name}: more after {page['next']}" for name, page in found.answers.items() if page["next"]]
    body = listed(items) if items else Text("nothing is parked", style="green")
    return Group(body, *(Text(line, style="dim") for line in more), *failures(found.failures))


def counts(found: Everywhere) -> RenderableType:
    """Show what a change did in each service."""
    items = [{"service": name, **answer} for name, answer in found.answers.items()]
    return Group(*([listed(items)] if items else []), *failures(found.failures))


def failures(found: Mapping[str, LinliError]) -> list[RenderableType]:
    """Say who could not be asked."""
    return [Text.assemble(f"{name}: ", problem(error)) for name, error in found.items()]


def offers(described: Sequence[Mapping[str, Any]]) -> RenderableType:
    """List the calls of services, a line for each."""
    parts: list[RenderableType] = []
    for one in described:
        parts.append(Text.assemble((one["service"], "bold"), f"  {one['doc']}"))
        grid = Table.grid(padding=(0, 2))
        for call in one["calls"]:
            grid.add_row("", escape(f"{call['name']}({_signature(call)})"), Text(call["doc"], style="dim"))
        parts += [grid, Text("")]
    return Group(*parts)


def _signature(call: Mapping[str, Any]) -> str:
    own = [one for one in call["fields"] if one["name"] not in COMMON_FIELDS]
    return ", ".join(one["name"] if one["required"] else f"{one['name']}=…" for one in own)


def call(of: str, described: Mapping[str, Any]) -> RenderableType:
    """Show one call with its fields."""
    head = Text.assemble((f"{of}.{described['name']}", "bold"), f"  {described['kind']}: {described['doc']}")
    return Group(head, _fields(described["fields"]))


def _fields(described: Sequence[Mapping[str, Any]]) -> RenderableType:
    flat = [row for one in described for row in _flat(one, "")]
    return listed(flat) if flat else record({"fields": "none"})


def _flat(field: Mapping[str, Any], inside: str) -> list[dict[str, Any]]:
    """Give a field and those inside it, each a row."""
    name = f"{inside}{field['name']}"
    default = "required" if field["required"] else field["default"]
    row = {"field": name, "takes": field["type"], "default": default, "allowed": field["allowed"]}
    return [row, *(deeper for one in field.get("fields", ()) for deeper in _flat(one, f"{name}."))]
