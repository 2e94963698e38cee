"""Issues on three replicas with a clock of their own and the tree; or their database alone, without a process."""

import contextlib
import os
from collections.abc import Iterator

import pytest

from services.issues.service import IssuesService, cataloguing
from shared import clock
from shared.store import Store
from tests.integration.issues.city import City
from tests.integration.issues.deciding import Office, offices
from tests.support.asking import Desk, settings_of
from tests.support.many import MANY, fill
from tests.support.office import Office as BareOffice
from tests.support.servers import Place
from tests.support.system import System


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give three replicas of issues that all tests share; each works on issues of its own."""
    yield from offices(tmp_path_factory.mktemp("office"), replicas=3)


@pytest.fixture(scope="module")
def kept_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareOffice]:
    """Keep the database and indexes of `bare_office` for the tests of a module."""
    if "MONGODB_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    made = BareOffice(tmp_path_factory.mktemp("office") / "clock")
    yield made
    made.close()


@pytest.fixture
def bare_office(kept_office: BareOffice, monkeypatch: pytest.MonkeyPatch) -> BareOffice:
    """Give issues without a process, calls with tokens and the clock by hand, begun anew."""
    monkeypatch.setenv("CLOCK_FILE", str(kept_office.clock_file))
    kept_office.open()
    return kept_office


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


def store_in(place: Place) -> Store:
    made = Store("issues", settings_of(place))
    made.ensure_indexes(IssuesService.collections)
    with made.transaction() as tx:
        cataloguing.load_defaults(tx)
    return made


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Make issues' empty database."""
    made = store_in(place)
    yield made
    made.client.close()


@pytest.fixture(scope="module")
def own_store() -> Iterator[Store]:
    """Make a database that the tests of a module share."""
    with own_place() as place:
        made = store_in(place)
        yield made
        made.client.close()


@contextlib.contextmanager
def own_place() -> Iterator[Place]:
    place = Place.make()
    yield place
    place.remove()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture(scope="session")
def many() -> Iterator[Store]:
    """Make a database with as many issues as the community has in years."""
    with own_place() as place:
        made = store_in(place)
        fill(made.database, MANY, clock.now())
        yield made
        made.client.close()
