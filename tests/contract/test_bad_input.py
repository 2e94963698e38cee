"""Whatever else arrives is parked with the reason, and the handler never sees it."""

import json
from typing import Any

import pytest

from services.volunteer.inbound import IssueHelpRequested
from shared.cloudevents import CloudEvent, decode
from shared.errors import InvalidInput
from shared.handling import Delivery, EventHandler
from shared.schemas import load
from tests.contract.known import EXAMPLES

HELP = next(example for example in EXAMPLES if example.type == "issue.help_requested").event
TEN_MEGABYTES = 10 * 1024 * 1024
NO_DATABASE: Any = None  # what is parked never asks for it


def event(**attributes: Any) -> bytes:
    """Write the example with other attributes."""
    return json.dumps({**HELP, **attributes}).encode()


def data(**values: Any) -> bytes:
    """Write the example with other data."""
    return event(data={**HELP["data"], **values})


def without(name: str) -> bytes:
    """Write the example without a field of its data."""
    return event(data={key: value for key, value in HELP["data"].items() if key != name})


def handler() -> EventHandler:
    """Make volunteer's subscription."""
    return EventHandler(store=NO_DATABASE, name="on_issue_help_requested", takes=IssueHelpRequested)


def settled(body: bytes, *, content_type: str = "application/json", headers: dict[str, Any] | None = None) -> Delivery:
    """Let the subscription handle the message."""
    delivery = Delivery(
        body=body,
        content_type=content_type,
        headers=headers or {},
        message_id=None,
        exchange="issues.events",
        routing_key="issue.help_requested",
    )
    handler().handle(never, [delivery])
    return delivery


def never(_tx: Any, _fact: Any) -> None:
    """Be the rule that must not be called."""
    raise AssertionError("the rule was called")


def arrived(body: bytes) -> CloudEvent:
    """Read a message that is in order."""
    return decode(
        body,
        content_type="application/json",
        headers={},
        message_id=None,
        exchange="issues.events",
        routing_key="issue.help_requested",
    )


UNREADABLE = {
    "nothing": (b"", "not_json"),
    "no JSON": (b"<event/>", "not_json"),
    "half of it": (event()[:100], "not_json"),
    "more behind it": (event() + b"{}", "not_json"),
    "not UTF-8": (event().replace(b"IS-0101", "居民".encode("gbk"), 1), "encoding"),
    "UTF-16": (event().decode().encode("utf-16"), "encoding"),
    "half a character pair": (event().replace(b'"IS-0101"', b'"\\ud83d"', 1), "encoding"),
    "an id that is half a character pair": (event(id="half").replace(b"half", b"\\udfff"), "encoding"),
    "a list": (json.dumps([HELP]).encode(), "not_an_object"),
    "a number": (b"7", "not_an_object"),
    "a text": (b'"issue.help_requested"', "not_an_object"),
    "null": (b"null", "not_an_object"),
    "true": (b"true", "not_an_object"),
    "NaN": (data().replace(b'"needed": 2', b'"needed": NaN'), "not_json"),
    "infinity": (data().replace(b'"needed": 2', b'"needed": -Infinity'), "not_json"),
    "deep lists": (b"[" * 100_000, "not_json"),
    "deep objects": (b'{"data":' * 100_000 + b"1" + b"}" * 100_000, "not_json"),
    "ten megabytes": (data(title="长" * (TEN_MEGABYTES // 3)), "too_large"),
    "ten megabytes of nothing": (b" " * TEN_MEGABYTES, "too_large"),
    "data that is a list": (event(data=[HELP["data"]]), "not_an_object"),
    "data that is a text": (event(data=json.dumps(HELP["data"])), "not_an_object"),
    "no data": (event(data=None), "not_an_object"),
}
WRONG_ENVELOPE = {
    "another type": (event(type="issue.resolved"), "unknown_type"),
    "the type of a later version": (event(type="issue.help_requested.v2"), "unknown_type"),
    "version 2": (event(dataschema="https://linli.example/schemas/issue.help_requested/2"), "unknown_version"),
    "a type that is an object": (event(type={"$ne": None}), "envelope"),
    "an empty type": (event(type=""), "envelope"),
    "an id that is a number": (event(id=7), "envelope"),
    "an id that is an object": (event(id={"$gt": ""}), "envelope"),
    "an empty id": (event(id=""), "envelope"),
    "a long id": (event(id="x" * 257), "envelope"),
    "a source that is null": (event(source=None), "envelope"),
    "CloudEvents 0.3": (event(specversion="0.3"), "envelope"),
    "CloudEvents 1.0 as a number": (event(specversion=1.0), "envelope"),
    "a time in words": (event(time="yesterday"), "envelope"),
    "a time without an offset": (event(time="2025-03-03T09:00:00"), "envelope"),
    "a time that is a number": (event(time=1741000000), "envelope"),
    "a time that cannot be": (event(time="2025-02-30T09:00:00+08:00"), "envelope"),
}
NO_EVENT = {**UNREADABLE, **WRONG_ENVELOPE}
WRONG_DATA = {
    "no issue": (without("issue_id"), "issue_id"),
    "no number": (without("needed"), "needed"),
    "an operator for an id": (data(issue_id={"$gt": ""}), "issue_id"),
    "an operator for a text": (data(category={"$ne": None}), "category"),
    "an operator for a number": (data(needed={"$gt": 0}), "needed"),
    "an id with a blank": (data(issue_id="IS 0101"), "issue_id"),
    "an empty id": (data(issue_id=""), "issue_id"),
    "a megabyte for an id": (data(issue_id="I" * 1_000_000), "issue_id"),
    "null where something must be": (data(category=None), "category"),
    "a list for a text": (data(category=["sanitation"]), "category"),
    "a number in words": (data(needed="two"), "needed"),
    "a number as a text": (data(needed="2"), "needed"),
    "half a person": (data(needed=1.5), "needed"),
    "nobody": (data(needed=0), "needed"),
    "true for a number": (data(hours_estimate=True), "hours_estimate"),
    "hours without end": (data(hours_estimate="END").replace(b'"END"', b"1e999"), "hours_estimate"),
    "a text for yes or no": (data(urgent="yes"), "urgent"),
    "a word that is none of the allowed": (data(scope="galaxy"), "scope"),
}


@pytest.mark.parametrize(("body", "reason"), NO_EVENT.values(), ids=NO_EVENT)
def test_a_message_that_is_no_event_of_this_type_is_parked(body, reason):
    delivery = settled(body)

    assert (delivery.outcome, delivery.park_reason) == ("parked", reason)
    assert isinstance(delivery.error, InvalidInput)
    assert delivery.body == body


@pytest.mark.parametrize(("body", "field"), WRONG_DATA.values(), ids=WRONG_DATA)
def test_an_event_with_wrong_data_is_parked_and_the_field_named(body, field):
    delivery = settled(body)

    assert (delivery.outcome, delivery.park_reason) == ("parked", "invalid")
    assert isinstance(delivery.error, InvalidInput)
    assert list(delivery.error.details["fields"]) == [field]


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-python-serialize", "json"])
def test_another_content_type_is_parked(content_type):
    assert settled(event(), content_type=content_type).park_reason == "content_type"


@pytest.mark.parametrize("value", [7, None, {"$gt": ""}, ["1.0"], ""])
def test_a_header_of_the_wrong_form_is_parked(value):
    headers = {"ce-specversion": "1.0", "ce-type": "issue.help_requested", "ce-source": "issues", "ce-id": value}

    assert settled(json.dumps(HELP["data"]).encode(), headers=headers).park_reason == "envelope"


def test_an_object_for_a_type_in_a_header_is_parked():
    headers = {"ce-specversion": "1.0", "ce-type": {"$ne": None}}

    assert settled(json.dumps(HELP["data"]).encode(), headers=headers).park_reason == "envelope"


def test_a_pair_of_halves_is_a_character():
    title = json.dumps("🚲棚")

    assert b"\\ud83d\\udeb2" in title.encode()
    assert load(IssueHelpRequested, arrived(data(title="🚲棚")).data, ignore_unknown=True).title == "🚲棚"


def test_the_example_itself_is_taken():
    assert arrived(event()).data == HELP["data"]
