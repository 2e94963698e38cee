"""The event that every handler takes, and the volunteers whom ours changes."""

from collections.abc import Iterable

from benchmarks.ground import Ground
from services.volunteer import domain, repository
from shared import clock
from shared.broker.publisher import Outgoing
from shared.cloudevents import CloudEvent, encode, new_id

USUAL = 350  # bytes of an event


def completion(number: int, size: int = USUAL) -> CloudEvent:
    """Return a `course.completed` of about this many bytes, about a person of its own."""
    data = {
        "course_id": "CO-0501",
        "person_id": f"P-{number}",
        "completed_at": "2025-03-20",
        "qualification": "hazard_inspection",
    }
    if size > USUAL:
        data["remarks"] = "x" * (size - USUAL)  # an unknown field, which nobody keeps
    return CloudEvent(
        id=new_id(),
        source="enrollment",
        type="course.completed",
        subject=f"CO-0501/P-{number}",
        time=clock.now(),
        data=data,
        sequence=42,
    )


def outgoing(event: CloudEvent) -> Outgoing:
    """Return the message that enrollment publishes for an event."""
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
        volunteers.append({**repository.volunteers.to_document(volunteer), "revision": 1})
        records.append({**repository.learning_records.to_document(record), "revision": 1})
    database = here.database("volunteer")
    database["volunteers"].insert_many(volunteers)
    database["learning_records"].insert_many(records)
