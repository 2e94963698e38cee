"""A batch looks up once, for all its events, what its handler needs; the database itself counts the questions."""

import dataclasses
import inspect
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from services.volunteer import domain, repository
from services.volunteer.inbound import CourseCompleted
from services.volunteer.service import VolunteerService
from shared import config
from shared.handling import Delivery, EventHandler, Preload
from shared.store import Store
from tests.support.announced import announced
from tests.support.servers import Place

pytestmark = pytest.mark.server
PROFILE_ALL, PROFILE_NOTHING = 2, 0


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Make volunteer's database without a process."""
    settings = dataclasses.replace(config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix)
    made = Store("volunteer", settings)
    made.ensure_indexes(VolunteerService.collections)
    yield made
    made.client.close()


def completed(person: str) -> Delivery:
    data = {"course_id": "CO-0501", "person_id": person, "completed_at": "2025-03-20", "qualification": "first_aid"}
    envelope = {"specversion": "1.0", "id": f"completed-{person}", "source": "enrollment", "type": "course.completed"}
    return Delivery(
        body=json.dumps({**envelope, "data": data}).encode(),
        content_type="application/json",
        headers={},
        message_id=None,
        exchange="enrollment.events",
        routing_key="course.completed",
    )


def handle(store: Store, preload: Preload | None, people: list[str]) -> list[str]:
    """Handle one batch and return the outcomes."""
    method: Any = inspect.unwrap(VolunteerService.on_course_completed)
    handler = EventHandler(store=store, name="on_course_completed", takes=CourseCompleted, preload=preload)
    batch = [completed(person) for person in people]
    handler.handle(partial(method, VolunteerService()), batch)
    return [delivery.outcome for delivery in batch]


def questions(store: Store, collection: str) -> list[Any]:
    """Return the ids that were asked for, question by question."""
    asked = store.database["system.profile"].find({"command.find": collection})
    return [row["command"]["filter"]["_id"]["$in"] for row in asked]


def test_a_batch_asks_once_for_what_its_events_are_about(store: Store) -> None:
    store.database.command("profile", PROFILE_ALL)
    people = [f"P-{number}" for number in range(20)]
    assert handle(store, repository.load_learners, people) == ["done"] * 20
    store.database.command("profile", PROFILE_NOTHING)
    assert [len(ids) for ids in questions(store, "learning_records")] == [20]


def test_nothing_is_loaded_for_events_that_were_handled_before(store: Store) -> None:
    handle(store, repository.load_learners, ["P-1", "P-2"])
    store.database.command("profile", PROFILE_ALL)
    assert handle(store, repository.load_learners, ["P-1", "P-2", "P-3"]) == ["duplicate", "duplicate", "done"]
    store.database.command("profile", PROFILE_NOTHING)
    assert questions(store, "learning_records") == [["learning/P-3"]]


def enrol(store: Store, people: list[str]) -> None:
    """Make the people volunteers."""
    with store.transaction() as tx:
        for person in people:
            volunteer, _ = domain.register(f"V-{person}", person, ("C01",), is_party_member=False)
            repository.volunteers.save(tx, volunteer)
            record = domain.join(domain.empty_record(person), volunteer.volunteer_id)
            repository.learning_records.save(tx, record)


def test_a_batch_without_a_preload_is_rehearsed_and_asks_once_for_each_kind_of_thing(store: Store) -> None:
    people = [f"P-{number}" for number in range(20)]
    enrol(store, people)
    store.database.command("profile", PROFILE_ALL)
    assert handle(store, None, people) == ["done"] * 20
    store.database.command("profile", PROFILE_NOTHING)
    assert [len(ids) for ids in questions(store, "learning_records")] == [20]
    assert [len(ids) for ids in questions(store, "volunteers")] == [20]


def test_what_a_rehearsed_rule_does_counts_once(store: Store) -> None:
    people = [f"P-{number}" for number in range(5)]
    enrol(store, people)
    assert handle(store, None, [*people, *people]) == ["done"] * 5 + ["duplicate"] * 5
    assert {row["revision"] for row in store.database["learning_records"].find()} == {2}
    assert [event["subject"] for event in announced(store.database, "volunteer.qualified")] == [
        f"V-{person}" for person in people
    ]


def test_a_preload_that_breaks_on_one_fact_hurts_that_event_only(store: Store) -> None:
    def picky(_tx: Any, facts: Any) -> None:
        if any(fact.person_id == "P-2" for fact in facts):
            raise ZeroDivisionError

    assert handle(store, picky, ["P-1", "P-2", "P-3"]) == ["done", "parked", "done"]
