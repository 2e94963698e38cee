"""A container engine of our own, in a network namespace where nobody sees its bridges, firewall rules and ports."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.lab.place import LAB, LOGS, NAME, NAMESPACE, RUN, SOCKET, private
from deploy.local import apt
from deploy.local.say import Problem, run, say
from deploy.local.together import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = LAB / "engine"
PID = RUN / "docker.pid"
LOG = LOGS / "dockerd.log"
PATIENCE = 60  # seconds; 2 are usual
NEEDED = {"dockerd": "docker.io", "ip": "iproute2", "nsenter": "util-linux", "debootstrap": "debootstrap"}
ELSEWHERE = "use a machine with Docker, or run it as root on 64-bit Debian or Ubuntu"


def answers(env: Mapping[str, str]) -> bool:
    """Tell whether an engine is there for this environment."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], env=env, capture_output=True, check=False).returncode == 0


def start() -> None:
    """Start the lab's engine unless it runs; raise Problem where this machine does not let us."""
    if answers(private()):
        return
    _check()
    for program, package in NEEDED.items():
        if shutil.which(program) is None:
            apt.install(package, f"the container lab needs {program}")
    stop()
    say("starting a container engine in a network namespace of its own")
    _make_namespace()
    RUN.mkdir(mode=0o700)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    places = [f"--data-root={DATA}", f"--exec-root={RUN / 'exec'}", f"--pidfile={PID}", f"--host=unix://{SOCKET}"]
    with LOG.open("ab") as log:
        inside = ["nsenter", f"--net={NAMESPACE}", "dockerd", *places]  # `ip netns exec` hides the cgroups
        engine = subprocess.Popen(inside, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    late = Problem("the container engine does not start", ELSEWHERE, LOG)

    def ready() -> bool:
        if engine.poll() is not None:
            raise late
        return answers(private())

    wait_until(ready, PATIENCE, lambda: late)


def stop() -> None:
    """Stop the lab's engine with all that runs in it, and give the namespace back; images are kept."""
    _end("dockerd", signal.SIGTERM)  # stops its containers first
    _end("containerd", signal.SIGKILL)  # only if an engine was killed before: its containers outlive it
    for mount in _mounts():
        subprocess.run(["umount", "--lazy", mount], capture_output=True, check=False)
    if NAMESPACE.exists():
        subprocess.run(["ip", "netns", "delete", NAME], capture_output=True, check=False)
    shutil.rmtree(RUN, ignore_errors=True)


def _end(program: str, how: signal.Signals) -> None:
    for pid in _ours(program):
        for one in (*_children(pid), pid) if how == signal.SIGKILL else (pid,):
            with suppress(ProcessLookupError):
                os.kill(one, how)
    late = Problem(f"{program} does not end", f"end it by hand: processes {_ours(program)}", LOG)
    wait_until(lambda: not _ours(program), PATIENCE, lambda: late)


def _check() -> None:
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Problem(f"no engine answers, and none can be made on {platform.platform()}", ELSEWHERE)
    if os.geteuid() != 0:
        raise Problem("no engine answers, and only root may make one", ELSEWHERE)
    if not all(shutil.which(program) for program in NEEDED) and shutil.which("apt-get") is None:
        raise Problem("no engine answers, and there is no apt-get to install one", ELSEWHERE)


def _make_namespace() -> None:
    log = LOGS / "namespace.log"
    run(["ip", "netns", "add", NAME], log, "making a network namespace", ELSEWHERE)
    run(["ip", "-n", NAME, "link", "set", "lo", "up"], log, "starting its loopback", ELSEWHERE)


def _ours(program: str) -> list[int]:
    """List the processes of that program that name our directory in their command."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _runs(pid, program)]


def _runs(pid: int, program: str) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False  # it ended meanwhile
    return Path(os.fsdecode(command.split(b"\0")[0])).name.startswith(program) and os.fsencode(RUN) in command


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []


def _mounts() -> list[str]:
    """List what is still mounted below our directories, innermost first."""
    places = [line.split()[1] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    return sorted((place for place in places if place.startswith((f"{RUN}/", f"{DATA}/"))), reverse=True)
