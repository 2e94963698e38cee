"""What a service prepares in an empty database, by several replicas at once or after one that died at it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.store import Store
from tests.support.asking import settings_of
from tests.support.servers import Place

pytestmark = pytest.mark.server
REPLICAS = 6


def test_replicas_that_prepare_an_empty_database_at_once_all_succeed(place: Place) -> None:
    stores = [Store("issues", settings_of(place)) for _ in range(REPLICAS)]
    with ThreadPoolExecutor(REPLICAS) as pool:
        list(pool.map(lambda store: store.ensure_indexes([]), stores))

    assert stores[0].wakes.options()["capped"]
    assert stores[0].wakes.find_one() is not None
    for store in stores:
        store.client.close()


def test_a_word_can_be_followed_where_a_replica_died_between_making_its_place_and_the_first_one(place: Place) -> None:
    store = Store("issues", settings_of(place))
    store.database.create_collection("wakes", capped=True, size=4096)

    store.ensure_indexes([])

    assert store.wakes.count_documents({}) == 1
    store.client.close()
