"""A parked event that is replayed is the same event, also where only its business key says which one it is."""

import pytest

from tests.support.bus import publish_raw
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.server
GAPS = b'{"course_id": "CO-9002", "person_id": "V-2001"}'


def test_replayed_bare_data_is_known_by_its_business_key(system: System) -> None:
    system.start("volunteer")
    publish_raw(system.place.amqp_uri, "enrollment.events", "course.completed", GAPS)
    [parked] = eventually(system.parked)
    assert system.call("volunteer", "replay_parked", ids=[parked["_id"]]) == {"replayed": 1}
    [again] = eventually(lambda: [row for row in system.parked() if row["_id"] != parked["_id"]])
    assert again["event_id"] == parked["event_id"] == "course.completed:CO-9002:V-2001"
