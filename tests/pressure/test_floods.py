"""Ten times as much as a service can take for a minute: memory stays, callers are told in time, all is done once."""

import itertools
import time
import uuid
from contextlib import closing
from typing import Any

import pytest

from services.volunteer.service import VolunteerService
from shared.broker.topology import rpc_queue
from tests.fault.flood import completed
from tests.fault.run import LEFT_SOCKETS
from tests.pressure.flood import Calls, Source, at_rate
from tests.pressure.gauges import MOST_MEMORY, peak_memory
from tests.support.announced import announced
from tests.support.eventually import eventually
from tests.support.lines import LINES
from tests.support.system import System

pytestmark = [pytest.mark.pressure, LEFT_SOCKETS, pytest.mark.timeout(600)]
LASTS = 60.0  # seconds
TIMES = 10  # the capacity
MEASURED = 300  # events or calls that the capacity is taken from
WORKERS = 20  # calls in work at once, the default of MAX_WORKERS
ANSWERED_WITHIN = 10.0  # seconds
UNIT = {"org_unit_id": "C01", "level": "community", "label_zh": "社区党委"}


def test_a_flood_of_events_waits_in_the_queue_and_each_is_handled_once(own_system: System) -> None:
    numbers = itertools.count()
    source = Source(own_system.place.amqp_uri, lambda: completed("CX-0001", f"F-{next(numbers)}"))
    [process] = own_system.start("volunteer", BATCH_SIZE="1")  # so that the flood need not be larger than this machine
    inbox, began = own_system.database("volunteer").processed_events, time.monotonic()
    source.give(MEASURED)
    eventually(lambda: inbox.count_documents({}) >= MEASURED, seconds=60)
    capacity = MEASURED / (time.monotonic() - began)
    at_rate(TIMES * capacity, LASTS, source.give)
    behind = len(source.confirmed) - inbox.count_documents({})
    assert behind > len(source.confirmed) / 2
    assert process.get("/livez").status_code == 200
    assert process.is_ready()
    [helper] = own_system.start("volunteer")  # what an operator does
    eventually(lambda: inbox.estimated_document_count() >= len(source.confirmed), seconds=300, every=0.5)
    own_system.settled(seconds=60)
    marks = {row["event_id"]: row["result"] for row in inbox.find({"handler": "on_course_completed"})}
    assert marks.keys() == source.confirmed
    assert set(marks.values()) == {"done"}
    records = own_system.database("volunteer").learning_records
    assert records.count_documents({"completions": {"$size": 1}}) == len(source.confirmed)
    assert own_system.parked() == []
    memory = [peak_memory(one) for one in (process, helper)]
    assert max(memory) < MOST_MEMORY
    LINES.append(
        f"flood of events: capacity={capacity:.0f}/s given={len(source.confirmed)} in {LASTS:.0f}s behind={behind} "
        f"memory={max(memory):.0f}MB lost=0 twice=0"
    )
    source.close()


def test_of_a_flood_of_calls_each_is_answered_or_refused_in_time(own_system: System) -> None:
    service = VolunteerService.name
    [process] = own_system.start(service)
    with own_system.rpc() as rpc:
        rpc.volunteer.import_org_tree(units=[UNIT])
        began = time.monotonic()
        for number in range(MEASURED):
            rpc.volunteer.register(**person(f"M-{number}"))
        capacity = MEASURED / (time.monotonic() - began)
    in_work = 0
    with closing(Calls(own_system.place.amqp_uri, service, "register")) as calls:

        def give(count: int) -> None:
            nonlocal in_work
            calls.give([person(uuid.uuid4().hex) for _ in range(count)])
            in_work = max(in_work, own_system.place.queue(rpc_queue(service).name).get("messages_unacknowledged", 0))

        given = at_rate(TIMES * capacity, LASTS, give)
        assert process.get("/livez").status_code == 200
        eventually(lambda: len(calls.answered) == given, seconds=60)
    refused = [answer["error"] for _, answer in calls.answered.values() if answer["error"]]
    assert refused
    assert {(error["code"], error["retryable"]) for error in refused} == {("unavailable", True)}
    assert in_work <= WORKERS
    own_system.settled(seconds=60)
    database = own_system.database(service)
    assert database.volunteers.count_documents({}) == MEASURED + len(calls.done)
    assert len(announced(database, "volunteer.registered")) == MEASURED + len(calls.done)
    eventually(lambda: process.metric("bus_outbox_oldest_age_seconds") == 0)
    process.wait_ready()
    memory, slowest = peak_memory(process), [calls.slowest(done=done) for done in (True, False)]
    LINES.append(
        f"flood of calls: capacity={capacity:.0f}/s given={given} in {LASTS:.0f}s done={len(calls.done)} "
        f"refused={len(refused)} slowest_done={slowest[0]:.1f}s slowest_refused={slowest[1]:.1f}s in_work={in_work} "
        f"memory={memory:.0f}MB"
    )
    assert memory < MOST_MEMORY
    assert max(slowest) < ANSWERED_WITHIN


def person(name: str) -> dict[str, Any]:
    """Return the fields that make somebody a volunteer."""
    return {"person_id": name, "volunteer_id": name, "org_unit_id": "C01", "is_party_member": False}
