"""Processes that outlive the command that started them, and that only their own record can stop.

A record holds the process id and its start time, so a recycled id is never signalled. Each process leads a session
of its own; what it leaves behind (Erlang's helpers, say) is found by that session and the mark in its environment.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy.local.instance import Instance

MARK = "LINLI_INSTANCE"
PROC = Path("/proc")
_children: dict[int, subprocess.Popen[bytes]] = {}  # ours to reap, or they would look alive as zombies


def start_time(pid: int) -> str | None:
    """Return when the process began, in whatever unit the system has; nothing if there is no such process."""
    if (child := _children.get(pid)) is not None and child.poll() is not None:
        return None
    if PROC.joinpath("self/stat").exists():
        fields = _stat(pid)
        return None if fields is None or fields[0] == "Z" else fields[19]
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def start(instance: Instance, name: str, argv: Sequence[str], env: Mapping[str, str]) -> None:
    """Start a process in its own session, its output in the instance's log, and record it."""
    log = instance.log(name)
    environment = {**os.environ, **env, MARK: str(instance.home)}
    with log.open("ab") as out:
        child = subprocess.Popen(
            argv,
            cwd=instance.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[child.pid] = child
    record = {"pid": child.pid, "started": start_time(child.pid) or ""}
    instance.write(instance.pid_file(name), json.dumps(record))


def running(instance: Instance, name: str) -> int | None:
    """Return the process id if the process we recorded still runs."""
    record = _record(instance.pid_file(name))
    return record[0] if record and start_time(record[0]) == record[1] else None


def names(instance: Instance) -> list[str]:
    """List everything on record, dead or alive."""
    return sorted(path.stem for path in instance.pid_folder.glob("*.json"))


def stop(instance: Instance, which: Iterable[str], grace: float) -> list[str]:
    """Ask the processes to end, wait, kill what is left, forget them; return those that had to be killed.

    A grace of 0 kills at once, for what will be thrown away.
    """
    which = list(which)
    leaders = {name: pid for name in which if (pid := running(instance, name)) is not None}
    for pid in leaders.values() if grace else ():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + grace
    while any(running(instance, name) for name in leaders) and time.monotonic() < end:
        time.sleep(0.05)  # between two looks at whether they have ended
    killed = [name for name in leaders if running(instance, name)]
    left = [pid for name in which for pid in _left(instance, name)]
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(start_time(pid) for pid in left):
        time.sleep(0.02)  # between two looks, as above: SIGKILL takes a moment, and until then ports are taken
    for pid in leaders.values():
        if (child := _children.pop(pid, None)) is not None:
            child.wait()  # it has ended; a child that is never waited for stays as a zombie
    for name in which:
        instance.pid_file(name).unlink(missing_ok=True)
    return killed


def _record(path: Path) -> tuple[int, str] | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return int(record["pid"]), str(record["started"])
    except (OSError, ValueError, KeyError):
        return None


def _left(instance: Instance, name: str) -> list[int]:
    """List the leader, if it is the one on record, and the members of its session that carry our mark."""
    record = _record(instance.pid_file(name))
    if record is None:
        return []
    leader, began = record
    now = start_time(leader)
    if now is not None and now != began:
        return []  # the id was given to somebody else
    own = [leader] if now == began else []
    if not PROC.joinpath("self/stat").exists():
        return own
    mark = f"{MARK}={instance.home}".encode()
    pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    return own + [pid for pid in pids if pid != leader and _session(pid) == leader and mark in _environ(pid)]


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat after the command name: 0 state, 3 session, 19 start time."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _session(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[3]) if fields else -1


def _environ(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
