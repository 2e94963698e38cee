"""Handled events per second of a real subscription: volunteer takes `course.completed` and says who is qualified."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Contender, Experiment, Measured, Metric
from benchmarks.ground import LOOK_EVERY, PATIENCE, Ground, ground
from benchmarks.usage import cpu_seconds, resident_megabytes
from services.volunteer import domain, repository
from shared import clock
from shared.broker.publisher import Outgoing
from shared.cloudevents import CloudEvent, encode, new_id
from tests.support.announced import announced
from tests.support.eventually import eventually
from tests.support.processes import Process

if TYPE_CHECKING:
    from pymongo.collection import Collection as RawCollection

RATE = Metric(unit="events/s", more_is_better=True)
CPU = Metric(unit="µs", label="CPU of the process, each")
MEMORY = Metric(unit="MB", label="memory after it")
WARM_UP = 0.1  # share of the events that passes before the clock starts
OURS = "exactly-once effect, own facts confirmed"
STOCK = "lost when the handler raises; duplicates visible"


def experiment(count: int, singles: int) -> Experiment:
    """Compare batches, single events, and a stock event handler that writes one document."""
    return Experiment(
        name="handling",
        title="handled events of one subscription, queue filled before",
        target="events/s: ours ÷ stock ≥ 4",
        contenders=[
            Contender(name="linli", guarantee=OURS, measure=lambda: ours(count)),
            Contender(name="stock nameko, 50 workers", guarantee=STOCK, measure=lambda: stock(count)),
            Contender(name="linli, BATCH_SIZE=1", guarantee=OURS, measure=lambda: ours(singles, BATCH_SIZE="1")),
        ],
    )


def ours(count: int, **env: str) -> Measured:
    """Measure until all effects are in the database and all facts that follow from them are confirmed."""
    with ground() as here:
        seed_volunteers(here, range(count))
        here.declare_service("volunteer")
        here.publish(completions(range(count)))
        process = here.start_service("volunteer", **env)
        database = here.database("volunteer")

        def handled() -> int:
            return database["processed_events"].estimated_document_count()

        def all_sent() -> bool:
            return _holds(database["processed_events"], count) and not here.pending("volunteer")

        measured = _measured(process, count, handled, all_sent)
        assert len(announced(database, "volunteer.qualified")) == count, "a fact is missing"
        assert database["parked"].count_documents({}) == 0, "a healthy event was parked"
        return measured


def stock(count: int) -> Measured:
    """Measure until there is a document for each event."""
    with ground() as here:
        here.declare_stock_queue("enrollment", "course.completed", "learning.on_course_completed")
        here.publish(completions(range(count)))
        process = here.start_stock("Learning")
        documents = here.database("stock")["completions"]
        return _measured(process, count, documents.estimated_document_count, lambda: _holds(documents, count))


def _measured(process: Process, count: int, handled: Callable[[], int], over: Callable[[], bool]) -> Measured:
    """Measure from the end of the warm-up until it is over."""
    warm = eventually(lambda: (now := handled()) >= WARM_UP * count and now, seconds=PATIENCE, every=LOOK_EVERY)
    events, began, used = count - int(warm), time.monotonic(), cpu_seconds(process)
    eventually(over, seconds=PATIENCE, every=LOOK_EVERY)
    return {
        RATE: events / (time.monotonic() - began),
        CPU: (cpu_seconds(process) - used) / events * 1e6,
        MEMORY: resident_megabytes(process),
    }


def _holds(collection: "RawCollection[dict[str, Any]]", count: int) -> bool:
    """Tell whether this many documents are committed; the estimate costs nothing and runs ahead of a commit."""
    return collection.estimated_document_count() == count and collection.count_documents({}) == count


def completions(numbers: Iterable[int]) -> list[Outgoing]:
    """Return one `course.completed` of some 350 bytes per number, each about a person of its own."""
    return [_completion(number) for number in numbers]


def _completion(number: int) -> Outgoing:
    event = CloudEvent(
        id=new_id(),
        source="enrollment",
        type="course.completed",
        subject=f"CO-0501/P-{number}",
        time=clock.now(),
        data={
            "course_id": "CO-0501",
            "person_id": f"P-{number}",
            "completed_at": "2025-03-20",
            "qualification": "hazard_inspection",
        },
        sequence=42,
    )
    return Outgoing(
        exchange="enrollment.events", routing_key=event.type, body=encode(event), message_id=event.id, kind=event.type
    )


def seed_volunteers(here: Ground, numbers: Iterable[int]) -> None:
    """Write the volunteers, as registering each of them would have."""
    volunteers, records = [], []
    for number in numbers:
        volunteer, _ = domain.register(
            f"V-{number}", f"P-{number}", ("C01", "C01-G03", "C01-G03-E07"), is_party_member=False
        )
        record = domain.join(domain.empty_record(f"P-{number}"), volunteer.volunteer_id)
        volunteers.append(_first_revision(repository.volunteers.to_document(volunteer)))
        records.append(_first_revision(repository.learning_records.to_document(record)))
    database = here.database("volunteer")
    database["volunteers"].insert_many(volunteers)
    database["learning_records"].insert_many(records)


def _first_revision(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "revision": 1}
