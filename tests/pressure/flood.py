"""Ten times as much as a service can take: events of an outside source, or calls that nobody waits for."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from amqp.basic_message import Message
from kombu import Connection, Queue

from shared.broker import publisher
from shared.broker.publisher import Outgoing, Publisher
from shared.broker.topology import RPC_EXCHANGE

TURN = 0.1  # seconds between two portions


def at_rate(each_second: float, seconds: float, give: Callable[[int], None]) -> int:
    """Give portions at an even rate for so long, and return how many pieces that were; late portions are larger."""
    began, given, pace = time.monotonic(), 0, threading.Event()
    while (now := time.monotonic() - began) < seconds:
        due = int(now * each_second) - given
        if due > 0:
            give(due)
            given += due
        pace.wait(TURN)
    return given


class Source:
    """Publishes events of others, confirmed; what was not confirmed does not count."""

    def __init__(self, amqp_uri: str, make: Callable[[], dict[str, Any]]) -> None:
        self._publisher, self._make = Publisher(amqp_uri, 60), make
        self.confirmed: set[str] = set()

    def give(self, count: int) -> None:
        """Publish so many fresh events."""
        events = [self._make() for _ in range(count)]
        outcomes = self._publisher.publish([_outgoing(event) for event in events])
        done = [event["id"] for event, outcome in zip(events, outcomes, strict=True) if outcome == publisher.CONFIRMED]
        self.confirmed.update(done)

    def close(self) -> None:
        """Close the connection."""
        self._publisher.close()


def _outgoing(event: dict[str, Any]) -> Outgoing:
    body = json.dumps(event).encode()
    return Outgoing(exchange=f"{event['source']}.events", routing_key=event["type"], body=body, message_id=event["id"])


@dataclass
class Calls:
    """Sends calls without waiting, and notes when each was answered and how."""

    amqp_uri: str
    service: str
    method: str
    sent: dict[str, float] = field(default_factory=dict)
    answered: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._out, self._in = Connection(self.amqp_uri), Connection(self.amqp_uri)
        self._channel, self._address = self._out.channel(), uuid.uuid4().hex
        channel, name = self._in.channel(), f"rpc.reply-{self._address}"
        Queue(name, RPC_EXCHANGE, self._address, exclusive=True, auto_delete=True)(channel).declare()
        channel.basic_consume(name, no_ack=True, callback=self._keep)
        self._over = threading.Event()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def give(self, calls: list[dict[str, Any]]) -> None:
        """Send one call for each set of fields; the broker's answer to none of them is waited for."""
        for fields in calls:
            call_id = uuid.uuid4().hex
            body = json.dumps({"args": [], "kwargs": fields}).encode()
            message = Message(
                body, content_type="application/json", content_encoding="utf-8", correlation_id=call_id,
                reply_to=self._address,
            )  # fmt: skip
            self.sent[call_id] = time.monotonic()
            self._channel.basic_publish(message, RPC_EXCHANGE.name, f"{self.service}.{self.method}")

    @property
    def done(self) -> list[str]:
        """The calls that were answered with a result."""
        return [call_id for call_id, (_, answer) in self.answered.items() if answer["error"] is None]

    def slowest(self, *, done: bool) -> float:
        """Return the seconds until the last result, or the last refusal."""
        took = ((at - self.sent[call_id], answer) for call_id, (at, answer) in self.answered.items())
        return max((seconds for seconds, answer in took if (answer["error"] is None) == done), default=0.0)

    def close(self) -> None:
        """Stop listening."""
        self._over.set()
        self._listener.join()
        self._out.close()
        self._in.close()

    def _keep(self, message: Any) -> None:
        call_id = message.properties.get("correlation_id", "")
        self.answered[call_id] = time.monotonic(), json.loads(message.body)

    def _listen(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                self._in.drain_events(timeout=0.2)
