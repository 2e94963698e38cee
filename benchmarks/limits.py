"""What broker and database do at most with a bare client and nothing else: the ceiling over every handler."""

import time
from typing import Any, Self

from kombu import Connection

from benchmarks import usage
from benchmarks.completions import completion, outgoing
from benchmarks.figures import Contender, Experiment, Measured
from benchmarks.ground import PATIENCE, Ground, ground
from benchmarks.handling import CPU_OF_SERVER, RATE
from shared.cloudevents import CloudEvent, encode

QUEUE = "volunteer.on_course_completed"
ACKNOWLEDGED_AT_ONCE = 200
PREFETCH = 1000
BATCHES = (100, 500)  # events in a transaction


def experiment(count: int) -> Experiment:
    """Take each step of a handler alone."""
    return Experiment(
        name="limits",
        title="limits of the servers, a bare client",
        has_ours=False,
        contenders=[
            Contender(name="publish into a quorum queue", guarantee="confirmed", measure=lambda: published(count)),
            Contender(name="consume from it", guarantee="acknowledged by 200", measure=lambda: consumed(count)),
            *(transactions(count, batch) for batch in BATCHES),
        ],
    )


def transactions(count: int, batch: int) -> Contender:
    """Let bare transactions take part that write two documents for each event, as inbox and state are two."""
    return Contender(
        name=f"two inserts an event, {batch} in a transaction",
        guarantee="all or nothing, majority",
        measure=lambda: inserted(count, batch),
    )


def published(count: int) -> Measured:
    """Publish with pipelined confirms, a thousand on their way at once."""
    with ground() as here, here.sender() as sender:
        here.declare_service("volunteer")
        messages = [outgoing(event) for event in _events(count)]
        sender.publish(messages[:1])
        with _Clock(here, count) as clock:
            here.publish(messages, sender)
        return clock.measured


def consumed(count: int) -> Measured:
    """Consume a filled queue, and acknowledge many deliveries in one frame."""
    with ground() as here:
        here.declare_service("volunteer")
        with here.sender() as sender:
            here.publish([outgoing(event) for event in _events(count)], sender)
        with here.connection() as connection, _Clock(here, count) as clock:
            _consume(connection, count)
        return clock.measured


def inserted(count: int, batch: int) -> Measured:
    """Write two documents for each event, in transactions of so many events."""
    with ground() as here:
        events = _events(count)
        marks, states = here.database("bare")["marks"], here.database("bare")["states"]
        for collection in (marks, states):
            collection.insert_one({"_id": "first"})
        with _Clock(here, count) as clock, here.client.start_session() as session:
            for start in range(0, count, batch):
                some = events[start : start + batch]
                with session.start_transaction():
                    marks.insert_many([_mark(event) for event in some], session=session)
                    states.insert_many([_state(event) for event in some], session=session)
        assert marks.count_documents({}) == states.count_documents({}) == count + 1
        return clock.measured


class _Clock:
    """Takes the time of a block, and what the servers used in it."""

    def __init__(self, here: Ground, count: int) -> None:
        self._servers, self._count = here.servers(), count
        self.measured: Measured = {}

    def __enter__(self) -> Self:
        self._used = self._usage()
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.measured[RATE] = self._count / (time.monotonic() - self._began)
        for name, used in self._usage().items():
            self.measured[CPU_OF_SERVER[name]] = (used - self._used[name]) / self._count * 1e6

    def _usage(self) -> dict[str, float]:
        return {name: usage.cpu_seconds([server]) for name, server in self._servers.items()}


def _consume(connection: Connection, count: int) -> None:
    channel, taken = connection.channel(), 0

    def on_message(message: Any) -> None:
        nonlocal taken
        taken += 1
        if taken % ACKNOWLEDGED_AT_ONCE == 0 or taken == count:
            channel.basic_ack(message.delivery_tag, multiple=True)

    channel.basic_qos(0, PREFETCH, a_global=False)
    channel.basic_consume(QUEUE, callback=on_message)
    over = time.monotonic() + PATIENCE
    while taken < count:
        assert time.monotonic() < over, f"{taken} of {count} were delivered"
        connection.drain_events(timeout=PATIENCE)


def _events(count: int) -> list[CloudEvent]:
    return [completion(number) for number in range(count)]


def _mark(event: CloudEvent) -> dict[str, Any]:
    return {"_id": f"on_course_completed:{event.id}", "type": event.type, "at": event.time, "result": "done"}


def _state(event: CloudEvent) -> dict[str, Any]:
    return {"_id": event.id, "body": encode(event)}
