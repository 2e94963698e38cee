"""What the command line prints, and with which exit code it ends."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import RenderableType

from shared.errors import LinliError
from shared.shell.bus import Everywhere
from shared.shell.tables import console, problem

FAILED = 1


@contextmanager
def told() -> Iterator[None]:
    """End with exit code 1 and one line on standard error where something is refused."""
    try:
        yield
    except LinliError as error:
        console(error=True).print(problem(error), soft_wrap=True)
        raise typer.Exit(FAILED) from None


def tell(value: Any, view: Callable[[], RenderableType], *, as_json: bool) -> None:
    """Print the plain value as JSON, or its view."""
    if as_json:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        console().print(view())


def report(found: Everywhere, view: Callable[[Everywhere], RenderableType], *, as_json: bool) -> None:
    """Print what services answered; end with exit code 1 where one could not be asked."""
    answered = Everywhere(answers=found.answers)
    if as_json or answered.answers:
        tell(answered.answers, lambda: view(answered), as_json=as_json)
    end(found.failures)


def end(failures: Mapping[str, LinliError]) -> None:
    """End with exit code 1 where a service could not be asked; what the others said is printed already."""
    errors = console(error=True)
    for service, error in failures.items():
        errors.print(f"{service}:", problem(error), soft_wrap=True)
    if failures:
        raise typer.Exit(FAILED)


def value_of(text: str) -> Any:
    """Read a value from the command line: JSON where it is JSON, else the text itself."""
    try:
        return json.loads(text, parse_constant=str)
    except ValueError:
        return text
