"""Each event has one example, which its producer and all its consumers accept."""

import dataclasses
import re
from datetime import datetime

import jsonschema
import pytest

from deploy.contract.envelope import ENVELOPE
from deploy.contract.schemas import data_schema
from shared.cloudevents import CloudEvent, decode
from shared.schemas import load
from tests.contract.known import CATALOGUE, EXAMPLES, Example

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")  # UUIDv7
FORMATS = jsonschema.FormatChecker(formats=["date"])


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value):
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def decoded(example: Example) -> CloudEvent:
    """Decode an example as a consumer does."""
    return decode(
        example.body,
        content_type="application/json",
        headers={},
        message_id=None,
        exchange="somewhere.events",
        routing_key="something.happened",
    )


each_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


def test_every_event_has_one_example_at_its_publisher_and_every_example_an_event():
    taken = {(taking.subscription.service, taking.inbound.type) for taking in CATALOGUE.takings}
    outside = {pair for pair in taken if pair[1] in {event.type for event in CATALOGUE.outside}}
    own = outside | {
        (service if not event.__module__.startswith("shared.") else "shared", event.type)
        for service, events in CATALOGUE.announced.items()
        for event in events
    }

    assert sorted((example.owner, example.type) for example in EXAMPLES) == sorted(own)


@each_example
def test_the_envelope_is_complete(example):
    event = example.event
    assert event["specversion"] == "1.0"
    assert ID.fullmatch(event["id"])
    assert event["type"] == example.type
    assert event["source"] in example.sources
    assert event["subject"] == event["data"][example.fact.event.subject]
    assert datetime.fromisoformat(event["time"]).utcoffset() is not None
    assert event["datacontenttype"] == "application/json"
    assert event["dataschema"] == f"https://linli.example/schemas/{example.type}/1"
    assert re.fullmatch("[1-9][0-9]*", event["sequence"])
    assert event["correlationid"]
    assert event["community"] == "C01"
    jsonschema.validate(event, ENVELOPE, format_checker=FORMATS)


def test_every_example_is_another_event():
    ids = [example.event["id"] for example in EXAMPLES]

    assert len(set(ids)) == len(ids)


@each_example
def test_it_decodes_to_what_it_says(example):
    event, said = decoded(example), example.event

    assert (event.id, event.source, event.type, event.subject) == tuple(
        said[name] for name in ("id", "source", "type", "subject")
    )
    assert (event.time.isoformat(), str(event.sequence), event.version) == (said["time"], said["sequence"], "1")
    assert event.data == said["data"]


@each_example
def test_its_data_follow_the_json_schema(example):
    jsonschema.validate(
        example.event["data"],
        data_schema(example.fact.event),
        cls=jsonschema.Draft202012Validator,
        format_checker=FORMATS,
    )


@each_example
def test_its_producer_could_have_announced_it(example):
    fact = load(example.fact.event, decoded(example).data)

    assert fact.subject_id == example.event["subject"]


@each_example
def test_it_shows_every_field(example):
    assert set(example.event["data"]) == {field.name for field in dataclasses.fields(example.fact.event)}


@pytest.mark.parametrize(
    ("example", "taking"),
    [
        pytest.param(example, taking, id=f"{taking.subscription.queue}-{example}")
        for example in EXAMPLES
        for taking in example.fact.takings
    ],
)
def test_every_consumer_takes_it(example, taking):
    fact = load(taking.inbound, decoded(example).data, ignore_unknown=True)

    assert fact.type == example.type


@pytest.mark.parametrize(
    ("example", "taking"),
    [
        pytest.param(example, taking, id=f"{taking.subscription.queue}-{example}")
        for example in EXAMPLES
        for taking in example.fact.takings
    ],
)
def test_no_consumer_minds_a_field_that_a_later_minor_version_adds(example, taking):
    fact = load(taking.inbound, {**decoded(example).data, "added_later": {"any": ["thing"]}}, ignore_unknown=True)

    assert fact == load(taking.inbound, decoded(example).data, ignore_unknown=True)
