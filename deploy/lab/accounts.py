"""The passwords that the compose file wants, drawn once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from deploy.local.instance import ROOT
from deploy.local.say import say

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "deploy" / "env.example"
LENGTH = 24  # bytes


def write(target: Path) -> None:
    """Fill the empty variables of env.example in, readable by the owner only; a file that is there stays as it is."""
    if target.exists():
        return
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    filled = (line + secrets.token_urlsafe(LENGTH) if _is_empty(line) else line for line in lines)
    target.write_text("\n".join(filled) + "\n", encoding="utf-8")
    say(f"wrote fresh passwords to {target.relative_to(ROOT)}")


def _is_empty(line: str) -> bool:
    return line.endswith("=") and not line.startswith("#")
