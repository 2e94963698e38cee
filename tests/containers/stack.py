"""The system under Compose, as `python3 -m deploy.lab test` prepared the environment for it."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).with_name("inside.py")
REPLICAS = {"issues": 3, "notify": 2}
METRICS = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8000/metrics').read().decode())"


class Stack:
    """Commands on the running system; nothing of it is reached but through the engine."""

    def __init__(self) -> None:
        pairs = (line.partition("=") for line in Path(os.environ["COMPOSE_ENV_FILES"]).read_text().splitlines())
        self.passwords = {key: value for key, _, value in pairs if key.endswith("_PASSWORD")}

    def compose(self, *words: str, check: bool = True, text: str | None = None) -> str:
        """Run Compose and return what it printed; raises AssertionError with all of it."""
        return _run(["docker-compose", *words], check=check, text=text)

    def up(self, *words: str) -> None:
        """Bring up what is not, three of issues and two of notify, and wait until all of it is healthy."""
        scale = [f"--scale={service}={count}" for service, count in REPLICAS.items()]
        self.compose("up", "--wait", *scale, *words)

    def up_again(self) -> None:
        """Start what was stopped or killed; what runs, runs on."""
        self.up("--no-build", "--no-recreate")

    def docker(self, *words: str, check: bool = True) -> str:
        return _run(["docker", *words], check=check)

    def containers(self) -> list[dict[str, Any]]:
        """Describe every container of the project, ended ones too."""
        ids = self.compose("ps", "--all", "--quiet").split()
        found: list[dict[str, Any]] = json.loads(self.docker("inspect", *ids))
        return found

    def replicas(self, service: str) -> list[str]:
        """Return the ids of the running replicas of a service."""
        return self.compose("ps", "--quiet", service).split()

    def is_healthy(self, replica: str) -> bool:
        """Run the replica's own health check now."""
        [container] = json.loads(self.docker("inspect", replica))
        _, *check = container["Config"]["Healthcheck"]["Test"]
        return subprocess.run(["docker", "exec", replica, *check], capture_output=True, check=False).returncode == 0

    def metric(self, replica: str, name: str, label: str) -> float:
        """Return the sum of a replica's metric over its samples with this label."""
        lines = self.docker("exec", replica, "python", "-c", METRICS).splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name) and label in line)

    def inside(self, *words: str) -> dict[str, Any]:
        """Run a word of inside.py in the gateway's container and return what it says."""
        answer: dict[str, Any] = json.loads(
            self.compose(*self._inside(words), text=INSIDE.read_text()).splitlines()[-1]
        )
        return answer

    def knows_the_tree(self) -> bool:
        """Whether all that volunteer announced of the tree has reached the copies."""
        seen = self.inside("look", "nobody")
        return bool(seen["tree_taken"] == [seen["tree_announced"]] * 2 and seen["tree_announced"])

    def begin_inside(self, *words: str) -> "subprocess.Popen[str]":
        """Start the same without waiting for its end."""
        argv = ["docker-compose", *self._inside(words)]
        with INSIDE.open() as program:
            return subprocess.Popen(argv, cwd=ROOT, text=True, stdin=program, stdout=subprocess.PIPE)

    def _inside(self, words: Sequence[str]) -> list[str]:
        accounts = [word for key, value in self.passwords.items() for word in ("--env", f"{key}={value}")]
        return ["exec", "--no-tty", *accounts, "gateway", "python", "-", *words]


def _run(argv: list[str], *, check: bool, text: str | None = None) -> str:
    ended = subprocess.run(argv, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    assert not check or ended.returncode == 0, f"{argv[:4]} ended with {ended.returncode}:\n{ended.stderr[-3000:]}"
    return ended.stdout if ended.returncode == 0 else ended.stderr
