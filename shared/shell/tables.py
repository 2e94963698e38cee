"""How plain values look to a person: tables, records, one line for an error."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.pretty import Pretty
from rich.table import Table
from rich.text import Text

from shared.errors import LinliError

MOST_COLUMNS = 9  # a wider table is shown record by record
PLAIN_WIDTH = 150  # columns where there is no terminal to ask


def console(*, error: bool = False) -> Console:
    """Return a console as wide as the terminal, or wide enough for a table where there is none."""
    made = Console(stderr=error, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=error, highlight=False, width=PLAIN_WIDTH)


def shown(value: Any) -> RenderableType:
    """Turn an answer into what a person reads."""
    if isinstance(value, LinliError):
        return problem(value)
    if _is_page(value):
        more = f"more: after={value['next']!r}" if value["next"] else None
        return Group(shown(value["items"]), *([Text(more, style="dim")] if more else []))
    if isinstance(value, Mapping):
        return record(value) if value else Text("(nothing)", style="dim")
    if isinstance(value, list | tuple) and value and all(isinstance(one, Mapping) for one in value):
        return listed(value)
    if isinstance(value, list | tuple) and not value:
        return Text("(none)", style="dim")
    return Text(value) if isinstance(value, str) else Pretty(value)


def problem(error: LinliError) -> Text:
    """Put an error on one line: name, code, sentence, details."""
    line = Text.assemble(("✗ ", "red"), (type(error).__name__, "bold red"), f" {error.code}: {error.message}")
    details = "; ".join(f"{name}: {_plain(value)}" for name, value in error.details.items())
    line.append(f" ({details})" if details else "", style="dim")
    if error.retryable:
        line.append(" [may be tried again]", style="yellow")
    return line


def listed(items: Sequence[Mapping[str, Any]], title: str | None = None) -> RenderableType:
    """Show records as a table, or one below the other where a table would be too wide."""
    columns = list(dict.fromkeys(name for item in items for name in item))
    used = [name for name in columns if any(item.get(name) not in (None, "", [], {}) for item in items)]
    if len(used) > MOST_COLUMNS:
        return Group(*(Group(Text(f"{number}", style="bold"), record(item)) for number, item in enumerate(items, 1)))
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for name in used:
        numeric = all(isinstance(item.get(name), int | float | None) for item in items)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for item in items:
        table.add_row(*(escape(_plain(item.get(name))) for name in used))
    return table


def record(value: Mapping[str, Any]) -> Table:
    """Show one record: a line for each field, lists of records inside as tables."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, inner in value.items():
        nested = isinstance(inner, Mapping | list) and bool(inner) and not _is_plain_list(inner)
        grid.add_row(escape(str(name)), shown(inner) if nested else escape(_plain(inner)))
    return grid


def _is_page(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"items", "next"}


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(one, Mapping | list) for one in value)


def _plain(value: Any) -> str:
    """Write a value into a cell."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if _is_plain_list(value):
        return ", ".join(map(_plain, value))
    return json.dumps(value, ensure_ascii=False, default=str)
