"""Publish many messages with the confirms pipelined: send the window, then wait for the broker's word on each."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amqp.basic_message import Message

from shared.broker.connection import CONFIRM_SECONDS, close_quietly, open_connection

if TYPE_CHECKING:
    from kombu import Connection

CONFIRMED, UNROUTABLE, REFUSED, UNKNOWN = "confirmed", "unroutable", "refused", "unknown"
PERSISTENT = 2


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to publish."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str
    content_type: str = "application/json"
    headers: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    source: str = ""


class Publisher:
    """One connection and channel in confirm mode; opened on first use, again after a failure."""

    def __init__(self, uri: str, heartbeat: int) -> None:
        self._uri, self._heartbeat = uri, heartbeat
        self.connection: Connection | None = None
        self._channel: Any = None
        self._sent = 0
        self._waiting: dict[int, int] = {}
        self._outcomes: list[str] = []
        self._returned: set[str] = set()

    def publish(self, messages: Sequence[Outgoing]) -> list[str]:
        """Publish the messages in order and return each one's outcome.

        Outcomes: confirmed, unroutable (nobody has a queue for it), refused (a queue is full), unknown (no answer in
        time). Raises one of BROKER_ERRORS when there is no connection to be had.
        """
        self._open()
        self._outcomes, self._waiting, self._returned = [UNKNOWN] * len(messages), {}, set()
        try:
            for position, message in enumerate(messages):
                self._send(position, message)
            self._await_confirms()
        except BaseException:
            self.close()
            raise
        if self._waiting:
            self.close()
        return [
            UNROUTABLE if outcome == CONFIRMED and message.message_id in self._returned else outcome
            for message, outcome in zip(messages, self._outcomes, strict=True)
        ]

    def close(self) -> None:
        """Drop the connection; the next publish opens another."""
        connection, self.connection, self._channel = self.connection, None, None
        close_quietly(connection)

    def _open(self) -> None:
        if self.connection is not None and self._channel is not None and self._channel.is_open:
            return
        self.close()
        self.connection = open_connection(self._uri, self._heartbeat)
        self._channel = self.connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(lambda tag, multiple: self._settle(tag, multiple, CONFIRMED))
        self._channel.events["basic_nack"].add(lambda tag, multiple: self._settle(tag, multiple, REFUSED))
        self._channel.events["basic_return"].add(self._on_return)
        self._sent = 0

    def _send(self, position: int, message: Outgoing) -> None:
        self._sent += 1
        self._waiting[self._sent] = position
        content = Message(
            message.body,
            content_type=message.content_type,
            delivery_mode=PERSISTENT,
            message_id=message.message_id,
            type=message.kind,
            app_id=message.source,
            application_headers=dict(message.headers),
        )
        self._channel.basic_publish(
            content, exchange=message.exchange, routing_key=message.routing_key, mandatory=True, timeout=CONFIRM_SECONDS
        )

    def _await_confirms(self) -> None:
        over = time.monotonic() + CONFIRM_SECONDS
        while self._waiting and (left := over - time.monotonic()) > 0:
            try:
                self._channel.connection.drain_events(timeout=left)
            except TimeoutError:
                return

    def _settle(self, tag: int, multiple: bool, outcome: str) -> None:
        tags = [one for one in self._waiting if one <= tag] if multiple else [tag]
        for one in tags:
            position = self._waiting.pop(one, None)
            if position is not None:
                self._outcomes[position] = outcome

    def _on_return(self, _error: Exception, _exchange: str, _routing_key: str, message: Any) -> None:
        self._returned.add(message.properties.get("message_id", ""))
