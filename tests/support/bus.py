"""An outside participant: publishes whatever it likes and records everything that passes."""

import contextlib
import json
import threading
from typing import Any

from amqp.basic_message import Message
from kombu import Connection, Exchange, Queue

from shared.broker import tolerant
from tests.support.eventually import eventually

tolerant.install()  # the recorder hears what the services hear


class Recorder:
    """Records every event of the named services, distinct by event id, through a queue of its own."""

    def __init__(self, amqp_uri: str, services: tuple[str, ...]) -> None:
        self._connection = Connection(amqp_uri)
        channel = self._connection.channel()
        self._queue = Queue("recorder", durable=True, queue_arguments={"x-queue-type": "quorum"})(channel)
        self._queue.declare()
        for service in services:
            Exchange(f"{service}.events", type="topic", durable=True)(channel).declare()
            self._queue.bind_to(exchange=f"{service}.events", routing_key="#")
        self.events: dict[str, dict[str, Any]] = {}
        self.deliveries = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._connection.Consumer([self._queue], on_message=self._record, prefetch_count=500):
            while not self._stop.is_set():
                try:
                    self._connection.drain_events(timeout=0.2)
                except TimeoutError:
                    continue
                except self._connection.connection_errors:
                    if not self._stop.is_set():
                        return

    def _record(self, message: Any) -> None:
        self.deliveries += 1
        message.ack()
        with contextlib.suppress(ValueError):  # tests publish junk too, which is no event
            event = json.loads(message.body)
            if isinstance(event, dict) and "id" in event:
                self.events.setdefault(event["id"], event)

    def stop(self) -> None:
        """Stop recording."""
        self._stop.set()
        self._thread.join(5)
        self._connection.close()

    def of(self, kind: str, **data: Any) -> list[dict[str, Any]]:
        """Return the recorded events of this type whose data has these values."""
        matching = [event for event in list(self.events.values()) if event["type"] == kind]
        return [event for event in matching if all(event["data"].get(name) == value for name, value in data.items())]

    def counts(self, correlation: str | None = None) -> dict[str, int]:
        """Return how many distinct events of each type passed, of one thread if asked."""
        counts: dict[str, int] = {}
        for event in list(self.events.values()):
            if correlation in (None, event.get("correlationid")):
                counts[event["type"]] = counts.get(event["type"], 0) + 1
        return counts

    def wait_for(self, kind: str, count: int, *, seconds: float = 20.0, **data: Any) -> list[dict[str, Any]]:
        """Wait until exactly this many events of the type have passed and return them."""
        eventually(lambda: len(self.of(kind, **data)) >= count, seconds=seconds)
        found = self.of(kind, **data)
        assert len(found) == count, f"{kind}: {len(found)} events instead of {count}"
        return found


def publish_raw(
    amqp_uri: str,
    exchange: str,
    routing_key: str,
    body: bytes,
    *,
    content_type: str | None = "application/json",
    headers: dict[str, Any] | None = None,
    message_id: str | None = None,
) -> None:
    """Publish bytes exactly as given and wait for the broker's confirm."""
    properties = {"content_type": content_type, "message_id": message_id, "delivery_mode": 2}
    given = {name: value for name, value in properties.items() if value is not None}
    with Connection(amqp_uri, transport_options={"confirm_publish": True}) as connection:
        message = Message(body, application_headers=headers or {}, **given)
        connection.channel().basic_publish(message, exchange=exchange, routing_key=routing_key, timeout=10)


def queue_messages(amqp_uri: str, queue: str) -> int:
    """Return how many messages wait in a queue, by asking the broker itself."""
    with Connection(amqp_uri) as connection:
        return int(connection.channel().queue_declare(queue, passive=True).message_count)
