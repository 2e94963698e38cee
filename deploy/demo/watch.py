"""Every event as it passes, read from a queue of our own that is bound to the exchanges of the four services."""

import json
import time
from collections.abc import Callable
from typing import Any

from kombu import Connection, Queue

from shared.broker.connection import close_quietly, open_connection
from shared.broker.topology import events_exchange
from shared.shell.bus import SERVICES

DELIVERED = "notification.delivered"
PATIENCE = 20.0  # seconds a step may take
LOOK_EVERY = 0.05  # seconds between two looks at what no event tells
NO_HEARTBEAT = 0  # the demo is over before a broker would ask


class Late(Exception):
    """Something did not happen in time: what was awaited, and where to look."""

    def __init__(self, awaited: str, where: str) -> None:
        super().__init__(awaited)
        self.awaited, self.where = awaited, where


class Watch:
    """Sees every event once, tells who wants to show it, and waits for what has to happen."""

    def __init__(self, uri: str) -> None:
        self._connection: Connection = open_connection(uri, NO_HEARTBEAT)
        channel = self._connection.channel()
        queue = Queue("", exclusive=True, auto_delete=True)(channel)
        queue.declare()
        for service in SERVICES:
            events_exchange(service)(channel).declare()
            queue.bind_to(exchange=f"{service}.events", routing_key="#")
        channel.basic_consume(queue.name, no_ack=True, callback=self._on_message)
        self.seen: dict[str, dict[str, Any]] = {}
        self.on_event: Callable[[dict[str, Any]], None] = lambda _event: None

    def close(self) -> None:
        """Stop watching; the queue goes with the connection."""
        close_quietly(self._connection)

    def of(self, kind: str, correlation: str | None = None) -> list[dict[str, Any]]:
        """Return the events of a type that have passed, of one thread if asked."""
        seen = (event for event in self.seen.values() if event["type"] == kind)
        return [event for event in seen if correlation in (None, event.get("correlationid"))]

    def until(self, condition: Callable[[], bool], awaited: str, where: str) -> None:
        """Let events pass until the condition holds; raises Late."""
        over = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > over:
                raise Late(awaited, where)
            self.look(LOOK_EVERY)

    def look(self, seconds: float) -> None:
        """Take what passes, and wait that long for something to."""
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return

    def _on_message(self, message: Any) -> None:
        event = json.loads(message.body)
        if isinstance(event, dict) and event.get("id") not in self.seen and "source" in event:
            self.seen[event["id"]] = event
            self.on_event(event)
