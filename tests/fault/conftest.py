"""Servers that only these tests use, so that they may be stopped, and a system on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import mongodb, rabbitmq, stack
from deploy.local.instance import Instance
from deploy.local.together import together
from tests.fault.run import LINES
from tests.support.servers import Place
from tests.support.system import System


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the line of each run."""
    if LINES:
        terminalreporter.section("faults")
    for line in LINES:
        terminalreporter.write_line(line)


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
