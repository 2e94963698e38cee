"""`python -m shared.shell`: type, or pipe lines in; piped lines end with exit code 1 at the first error."""

import ast
import builtins
import code
import sys
from typing import Any

from rich.console import Console

from shared.config import settings
from shared.errors import LinliError
from shared.shell.login import connect
from shared.shell.tables import console, problem, shown
from shared.shell.words import words

BANNER = """\
[bold]邻里 Linli[/bold] · the nameko shell, {login}
Three commands to try; Tab completes, [cyan]help()[/cyan] lists what there is:
  [cyan]queues()[/cyan]                           queues, outbox, parked events
  [cyan]n.rpc.issues.list_issues(limit=5)[/cyan]  call a service
  [cyan]trace("IS-0001")[/cyan]                   an issue's whole thread\
"""


class Shell(code.InteractiveConsole):
    """Python's console, with our errors on one line."""

    def __init__(self, namespace: dict[str, Any], errors: Console) -> None:
        super().__init__(namespace, filename="<shell>")
        self.failed = False
        self._errors = errors

    def showtraceback(self) -> None:
        """Show what went wrong."""
        self.failed = True
        error = sys.exc_info()[1]
        if isinstance(error, LinliError):
            self._errors.print(problem(error), soft_wrap=True)
        else:
            super().showtraceback()

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Show where a line is no Python."""
        self.failed = True
        super().showsyntaxerror(*args, **kwargs)


def main() -> int:
    """Talk to a person, or run what is piped in."""
    out, bus = console(), connect()
    namespace = words(bus)
    sys.displayhook = lambda value: _display(out, value)
    shell = Shell(namespace, console(error=True))
    try:
        return _talk(shell, out, namespace) if sys.stdin.isatty() else _run(shell, sys.stdin.read())
    finally:
        bus.client.close()


def _talk(shell: Shell, out: Console, namespace: dict[str, Any]) -> int:
    _complete(namespace)
    key = settings().auth_key
    login = "logged in as administrator" if key else "trusted as administrator: no AUTH_KEY is set"
    out.print(BANNER.format(login=login))
    shell.interact(banner="", exitmsg="")
    return 0


def _run(shell: Shell, source: str) -> int:
    """Run piped lines, showing the value of each, up to the first that fails; nothing where they are no Python."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        shell.showsyntaxerror("<stdin>")
        return 1
    for statement in statements:
        shell.runcode(compile(ast.Interactive([statement]), "<stdin>", "single"))
        if shell.failed:
            return 1
    return 0


def _complete(namespace: dict[str, Any]) -> None:
    """Let Tab complete services and their methods."""
    try:
        import readline  # noqa: PLC0415 -- not on every system
        import rlcompleter  # noqa: PLC0415 -- of use only with it
    except ImportError:
        return
    readline.set_completer(rlcompleter.Completer(namespace).complete)
    readline.parse_and_bind("tab: complete")


def _display(out: Console, value: Any) -> None:
    if value is not None:
        builtins._ = value  # type: ignore[attr-defined]  # Python's shell keeps the last value there
        out.print(value if hasattr(value, "__rich__") else shown(value))


if __name__ == "__main__":
    sys.exit(main())
