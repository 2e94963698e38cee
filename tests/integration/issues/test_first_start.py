"""The very first start: three replicas at once on an empty database, and a call the moment one of them takes calls."""

import contextlib
import json
from pathlib import Path

import pytest

from services.issues import domain, repository
from shared.broker.topology import RPC_EXCHANGE, rpc_queue
from shared.store import Store
from tests.support.asking import settings_of
from tests.support.categories import CATEGORIES
from tests.support.eventually import eventually
from tests.support.processes import Process
from tests.support.rpc import RawCaller
from tests.support.servers import Place
from tests.support.system import System

pytestmark = pytest.mark.server
TRIES = 5  # with longer and longer pauses: more time than it takes to declare a queue
BUILDING = "C01-G03-E07-B09"
REPORT = {
    "reporter": "R-1001",
    "building_id": BUILDING,
    "text": "垃圾满了",
    "category": "waste_station",
    "answers": {"what": ["smell"], "place": "门口"},
}


def plant_building(place: Place) -> None:
    """Write one building into the database, which knows no category."""
    store = Store("issues", settings_of(place))
    store.ensure_indexes(repository.COLLECTIONS)
    with store.transaction() as tx:
        for level, key, above in (
            (domain.Level.ESTATE, "C01-G03-E07", None),
            (domain.Level.BUILDING, BUILDING, "C01-G03-E07"),
        ):
            unit = domain.OrgUnit(
                org_unit_id=key, level=level, parent_id=above, secretary_id=None, place_zh=key, tree_revision=1
            )
            repository.org_units.save(tx, unit)
    store.client.close()


def takes_calls(place: Place) -> bool:
    """Whether the broker knows where to put a call to issues: from then on none is lost."""
    bound = [(one["source"], one["destination"]) for one in place.api("GET", f"bindings/{place.vhost}")]
    return (RPC_EXCHANGE.name, rpc_queue("issues").name) in bound


def test_the_first_call_finds_the_categories_though_three_replicas_start_at_once(place: Place, tmp_path: Path) -> None:
    system = System(place, tmp_path, services=("issues",))
    try:
        plant_building(place)
        system.start("issues", replicas=3, wait=False)
        eventually(lambda: takes_calls(place), seconds=60, every=0.01)
        with contextlib.closing(RawCaller(place.amqp_uri)) as caller:
            body = json.dumps({"args": [], "kwargs": REPORT}).encode()
            calls = [caller.send("issues", "report_issue", body) for _ in range(20)]
            assert [caller.wait(call)["error"] for call in calls] == [None] * 20
        for process in system.processes:
            process.wait_ready()
        assert system.database("issues").categories.count_documents({}) == len(CATEGORIES)
    finally:
        system.stop()


def tries(process: Process) -> int:
    """Count how often a replica was told to wait before it could begin."""
    return sum('"waiting"' in line for line in process.log.read_text().splitlines())


def test_no_call_is_taken_before_the_categories_stand(place: Place, tmp_path: Path) -> None:
    """Somebody else writes a category and does not commit: three replicas try again, and take calls only after that."""
    system = System(place, tmp_path, services=("issues",))
    try:
        plant_building(place)
        with system.client.start_session() as session, session.start_transaction():
            category = {"_id": domain.category_id("waste_station", 1)}
            system.database("issues").categories.insert_one(category, session=session)
            replicas = system.start("issues", replicas=3, wait=False)
            eventually(lambda: min(tries(one) for one in replicas) >= TRIES, seconds=60)
            assert not takes_calls(place)
            assert not any(one.is_ready() for one in replicas)
            session.abort_transaction()
        eventually(lambda: takes_calls(place), seconds=60, every=0.01)
        assert len(system.call("issues", "list_categories", limit=500)["items"]) == len(CATEGORIES)
    finally:
        system.stop()
