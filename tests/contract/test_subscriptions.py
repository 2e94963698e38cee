"""What consumers rely on is what publishers promise."""

import re
from typing import Any

import pytest

from deploy.contract.schemas import shape
from tests.contract.known import CATALOGUE, FACTS

NOUN_PAST_PARTICIPLE = re.compile(
    r"[a-z]+(_[a-z]+)*\.([a-z]+_)*([a-z]+ed|met|set|given|withdrawn|handed_over)(\.v[2-9])?"
)
NAMED_OTHERWISE = {
    "notification.undeliverable"  # the catalogue's name: no participle says that nothing is left to try
}
PERSONAL = re.compile(r"(^|_)(name|phone|mobile|tel|text|words?|address(es)?|e?mail|wechat|id_card|birth\w*)($|_)")
NOT_PERSONAL = {
    "report.submitted: text",  # what comes from outside is what somebody said; no event of ours repeats it
    "report.submitted: address_id",  # the id of a building
    "secretary_project.started: acceptance.text",  # what a secretary promised in public, not the words of a resident
}
TWICE = {  # a second subscription to a fact, beside the one that bears its name, so that neither waits for the other
    "notify.on_issue_escalated_secretary": "notify.on_issue_escalated",
    "notify.on_issue_handed_over_secretary": "notify.on_issue_handed_over",
}
each_fact = pytest.mark.parametrize("fact", CATALOGUE.facts, ids=lambda fact: fact.type)
each_taking = pytest.mark.parametrize("taking", CATALOGUE.takings, ids=lambda taking: taking.subscription.queue)


@each_fact
def test_an_event_is_named_after_what_happened(fact):
    assert fact.type in NAMED_OTHERWISE or NOUN_PAST_PARTICIPLE.fullmatch(fact.type)


@each_fact
def test_an_event_says_what_it_means_in_both_languages(fact):
    assert fact.meaning.endswith(".")
    assert re.fullmatch("[\u4e00-\u9fff/]+", fact.event.zh)


@each_fact
def test_its_subject_is_one_of_its_required_fields(fact):
    assert fact.event.subject in shape(fact.event)["required"]


@each_fact
def test_services_that_announce_the_same_event_say_the_same(fact):
    shapes = [shape(event) for events in CATALOGUE.announced.values() for event in events if event.type == fact.type]

    assert all(one == shapes[0] for one in shapes)


@each_fact
def test_no_field_can_hold_personal_data(fact):
    fields = {f"{fact.type}: {path}" for path in paths(shape(fact.event))}

    assert {field for field in fields if PERSONAL.search(re.split("[ .]", field)[-1])} <= NOT_PERSONAL


@each_taking
def test_what_a_service_takes_is_published_where_it_listens(taking):
    fact = FACTS[taking.inbound.type]

    assert set(taking.subscription.sources) <= set(fact.publishers)


@each_taking
def test_the_fields_it_relies_on_are_promised(taking):
    assert disagreements(shape(taking.inbound), shape(FACTS[taking.inbound.type].event)) == []


@each_taking
def test_the_fields_that_identify_bare_data_are_required_ones_of_the_publisher(taking):
    assert set(taking.inbound.business_key) <= set(shape(FACTS[taking.inbound.type].event)["properties"])


@each_taking
def test_a_handler_is_named_after_what_it_takes(taking):
    expected = f"on_{taking.inbound.type.replace('.', '_')}"
    queue = taking.subscription.queue

    assert TWICE.get(queue, queue).split(".")[1] in (expected, f"{expected}_by_{taking.inbound.source}")


def test_a_second_subscription_takes_what_the_one_beside_it_takes():
    takes = {taking.subscription.queue: taking.inbound for taking in CATALOGUE.takings}

    assert {second: takes[second] for second in TWICE} == {second: takes[first] for second, first in TWICE.items()}


def paths(schema: dict[str, Any], prefix: str = "") -> list[str]:
    """Name every field, also those of objects inside."""
    inner = schema.get("items", schema)
    own = inner.get("properties", {})
    return [f"{prefix}{name}" for name in own] + [
        path for name, member in own.items() for path in paths(member, f"{prefix}{name}.")
    ]


def disagreements(taken: dict[str, Any], promised: dict[str, Any], path: str = "data") -> list[str]:
    """Say where a consumer expects what the publisher does not promise."""
    found = []
    if not kinds(promised) <= kinds(taken) | ({"integer"} if "number" in kinds(taken) else set()):
        found.append(f"{path}: {sorted(kinds(promised))} comes, {sorted(kinds(taken))} is taken")
    if taken.get("format") not in (None, promised.get("format")):
        found.append(f"{path}: {promised.get('format')} comes, {taken['format']} is taken")
    if "items" in taken and "items" in promised:
        found += disagreements(taken["items"], promised["items"], f"{path}[]")
    for name, member in taken.get("properties", {}).items():
        if name not in promised.get("properties", {}):
            found.append(f"{path}.{name} is in no event")
            continue
        if name in taken.get("required", ()) and name not in promised.get("required", ()):
            found.append(f"{path}.{name} may be absent but is relied on")
        found += disagreements(member, promised["properties"][name], f"{path}.{name}")
    return found


def kinds(schema: dict[str, Any]) -> set[str]:
    """Return the JSON types a value may have; an enumeration is of texts, and of null where it may be."""
    if "enum" in schema:
        return {"null" if value is None else "string" for value in schema["enum"]}
    kinds = schema["type"]
    return set(kinds) if isinstance(kinds, list) else {kinds}
