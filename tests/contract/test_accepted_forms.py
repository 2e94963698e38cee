"""Every form in which others may send an event is read as the same event."""

import json
from typing import Any

import pytest

from shared.cloudevents import CloudEvent, decode, encode
from tests.contract.known import EXAMPLES, FACTS, Example

RESOLVED = next(example for example in EXAMPLES if example.type == "issue.resolved")
STRUCTURED = [
    "application/json",
    "application/json; charset=utf-8",
    'Application/JSON;charset="UTF-8"',
    "application/cloudevents+json",
    "application/cloudevents+json; charset=UTF-8",
    "",
    None,
]
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


def read(example: Example, body: Any, **message: Any) -> CloudEvent:
    """Decode a body as it comes from the exchange of the example's source."""
    arrival: dict[str, Any] = {
        "content_type": "application/json",
        "headers": {},
        "message_id": None,
        "exchange": f"{example.event['source']}.events",
        "routing_key": example.type,
    }
    return decode(body if isinstance(body, bytes) else json.dumps(body).encode(), **{**arrival, **message})


@pytest.mark.parametrize("content_type", STRUCTURED)
@each_example
def test_structured_mode(example, content_type):
    elsewhere = {"exchange": "hotline.events", "routing_key": "anything", "message_id": "another"}

    assert read(example, example.body, content_type=content_type, **elsewhere) == read(example, example.event)


@pytest.mark.parametrize("prefix", ["cloudEvents:", "cloudEvents_", "ce-", "ce_"])
@each_example
def test_binary_mode(example, prefix):
    own = {name: value for name, value in example.event.items() if name not in ("data", "datacontenttype")}
    headers = {f"{prefix}{name}": value for name, value in own.items()}

    event = read(example, example.event["data"], headers={**headers, "x-other": 1, "nameko.call_id_stack": ["a"]})

    assert event == read(example, example.event)


@each_example
def test_what_we_encode_is_what_we_decode(example):
    event = read(example, example.event)

    assert read(example, encode(event)) == event


@each_example
def test_bare_data_with_a_message_id(example):
    event = read(example, example.event["data"], message_id=example.event["id"])

    assert same(event, read(example, example.event))
    assert (event.sequence, event.version) == (0, "1")
    assert event.time.tzinfo is not None


def test_bare_data_that_its_business_key_identifies():
    data = RESOLVED.event["data"]

    first, again, next_round = (
        read(RESOLVED, one, business_key=("issue_id", "round")) for one in (data, data, {**data, "round": 2})
    )

    assert first.id == again.id == "issue.resolved:IS-0101:1"
    assert next_round.id == "issue.resolved:IS-0101:2"


@pytest.mark.parametrize(
    ("example", "taking"),
    [
        pytest.param(example, taking, id=taking.subscription.queue)
        for example in EXAMPLES
        for taking in FACTS[example.type].takings
        if taking.inbound.business_key
    ],
)
def test_every_business_key_identifies_its_example(example, taking):
    ids = {read(example, example.event["data"], business_key=taking.inbound.business_key).id for _ in range(2)}

    assert len(ids) == 1


@pytest.mark.parametrize("key", [(), ("issue_id", "missing")])
def test_bare_data_that_nothing_identifies_is_a_new_event_each_time(key):
    first, second = (read(RESOLVED, RESOLVED.event["data"], business_key=key) for _ in range(2))

    assert first.id != second.id
    assert first.data == second.data == RESOLVED.event["data"]


def test_the_message_id_of_bare_data_counts_more_than_its_business_key():
    event = read(RESOLVED, RESOLVED.event["data"], message_id="theirs-1", business_key=("issue_id", "round"))

    assert event.id == "theirs-1"


def same(one: CloudEvent, other: CloudEvent) -> bool:
    """Whether it is the same fact from the same place, whatever its envelope left out."""
    return (one.id, one.source, one.type, one.data) == (other.id, other.source, other.type, other.data)
