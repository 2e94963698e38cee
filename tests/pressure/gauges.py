"""What a process under pressure uses: memory, the processor, connections."""

import os
from pathlib import Path

from tests.support.processes import Process
from tests.support.servers import Place

MB = 1024  # kilobytes, the unit of /proc/PID/status
TICKS = os.sysconf("SC_CLK_TCK")
MOST_MEMORY = 200  # MB of one process at its peak; 70 to 100 were seen


def peak_memory(process: Process) -> float:
    """Return the most memory that the process ever held, in MB."""
    lines = Path(f"/proc/{process.popen.pid}/status").read_text(encoding="utf-8").splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peak) / MB


def processor_seconds(process: Process) -> float:
    """Return the time that the process had a core for itself."""
    fields = Path(f"/proc/{process.popen.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def connections(place: Place) -> int:
    """Count the connections that the broker knows, those of tests included."""
    return len(place.connections())


def problems(process: Process) -> list[str]:
    """Return why the process is not ready; nothing while it is, or does not answer yet."""
    try:
        return list(process.get("/readyz").json()["problems"])
    except OSError:
        return []
