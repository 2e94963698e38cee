"""What a scrape sees."""

import pytest

from tests.support.eventually import eventually
from tests.support.proxy import Proxy
from tests.support.system import System

pytestmark = pytest.mark.server


def test_metrics_are_told_while_the_database_is_away(system: System) -> None:
    proxy = Proxy(system.place.mongodb_uri)
    [process] = system.start("enrollment", MONGODB_URI=proxy.uri)
    proxy.refuse()
    eventually(lambda: not process.is_ready())
    answer = process.get("/metrics")
    assert answer.status_code == 200
    assert 'bus_consumer_stalled{handler="on_events_requested",service="enrollment"} 0.0' in answer.text
    proxy.close()
