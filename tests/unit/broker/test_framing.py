"""What we put together ourselves is to the byte what py-amqp writes."""

from types import SimpleNamespace

import pytest
from amqp.basic_message import Message
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from amqp.spec import Basic

from shared.broker.framing import address, frames, properties, property_text, short

LARGEST = 4096
BODIES = {"one frame": b"x" * 500, "nothing": b"", "three frames": b"y" * 10_000, "one full frame": b"z" * 4088}
HEADERS = {"none": {}, "some": {"x-attempt": 1, "x-exchange": "issues.events", "原因": "冲突"}}


def as_py_amqp_writes(body, headers):
    written = []
    transport = SimpleNamespace(write=lambda data: written.append(bytes(data)))
    write = frame_writer(SimpleNamespace(transport=transport, frame_max=LARGEST, bytes_sent=0), transport)
    content = Message(
        body,
        content_type="application/json",
        delivery_mode=2,
        message_id="m-1",
        type="issue.closed",
        app_id="issues",
        application_headers=headers,
    )
    write(1, 7, Basic.Publish, dumps("Bssbb", (0, "issues.events", "issue.closed", True, False)), content)
    return b"".join(written)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_published_message_has_the_bytes_that_py_amqp_writes(body, headers):
    header = properties(
        content_type="application/json",
        headers=headers,
        message_id="m-1",
        kind="issue.closed",
        source="issues",
        size=len(body),
    )
    ours = frames(7, address("issues.events", "issue.closed"), header, body, LARGEST)
    assert ours == as_py_amqp_writes(body, headers)


def test_a_name_too_long_for_the_protocol_is_refused():
    assert short("é" * 127)[0] == 254
    with pytest.raises(ValueError, match="at most 255 bytes"):
        short("é" * 128)


def test_a_property_too_long_for_the_protocol_is_cut_and_stops_nothing():
    assert property_text("é" * 128) == bytes([255]) + ("é" * 128).encode()[:255]
