"""An outside source: publishes events with ids of its own, each until the broker has confirmed it."""

import json
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amqp.basic_message import Message
from amqp.exceptions import MessageNacked

from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection
from tests.fault.client import PAUSE
from tests.support.eventually import eventually

if TYPE_CHECKING:
    from kombu import Connection

PERSONS = [f"F-{n:03d}" for n in range(40)]  # no volunteers: their completions are kept and nothing more follows
EACH_SECOND = 40  # events
NUDGE_EVERY = 20  # events
AGAIN, RENAMED = 0.1, 0.05  # shares sent twice under one id, and once more under another


def event(kind: str, source: str, subject: str, sequence: int, **data: Any) -> dict[str, Any]:
    """Make a CloudEvent as another service would."""
    return {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": source, "type": kind, "subject": subject,
        "time": datetime.now(UTC).isoformat(), "sequence": str(sequence), "correlationid": subject, "data": data,
    }  # fmt: skip


def completed(course_id: str, person_id: str) -> dict[str, Any]:
    """Say that a person completed a course, as the academy would."""
    return event(
        "course.completed", "enrollment", f"{course_id}/{person_id}", 1, enrollment_id=f"{course_id}/{person_id}",
        course_id=course_id, person_id=person_id, theme="urban_management", qualification="first_aid", hours=3.0,
        score=None, completed_at=datetime.now(UTC).isoformat(), need_id=None, title="急救",
    )  # fmt: skip


def nudge() -> dict[str, Any]:
    """Ask for events that nobody has: every service handles it, and nothing follows."""
    since = datetime.now(UTC).isoformat()
    return event(
        "events.requested", "issues", "outside", 1, service="outside", sources=["nobody"], types=["none"], since=since
    )


@dataclass
class Outside:
    """Publishes one event after the other, and remembers what the broker confirmed."""

    amqp_uri: str
    confirmed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection: Connection | None = None

    def publish(self, one: dict[str, Any], *, over: threading.Event) -> None:
        """Publish until it is confirmed."""
        while not over.is_set():
            try:
                self._publish(one)
            except (*BROKER_ERRORS, MessageNacked):  # nacked: a queue was deleted under it
                self.close()
                over.wait(PAUSE)
            else:
                self.confirmed[one["id"]] = one
                return

    def _publish(self, one: dict[str, Any]) -> None:
        if self._connection is None:
            self._connection = open_connection(self.amqp_uri, 0)
        message = Message(json.dumps(one).encode(), content_type="application/json", delivery_mode=2)
        self._connection.default_channel.basic_publish_confirm(
            message, exchange=f"{one['source']}.events", routing_key=one["type"], confirm_timeout=5
        )

    def close(self) -> None:
        """Forget the connection."""
        connection, self._connection = self._connection, None
        close_quietly(connection)


class Flood:
    """Publishes completions of courses as fast as it is allowed to; some twice, some under a new id."""

    def __init__(self, amqp_uri: str, seed: int, *, repeat: bool = True) -> None:
        self.outside = Outside(amqp_uri)
        self.learned: set[tuple[str, str]] = set()  # course and person
        self._rng, self._repeat = random.Random(f"{seed}/flood"), repeat
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Flood while the body lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()
            self.outside.close()

    def wait_for(self, count: int, *, seconds: float = 60.0) -> None:
        """Wait until so many more events were confirmed."""
        before = len(self.outside.confirmed)
        eventually(lambda: len(self.outside.confirmed) >= before + count, seconds=seconds)

    def send_again(self) -> None:
        """Publish everything once more, as a source does that was asked for it."""
        outside = Outside(self.outside.amqp_uri)
        for one in list(self.outside.confirmed.values()):
            outside.publish(one, over=self._over)
        outside.close()

    def _run(self) -> None:
        number = 0
        while not self._over.wait(1 / EACH_SECOND):
            course_id, person = f"CX-{number // len(PERSONS):04d}", PERSONS[number % len(PERSONS)]
            one = completed(course_id, person)
            for again in self._copies(one):
                self.outside.publish(again, over=self._over)
            if one["id"] in self.outside.confirmed:
                self.learned.add((course_id, person))
            number += 1
            if number % NUDGE_EVERY == 0:
                self.outside.publish(nudge(), over=self._over)

    def _copies(self, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield one
        if self._repeat and self._rng.random() < AGAIN:
            yield one
        if self._rng.random() < RENAMED:
            yield {**one, "id": str(uuid.uuid4())}
