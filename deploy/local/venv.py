"""Virtual environments under `.local/`, installed from the lock files; nothing to do the second time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING

from deploy.local import apt, pythons
from deploy.local.instance import CACHE, ROOT, lock
from deploy.local.say import Problem, run, say

if TYPE_CHECKING:
    from pathlib import Path

HOME = CACHE / "venv"
PYTHON = HOME / "bin" / "python"
BENCH = CACHE / "venv-bench"  # the peers of `make bench`, with the versions they ask for
_making, _installing = threading.Lock(), threading.Lock()  # two: fetching MongoDB needs only the first done


def create() -> None:
    """Make the empty environment, which pip needs; a moved or broken one is made anew."""
    with _making, lock(CACHE / "venv.lock"):
        _create(HOME, *pythons.pick())


def install(use: str) -> None:
    """Make the environment hold the lock file of that use, `run` or `dev`; `dev` contains `run`."""
    create()
    with _installing, lock(CACHE / "pip.lock"):
        _install(HOME, use)


def install_bench() -> None:
    """Make the environment of the peers that `make bench` compares with."""
    with _installing, lock(CACHE / "pip.lock"):
        _create(BENCH, *pythons.pick())
        _install(BENCH, "bench")


def for_version(version: str, path: str) -> Path:
    """Return the python of a development environment of that version, which may be the usual one."""
    if version == pythons.pick()[0]:
        install("dev")
        return PYTHON
    home = CACHE / f"venv-{version}"
    with lock(CACHE / "pip.lock"):
        _create(home, version, path)
        _install(home, "dev")
    return home / "bin" / "python"


def _create(home: Path, version: str, path: str) -> None:
    if _stamp(home).get("home") == str(home) and (home / "bin" / "python").exists():
        return
    if home.exists():
        shutil.rmtree(home)
    say(f"making {home.relative_to(ROOT)} with Python {version}")
    if subprocess.run([path, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        apt.install(f"python{version}-venv", f"Python {version} has no venv")
    todo = f"see that this works: {path} -m venv /tmp/try"
    run([path, "-m", "venv", str(home)], CACHE / "log" / "venv.log", "making the environment", todo)
    _mark(home, {"home": str(home), "python": version})


def _install(home: Path, use: str) -> None:
    stamp = _stamp(home)
    wanted = _digest(use)
    if stamp.get(use) == wanted or (use == "run" and stamp.get("dev") == _digest("dev")):
        return
    file = ROOT / "requirements" / f"{use}.txt"
    log = CACHE / "log" / f"pip-{home.name}.log"
    log.unlink(missing_ok=True)
    say(f"installing Python packages ({file.relative_to(ROOT)})")
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    todo = "see that pip reaches its package index (proxy? pip config list), then try again"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    run([*pip, "--require-hashes", "-r", str(file)], log, "installing Python packages", todo, env)
    _mark(home, {**stamp, use: wanted})
    say("Python packages are installed")


def _digest(use: str) -> str:
    file = ROOT / "requirements" / f"{use}.txt"
    if not file.exists():
        raise Problem(f"{file} is missing", "get it back: git checkout requirements")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _stamp(home: Path) -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads((home / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _mark(home: Path, stamp: dict[str, str]) -> None:
    (home / "stamp.json").write_text(json.dumps(stamp, indent=1), encoding="utf-8")
