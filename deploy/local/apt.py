"""Install what Debian and Ubuntu package, or say the command to type."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

from deploy.local.instance import CACHE
from deploy.local.say import Problem, at_terminal, run, say

_one_at_a_time = threading.Lock()


def install(package: str, reason: str) -> None:
    """Install a package with apt-get, with sudo if need be; the package lists are fetched only if it fails without."""
    command = f"apt-get install -y --no-install-recommends {package}"
    if shutil.which("apt-get") is None:
        raise Problem(reason, f"install it with this system's package manager (Debian's name for it: {package})")
    if os.geteuid() != 0 and shutil.which("sudo") is None:
        raise Problem(reason, f"as root, type: apt-get update && {command}")
    with _one_at_a_time:
        say(f"{reason}: {command}")
        todo = f"type: sudo apt-get update && sudo {command}"
        try:
            _apt(["install", "-y", "--no-install-recommends", package], f"installing {package}", todo)
        except Problem:
            _apt(["update"], "fetching the package lists", todo)
            _apt(["install", "-y", "--no-install-recommends", package], f"installing {package}", todo)


def _apt(words: list[str], what: str, todo: str) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo"] if at_terminal() else ["sudo", "-n"]
    patient = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run([*sudo, *patient, *words], CACHE / "log" / "apt.log", what, todo)


def has_systemd() -> bool:
    """Tell whether installing a server also starts one for the whole machine."""
    return Path("/run/systemd/system").exists()
