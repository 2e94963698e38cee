"""What a process takes of the machine, as the kernel counts it."""

import os
from pathlib import Path

from tests.support.processes import Process


def cpu_seconds(process: Process) -> float:
    """Return the time the process has spent on a core: a busy machine delays it and changes it little."""
    text = Path(f"/proc/{process.popen.pid}/stat").read_text(encoding="ascii")
    fields = text.rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(process: Process) -> float:
    """Return the memory of the process."""
    lines = Path(f"/proc/{process.popen.pid}/status").read_text(encoding="ascii").splitlines()
    [line] = [line for line in lines if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
