"""Talking to the person: short lines with elapsed seconds, and failures that say what to do."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BEGAN = time.monotonic()
TAIL = 15  # lines of a log shown with a failure
PATIENCE = 15  # seconds of silence after which a long step says that it is still at it


class Problem(Exception):
    """What went wrong, what to do about it, and the log that tells more."""

    def __init__(self, what: str, todo: str, log: Path | None = None) -> None:
        super().__init__(what)
        self.what, self.todo, self.log = what, todo, log

    def __str__(self) -> str:
        lines = [f"✗ {self.what}"]
        if self.log and (end := tail(self.log)):
            lines += [f"  last lines of {self.log}:", *(f"  | {line}" for line in end)]
        return "\n".join([*lines, f"  what to do: {self.todo}"])


def say(text: str) -> None:
    """Print a line of progress on standard error, so that a command's own output stays clean."""
    print(f"[{time.monotonic() - BEGAN:5.1f} s] {text}", file=sys.stderr, flush=True)


def at_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def tail(log: Path, count: int = TAIL) -> list[str]:
    """Return the last lines of a log; nothing if there is none."""
    if not log.exists():
        return []
    with log.open(encoding="utf-8", errors="replace") as lines:
        return [line.rstrip() for line in deque(lines, maxlen=count)]


def run(argv: Sequence[str], log: Path, what: str, todo: str, env: Mapping[str, str] | None = None) -> None:
    """Run a step that may take long, its output in the log; raise Problem if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(f"$ {' '.join(argv)}\n")
        out.flush()
        step = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT, env=env)
        while True:
            try:
                code = step.wait(timeout=PATIENCE)
                break
            except subprocess.TimeoutExpired:
                say(f"… still {what}")
            except BaseException:
                step.terminate()
                raise
    if code != 0:
        raise Problem(f"{what}: exit code {code}", todo, log)
