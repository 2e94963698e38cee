"""Where the lab lives: what is kept under `.local/lab`, sockets under /run because their paths must be short."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from deploy.local.instance import CACHE, ROOT

LAB = CACHE / "lab"
LOGS = LAB / "log"
NAME = f"linli-lab-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"  # two copies of the repository, two labs
RUN = Path("/run") / NAME
SOCKET = RUN / "docker.sock"
NAMESPACE = Path("/run/netns") / NAME
IMAGES = {"python": "python:3.11-slim", "rabbitmq": "rabbitmq:3.13-management", "mongo": "mongo:7.0"}


def private() -> dict[str, str]:
    """Return the environment in which docker and compose talk to the lab's own engine."""
    # The classic builder: Debian's engine comes without buildx, and it takes local images without asking a registry.
    return {**os.environ, "DOCKER_HOST": f"unix://{SOCKET}", "DOCKER_BUILDKIT": "0"}


def where_ports_are() -> list[str]:
    """Return the words in front of a command that shall reach what the engine of this environment publishes."""
    return ["nsenter", f"--net={NAMESPACE}"] if os.environ.get("DOCKER_HOST") == f"unix://{SOCKET}" else []
