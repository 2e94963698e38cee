"""Fixtures: a place on real servers for each test, and a system of real processes in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import Place
from tests.support.system import T0, System


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
