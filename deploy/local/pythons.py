"""Find an interpreter the services run on."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys

from deploy.local.say import Problem

SUPPORTED = ("3.11", "3.12", "3.13")  # nameko 2.14.1 runs on these


def present() -> dict[str, str]:
    """Return version -> path of every supported interpreter that really runs, the one running this first."""
    found: dict[str, str] = {}
    for path in _candidates():
        version = _version(path)
        if version in SUPPORTED:
            found.setdefault(version, path)
    return found


def pick() -> tuple[str, str]:
    """Return version and path of the interpreter to use: the one that runs this if it fits."""
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if own in SUPPORTED:
        return own, sys.executable
    for version, path in present().items():
        return version, path
    raise Problem(
        f"no Python {SUPPORTED[0]} to {SUPPORTED[-1]} found (this is {own})",
        "install one (Debian 12: apt-get install python3.11 python3-venv), or name it: make PYTHON=python3.12 …",
    )


def _candidates() -> list[str]:
    names = [f"python{version}" for version in reversed(SUPPORTED)]
    on_path = [path for name in names if (path := shutil.which(name))]
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))  # noqa: PTH111 - str for glob
    kept = sorted(glob.glob(f"{pyenv}/versions/3.*/bin/python3"), reverse=True)  # noqa: PTH207 - str for glob
    return [sys.executable, *on_path, *kept]


def _version(path: str) -> str | None:
    ask = [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
