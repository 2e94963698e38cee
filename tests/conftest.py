"""Fixtures: a place on real servers for each test, and a system of real processes in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from deploy.local import mongodb, rabbitmq, stack
from deploy.local.instance import Instance
from deploy.local.together import together
from tests.support.lines import LINES
from tests.support.servers import Place
from tests.support.system import T0, System

# What a change must pass says the same twice, however busy the machine is; HYPOTHESIS=search looks for new examples.
settings.register_profile("repeat", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS", "repeat"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests left."""
    if LINES:
        terminalreporter.section("figures")
    for line in LINES:
        terminalreporter.write_line(line)


@pytest.fixture
def place() -> Iterator[Place]:
    """Make a virtual host and database names for one test, and remove them after it."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    made = Place.make()
    yield made
    made.remove()


@pytest.fixture
def system(place: Place, tmp_path: Path) -> Iterator[System]:
    """Make a system on the real clock."""
    made = System(place, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def story(place: Place, tmp_path: Path) -> Iterator[System]:
    """Make a system whose clock stands at T0."""
    made = System(place, tmp_path, clock=T0)
    yield made
    made.stop()


# -- servers that one suite has for itself, so that they may be stopped


@pytest.fixture(scope="session")
def own_servers() -> Iterator[Instance]:
    """Start a broker and a database of our own."""
    with stack.temporary() as instance:
        together(lambda: rabbitmq.start(instance), lambda: mongodb.start(instance))
        yield instance


@pytest.fixture
def own_place(own_servers: Instance, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Make a virtual host on them."""
    monkeypatch.setenv("AMQP_URI", rabbitmq.uri(own_servers))
    monkeypatch.setenv("MONGODB_URI", mongodb.uri(own_servers))
    monkeypatch.setenv("RABBITMQ_MANAGEMENT_URI", rabbitmq.management_uri(own_servers))
    made = Place.make()
    yield made
    made.remove()


@pytest.fixture
def own_system(own_place: Place, tmp_path: Path) -> Iterator[System]:
    """Make a system on them."""
    made = System(own_place, tmp_path)
    yield made
    made.stop()
