"""The lab as a whole: an engine with its images, Compose, and the environment that people and tests run them in."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy.lab import accounts, downloads, engine, standins
from deploy.lab.place import LAB, NAME, private
from deploy.local.instance import ROOT, lock
from deploy.local.say import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BIN = LAB / "bin"
ENV_FILE = LAB / "env"
COMPOSE = BIN / "docker-compose"


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lab: two commands at once would take each other's engine away."""
    LAB.mkdir(parents=True, exist_ok=True)
    with lock(LAB / "lock"):
        yield


def open_lab() -> dict[str, str]:
    """Return the environment in which Compose works here: with the engine that answers, else with one of our own.

    Raises Problem where neither can be had.
    """
    downloads.tools(BIN)
    accounts.write(ENV_FILE)
    given = environment(os.environ)
    if engine.answers(given) and _has_images(given):
        say("using the container engine that answers here")
        return given
    engine.start()
    standins.ensure()
    return environment(private())


def close_lab() -> None:
    """Take our project down wherever it runs, and stop our engine if we started one."""
    for env in (environment(private()), environment(os.environ)):
        if COMPOSE.exists() and engine.answers(env):
            down = [str(COMPOSE), "down", "--volumes", "--remove-orphans", "--timeout", "30"]
            subprocess.run(down, cwd=ROOT, env=env, capture_output=True, check=False)
    engine.stop()


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """Add what Compose reads: the file as it is, a project of its own beside any other, and its passwords."""
    ours = {"COMPOSE_FILE": str(ROOT / "docker-compose.yml"), "COMPOSE_PROJECT_NAME": NAME}
    path = f"{BIN}{os.pathsep}{base['PATH']}"
    return {**base, **ours, "COMPOSE_ENV_FILES": str(ENV_FILE), "PATH": path}


def _has_images(env: Mapping[str, str]) -> bool:
    """Tell whether the engine has the images or reaches a registry that does."""
    say("asking the container engine that answers here for the images")
    pull = [str(COMPOSE), "pull", "--quiet", "--ignore-buildable", "--policy", "missing"]
    return subprocess.run(pull, cwd=ROOT, env=env, capture_output=True, check=False).returncode == 0
