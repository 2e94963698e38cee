"""AMQP lets a sender put anything into a message's properties; none of it stops the service or the next event."""

import json

import pytest

from tests.contract.test_outside_service import BARE, handled, start
from tests.support.bus import publish_raw
from tests.support.eventually import eventually

pytestmark = [pytest.mark.server, pytest.mark.timeout(120)]
HALF = "\ud800"  # half a pair: AMQP carries it, UTF-8 and MongoDB have no bytes for it
BODY = json.dumps(BARE).encode()
WITH_ID = {"ce-specversion": "1.0", "ce-type": "course.completed", "ce-source": "school"}
BAD = [
    {"message_id": f"half-{HALF}"},
    {"headers": {**WITH_ID, "ce-id": HALF}},
    {"headers": {**WITH_ID, "ce-id": 7}},
    {"headers": {**WITH_ID, "ce-id": {"$gt": ""}}},
    {"headers": {"a.b$c": HALF, HALF: "value", "list": [HALF, {HALF: HALF}]}},
    {"headers": {"nameko.call_id_stack": 7, "x-attempt": "many", "x-exchange": 7, "x-routing-key": None}},
    {"headers": {"x-attempt": -1, "x-death": 7, "x-delivery-count": "often"}},
    {"content_type": f"application/json; {HALF}"},
    {"content_type": f"{HALF}"},
    {"content_type": None, "headers": None},
]


def test_properties_of_any_form_stop_nothing(system):
    start(system, "volunteer")
    for number, properties in enumerate(BAD):
        body = json.dumps({**BARE, "course_id": f"CO-{number}"}).encode()
        publish_raw(system.place.amqp_uri, "enrollment.events", "course.completed", body, **properties)

    publish_raw(system.place.amqp_uri, "enrollment.events", "course.completed", BODY, message_id="sound")

    eventually(lambda: "sound" in {row["event_id"] for row in handled(system, "volunteer", "on_course_completed")})
    system.settled()
    assert all(process.alive for process in system.processes)
    assert sorted(row["reason"] for row in system.parked()) == ["content_type", "envelope", "envelope"]
    assert len(handled(system, "volunteer", "on_course_completed")) == len(BAD) - 3 + 1


def test_a_parked_message_with_half_a_character_is_listed_and_replayed(system):
    start(system, "volunteer")
    publish_raw(
        system.place.amqp_uri,
        "enrollment.events",
        "course.completed",
        BODY,
        content_type=HALF,
        headers={HALF: HALF},
        message_id=HALF,
    )

    [parked] = eventually(lambda: system.call("volunteer", "parked")["items"])

    assert parked["reason"] == "content_type"
    assert system.call("volunteer", "replay_parked", ids=[parked["parked_id"]]) == {"replayed": 1}
    eventually(lambda: [row["times"] for row in system.parked()] in ([2], [1, 1]))
