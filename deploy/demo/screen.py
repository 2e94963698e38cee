"""What the person watching sees."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import set_cell_size
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from deploy.demo.watch import DELIVERED
from shared.shell.tables import console
from shared.shell.views import COLOURS, moment

WIDTHS = {"time": 12, "service": 10, "type": 26, "zh": 18, "subject": 16}  # terminal cells
ONE_LINE_FROM = 130  # terminal cells; a narrower terminal shows the meaning of an event on a line of its own


class Screen:
    """Prints acts, events, tables; keeps one counter for what comes by the hundred."""

    def __init__(self, titles: Mapping[str, Mapping[str, Any]]) -> None:
        self.out = console()
        self._titles = titles

    def act(self, zh: str, en: str) -> None:
        """Say what somebody is about to do."""
        self.out.print()
        self.out.print(Text.assemble(("▶ ", "bold cyan"), (zh, "bold")))
        self.out.print(Text.assemble("  ", (en, "italic")))

    def event(self, event: Mapping[str, Any]) -> None:
        """Show an event as it passes: time, service, name, title in Chinese, subject, what it means in English."""
        title = self._titles.get(event["type"], {})
        cells = {
            "time": moment(event["time"]).partition(" ")[2],
            "service": event["source"],
            "type": event["type"],
            "zh": title.get("zh", ""),
            "subject": _short(event["subject"], WIDTHS["subject"]),
        }
        styles = {"service": COLOURS.get(event["source"], ""), "type": "bold", "time": "dim"}
        line = Text("  ")
        for name, width in WIDTHS.items():
            line.append(set_cell_size(cells[name], width) + "  ", style=styles.get(name))
        meaning = Text(_meaning(event, title), style="dim")
        if self.out.width >= ONE_LINE_FROM:
            self.out.print(line + meaning, no_wrap=True, overflow="ellipsis")
        else:
            self.out.print(line, no_wrap=True, overflow="crop")
            self.out.print(Text(" " * (WIDTHS["time"] + 4)) + meaning, no_wrap=True, overflow="ellipsis")

    def note(self, text: str) -> None:
        """Print a short remark."""
        self.out.print(Text(f"  {text}", style="dim"))

    @contextmanager
    def counting(self, what: str, total: int) -> Iterator["Counter"]:
        """Show how many of many are done."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self.out, transient=True, disable=not self.out.is_terminal) as progress:
            yield Counter(progress, progress.add_task(what, total=total))

    def heading(self, zh: str, en: str) -> None:
        """Begin the next part."""
        self.out.print()
        self.out.print(Rule(Text.assemble((zh, "bold"), f" · {en}"), align="left"))

    def table(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show rows under their names."""
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for name in rows[0]:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(str(value)) for value in row.values()))
        self.out.print(table)


class Counter:
    """The counter of one task."""

    def __init__(self, progress: Progress, task: Any) -> None:
        self._progress, self._task = progress, task

    def show(self, done: int) -> None:
        """Show how many are done by now."""
        self._progress.update(self._task, completed=done)


def _meaning(event: Mapping[str, Any], title: Mapping[str, Any]) -> str:
    """Say in English what an event means; of a delivery, to whom and what."""
    data = event["data"]
    if event["type"] == DELIVERED:
        return f"{data.get('template')} to {data.get('person_ref')} by {data.get('channel')}"
    return str(title.get("doc", ""))


def _short(text: str, width: int) -> str:
    """Keep the end of an id that is too long, where ids differ."""
    return text if len(text) <= width else "…" + text[-(width - 1) :]
