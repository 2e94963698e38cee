"""What processes take of the machine, as the kernel counts it: their own time on a core, whoever else is busy."""

import os
from collections.abc import Iterable

import psutil
import requests

from tests.support.eventually import eventually
from tests.support.processes import Process

BROKER, DATABASE = "RabbitMQ", "mongod"
PROGRAMS = {BROKER: "beam", DATABASE: "mongod"}  # how the names of their processes begin
MIB = 1024**2


def tree(process: Process) -> list[psutil.Process]:
    """Return the process and all that it started."""
    root = psutil.Process(process.popen.pid)
    return [root, *root.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Return the time these processes have spent on a core."""
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


def resident_megabytes(process: Process) -> float:
    """Return the memory of the process, and what each that it started has for itself."""
    root, *others = tree(process)
    return float(root.memory_info().rss + sum(one.memory_full_info().uss for one in others)) / MIB


def servers(management_uri: str, database_pid: int) -> dict[str, psutil.Process]:
    """Return the processes of broker and database, as far as they run on this machine."""

    def broker_pid() -> int:  # not known before the broker has counted for the first time
        [node, *_] = requests.get(f"{management_uri}/api/nodes", timeout=10).json()
        return int(node.get("os_pid", 0))

    found = {}
    for name, pid in ((BROKER, eventually(broker_pid)), (DATABASE, database_pid)):
        if psutil.pid_exists(pid) and psutil.Process(pid).name().startswith(PROGRAMS[name]):
            found[name] = psutil.Process(pid)
    return found


def cores() -> list[int]:
    """Return the cores that may be used."""
    return sorted(os.sched_getaffinity(0))
