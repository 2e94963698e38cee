"""What tests of issues share."""

import os
from collections.abc import Iterator

import pytest

from tests.integration.issues.city import City
from tests.support.servers import Place
from tests.support.system import System


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Give one process of issues with its endpoint for others, shared by the tests of a file."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    folder = tmp_path_factory.mktemp("city")
    place = Place.make()
    system = System(place, folder, services=("issues",))
    yield City(system)
    system.stop()
    place.remove()
