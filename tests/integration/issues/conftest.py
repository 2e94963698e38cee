"""Issues on three replicas with a clock of their own and the tree; or their database alone, without a process."""

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from typing import Any

import pytest

from services.issues.service import IssuesService, cataloguing
from shared import clock, config
from shared.store import Store
from tests.e2e.fixture import B09, TREE
from tests.integration.issues.city import City
from tests.support.announced import announced
from tests.support.asking import KEY, Desk
from tests.support.eventually import eventually
from tests.support.many import MANY, fill
from tests.support.servers import Place
from tests.support.system import T0, System


@dataclasses.dataclass
class Office:
    """Calls issues as an administrator, who names the person that acts."""

    system: System

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of issues on a connection of its own."""
        return self.system.call("issues", method, *args, **kwargs)

    def issue(self, issue_id: str) -> dict[str, Any]:
        """Look at an issue."""
        return dict(self.call("get_issue", issue_id))

    def at_work(self, **report: Any) -> str:
        """Make an issue on which somebody works, with a week to solve it, and return its id."""
        made = self.call("report_issue", reporter="R-1001", building_id=B09, text="垃圾满了", **report)
        self.call("triage", made["issue_id"], category="waste_station")
        self.call("act", made["issue_id"], by="P-0009")
        return str(made["issue_id"])

    def announced(self, issue_id: str) -> list[str]:
        """Return the types of the events about an issue, in their order."""
        events = announced(self.system.database("issues"))
        return [event["type"] for event in events if event["subject"] == issue_id]


def make_office(system: System, replicas: int) -> Office:
    """Start issues and give them the tree."""
    system.start("issues", replicas=replicas, TICK_SECONDS="0.1")
    for unit in TREE:
        system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
    eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
    return Office(system)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give three replicas of issues that all tests share; each works on issues of its own."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("office"), clock=T0, services=("issues",))
    try:
        yield make_office(system, replicas=3)
    finally:
        system.stop()
        place.remove()


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
    settings = dataclasses.replace(
        config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix, auth_key=KEY
    )
    made = Store("issues", settings)
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
