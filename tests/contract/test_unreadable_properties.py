"""A message whose AMQP properties are not UTF-8 is judged by its body, and the next one is handled."""

import json

import pytest
from amqp.basic_message import Message
from kombu import Connection

from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.server


def publish_with_message_id(system: System, message_id: bytes, body: bytes) -> None:
    with Connection(system.place.amqp_uri) as connection:
        channel = connection.channel()
        stand_in = "#" * len(message_id)
        message = Message(body, content_type="application/json", delivery_mode=2, message_id=stand_in)
        raw = message._serialize_properties().replace(stand_in.encode(), message_id)
        message._serialize_properties = lambda: raw
        channel.basic_publish(message, exchange="enrollment.events", routing_key="course.completed")


def test_properties_that_are_not_utf8_stop_nobody(system: System) -> None:
    [process] = system.start("volunteer")
    publish_with_message_id(system, b"\xff\xfe\xfd", json.dumps({"course_id": "CO-1"}).encode())
    good = {"enrollment_id": "CO-2/L-1", "course_id": "CO-2", "person_id": "L-1", "theme": "urban_management"}
    good |= {"hours": 3.0, "completed_at": "2025-03-01T12:00:00+08:00"}
    publish_with_message_id(system, b"\xff\xfe\xfd", json.dumps(good).encode())
    records = system.database("volunteer").learning_records
    eventually(lambda: records.count_documents({}) == 1)
    [parked] = eventually(system.parked)
    assert parked["reason"] == "invalid"
    assert process.alive
