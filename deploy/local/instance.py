"""One private directory: ports, secrets, logs, data and records of what runs there. Remove it and nothing is left."""

from __future__ import annotations

import fcntl
import json
import os
import random
import secrets
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".local"  # shared by all instances: virtual environments, mongod
LEAVES_WITHIN = 2.0  # seconds
PORTS = range(20_000, 32_000)  # below Linux' ephemeral range, so no outgoing connection takes a remembered port


class Instance:
    """A directory in which one set of servers and services lives."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.root = ROOT
        self.pid_folder = self.home / "pids"
        self.default = self.home == (CACHE / "run").resolve()
        self._alone = threading.RLock()  # ports and secrets are chosen once, whichever thread asks first

    def prepare(self) -> None:
        """Make the directory, readable by its owner only."""
        for folder in (self.home, self.pid_folder, self.home / "log"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def env_file(self) -> Path:
        """Where KEY=VALUE lines go: `.local/env` for the instance of `make up`."""
        return CACHE / "env" if self.default else self.home / "env"

    def pid_file(self, name: str) -> Path:
        """Where a process is on record."""
        return self.pid_folder / f"{name}.json"

    def log(self, name: str) -> Path:
        """Where a process writes."""
        return self.home / "log" / f"{name}.log"

    def write(self, path: Path, text: str) -> None:
        """Replace a file whole, readable by its owner only."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)

    def port(self, name: str, *, move: bool = False) -> int:
        """Return the remembered port of that name; choose a free one the first time, or anew if asked to move."""
        with self._alone:
            ports = self.ports()
            if move or name not in ports:
                ports[name] = _free_port(set(ports.values()))
                self.write(self.home / "ports.json", json.dumps(ports, indent=1, sort_keys=True))
            return ports[name]

    def usable_port(self, name: str) -> int:
        """Return the remembered port, or a new one if somebody else sits on it by now."""
        port, end = self.port(name), time.monotonic() + LEAVES_WITHIN
        while not _is_free(port) and time.monotonic() < end:
            time.sleep(0.05)  # between two looks: the last threads of what was killed hold it a moment longer
        return port if _is_free(port) else self.port(name, move=True)

    def ports(self) -> dict[str, int]:
        """Return every remembered port by name."""
        path = self.home / "ports.json"
        ports: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return ports

    def secret(self, name: str) -> str:
        """Return a random password that this instance keeps."""
        path = self.home / "secrets" / name
        with self._alone:
            if not path.exists():
                self.write(path, secrets.token_urlsafe(24))
            return path.read_text(encoding="utf-8")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the instance alone: two `make up` at once start everything once."""
        self.prepare()
        with lock(self.home / "lock"):
            yield


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold a file lock that ends with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _free_port(taken: set[int]) -> int:
    while True:
        port = random.choice(PORTS)  # noqa: S311 - any free one does
        if port not in taken and _is_free(port):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
