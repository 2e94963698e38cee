"""Service processes as an operator runs them, started with `nameko run`, killed and stopped for real."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.support.eventually import eventually

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(kw_only=True)
class Process:
    """One running replica of a service."""

    service: str
    popen: "subprocess.Popen[bytes]"
    address: str
    log: Path
    instance: str = ""

    @classmethod
    def start(cls, service: str, target: str, env: Mapping[str, str], folder: Path, number: int) -> "Process":
        """Start a replica without waiting for it."""
        address = f"127.0.0.1:{free_port()}"
        log = folder / f"{service}-{number}.log"
        instance = f"{service}-{number}"
        command = [str(Path(sys.executable).parent / "nameko"), "run", "--config", "deploy/nameko.yaml", target]
        with log.open("wb") as out:
            popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "PYTHONWARNINGS": "ignore",
                    "HTTP_ADDRESS": address,
                    "INSTANCE": instance,
                    **env,
                },
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(service=service, popen=popen, address=address, log=log, instance=instance)

    def get(self, path: str) -> requests.Response:
        """Ask the replica over HTTP."""
        return requests.get(f"http://{self.address}{path}", timeout=10)

    def said(self, path: str) -> str:
        """Return what the replica says over HTTP, or why it says nothing."""
        if not self.alive:
            return f"ended with {self.popen.returncode}"
        try:
            return self.get(path).text.strip()
        except requests.RequestException as error:
            return type(error).__name__

    def is_ready(self) -> bool:
        """Whether the replica says it is ready."""
        assert self.alive, f"{self.service} ended with {self.popen.returncode}: {self.log.read_text()[-3000:]}"
        try:
            return bool(self.get("/readyz").status_code == requests.codes.ok)
        except requests.RequestException:
            return False

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Wait until the replica is ready; raises AssertionError with the end of its log."""
        try:
            eventually(self.is_ready, seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text()[-3000:]}") from None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.popen.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        if self.alive:
            self.popen.send_signal(number)

    def kill(self) -> None:
        """Kill -9 and wait for the end."""
        self.signal(signal.SIGKILL)
        self.popen.wait(10)

    def stop(self, seconds: float = 35.0) -> int:
        """Ask to stop, as an operator does, and return the exit code."""
        self.signal(signal.SIGTERM)
        return self.popen.wait(seconds)

    def metric(self, name: str, **labels: str) -> float:
        """Return the sum of a metric over its samples with these labels."""
        total = 0.0
        for line in self.get("/metrics").text.splitlines():
            head, _, value = line.rpartition(" ")
            if head.partition("{")[0] == name and all(f'{key}="{wanted}"' in head for key, wanted in labels.items()):
                total += float(value)
        return total
