"""One running system for everything that only looks at it: the demo was played on it once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.support.processes import ROOT
from tests.support.servers import Place
from tests.support.system import System

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(kw_only=True)
class Played:
    """A system after the demo, and what the demo printed."""

    system: System
    demo: "subprocess.CompletedProcess[str]"


def run(place: Place, *argv: str, text: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
    """Run one of our programs as a person would, on the servers of a test."""
    environment = {**os.environ, "AMQP_URI": place.amqp_uri, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", **env}
    return subprocess.run(
        [sys.executable, "-m", *argv],
        cwd=ROOT,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture(scope="session")
def played(tmp_path_factory) -> Iterator[Played]:
    """Start the four services and play the demo."""
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("played"))
    try:
        system.start_all()
        demo = run(place, "deploy.demo")
        system.settled()
        yield Played(system=system, demo=demo)
    finally:
        system.stop()
        place.remove()


@pytest.fixture
def shell(played) -> Run:
    """Pipe lines into the shell."""
    return lambda text, **env: run(played.system.place, "shared.shell", text=text, **env)


@pytest.fixture
def cli(played) -> Run:
    """Run the command line."""
    return lambda *argv, **env: run(played.system.place, "shared.cli", *argv, **env)
