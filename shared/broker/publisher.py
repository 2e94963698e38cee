"""Publish many messages with the confirms pipelined: send the window, then wait for the broker's word on each."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amqp import spec
from amqp.basic_message import Message
from eventlet.semaphore import Semaphore

from shared import logs
from shared.broker.buffering import take_in, written_together
from shared.broker.connection import (
    BROKER_ERRORS,
    CONFIRM_SECONDS,
    OPEN_SECONDS,
    HeldBack,
    close_quietly,
    open_connection,
    within,
)
from shared.broker.framing import address, frames, properties

if TYPE_CHECKING:
    from kombu import Connection

log = logs.get(__name__)
CONFIRMED, UNROUTABLE, REFUSED, UNKNOWN = "confirmed", "unroutable", "refused", "unknown"
PUBLISH = spec.Basic.Publish  # reserved, exchange, routing key, mandatory, immediate
A_MOMENT = 0.01  # seconds; what has arrived is read, nothing is waited for


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


def send(channel: Any, content: Message, exchange: str, routing_key: str) -> None:
    """Write a message and read nothing.

    `basic_publish` first takes in what the broker has sent. Where another green thread reads this connection, the two
    take parts of frames away from each other: deliveries vanish, and the acknowledgement of a later one covers them.
    """
    channel.send_method(PUBLISH, "Bssbb", (0, exchange, routing_key, False, False), content)


class Publisher:
    """One connection and channel in confirm mode; opened on first use, again after a failure.

    Several green threads may publish: one window at a time, because the broker's answers belong to a window.

    A broker that holds publishers back (`connection.blocked`: it is short of memory or disk) reads nothing more from
    this connection and would from no other. So the connection is kept until the broker goes on: it publishes then what
    was sent before, and each connection given up in between would add its window once more.
    """

    def __init__(self, uri: str, heartbeat: int) -> None:
        self._uri, self._heartbeat = uri, heartbeat
        self._turn = Semaphore(1)
        self._alive_at = 0.0
        self.held_back = False
        self.connection: Connection | None = None
        self._channel: Any = None
        self._sent = 0
        self._waiting: dict[int, int] = {}
        self._outcomes: list[str] = []
        self._returned: set[str] = set()

    def publish(self, messages: Sequence[Outgoing]) -> list[str]:
        """Publish the messages in order and return each one's outcome.

        Outcomes: confirmed, unroutable (nobody has a queue for it), refused (a queue is full), unknown (no answer in
        time). Raises one of BROKER_ERRORS when there is no connection to be had or the broker holds publishers back.
        """
        with self._turn:
            return self._publish(messages)

    def keep_alive(self) -> None:
        """Exchange heartbeats while there is nothing to publish, and notice a connection that is gone."""
        with self._turn:
            if self.connection is None:
                return
            try:
                self._look(A_MOMENT)
            except BROKER_ERRORS:
                self.close()

    def _publish(self, messages: Sequence[Outgoing]) -> list[str]:
        """Publish all on a connection that has proved itself; on a fresh one the broker's word on the first decides."""
        if not self._open():
            self._wait_while_held_back()
            return self._publish_window(messages)
        outcomes = self._publish_window(messages[:1])
        if UNKNOWN in outcomes:
            return [UNKNOWN] * len(messages)
        return outcomes + self._publish_window(messages[1:])

    def _wait_while_held_back(self) -> None:
        """Raise HeldBack where the broker takes nothing for as long as a confirm may take."""
        over = time.monotonic() + CONFIRM_SECONDS
        try:
            while self.held_back and (left := over - time.monotonic()) > 0:
                self._look(left)
        except BROKER_ERRORS:
            self.close()
            raise
        if self.held_back:
            raise HeldBack("the broker holds publishers back: it is short of memory or disk")

    def _look(self, seconds: float) -> None:
        """Take in what arrives, and notice a connection that is gone.

        The broker's heartbeats start each wait anew: one longer than half of theirs would never end.
        """
        connection: Any = self.connection
        with contextlib.suppress(TimeoutError):
            connection.drain_events(timeout=min(seconds, 1.0, self._heartbeat / 4 or 1.0))
            take_in(connection)
        connection.heartbeat_check()
        self._alive_at = time.monotonic()

    def _publish_window(self, messages: Sequence[Outgoing]) -> list[str]:
        self._outcomes, self._waiting, self._returned = [UNKNOWN] * len(messages), {}, set()
        try:
            with written_together(self.connection, CONFIRM_SECONDS):
                for position, message in enumerate(messages):
                    self._send(position, message)
            self._await_confirms()
        except BaseException:
            self.close()
            raise
        self._alive_at = time.monotonic()
        if self._waiting and not self.held_back:
            self.close()
        return [
            UNROUTABLE if outcome == CONFIRMED and message.message_id in self._returned else outcome
            for message, outcome in zip(messages, self._outcomes, strict=True)
        ]

    def close(self) -> None:
        """Drop the connection; the next publish opens another."""
        connection, self.connection, self._channel = self.connection, None, None
        self.held_back = False
        close_quietly(connection)

    def _open(self) -> bool:
        """Open a connection where there is none, or where the broker has closed the one that said nothing for long.

        Tell whether it is a fresh one.
        """
        silent = time.monotonic() - self._alive_at > self._heartbeat and not self.held_back
        if self.connection is not None and self._channel is not None and self._channel.is_open and not silent:
            return False
        self.close()
        with within(OPEN_SECONDS):
            self.connection = open_connection(self._uri, self._heartbeat)
            self._channel = self.connection.channel()
            self._channel.confirm_select()
        self.connection.connection.on_blocked = self._on_blocked
        self.connection.connection.on_unblocked = self._on_unblocked
        self._channel.events["basic_ack"].add(lambda tag, multiple: self._settle(tag, multiple, CONFIRMED))
        self._channel.events["basic_nack"].add(lambda tag, multiple: self._settle(tag, multiple, REFUSED))
        self._channel.events["basic_return"].add(self._on_return)
        self._sent = 0
        return True

    def _send(self, position: int, message: Outgoing) -> None:
        self._sent += 1
        self._waiting[self._sent] = position
        header = properties(
            content_type=message.content_type,
            headers=message.headers,
            message_id=message.message_id,
            kind=message.kind,
            source=message.source,
            size=len(message.body),
        )
        connection = self._channel.connection
        method = address(message.exchange, message.routing_key)
        connection.transport.write(frames(self._channel.channel_id, method, header, message.body, connection.frame_max))
        connection.bytes_sent += 1  # what tells the heartbeat that this side spoke

    def _await_confirms(self) -> None:
        over = time.monotonic() + CONFIRM_SECONDS
        while self._waiting and (left := over - time.monotonic()) > 0:
            self._look(left)

    def _settle(self, tag: int, multiple: bool, outcome: str) -> None:
        tags = [one for one in self._waiting if one <= tag] if multiple else [tag]
        for one in tags:
            position = self._waiting.pop(one, None)
            if position is not None:
                self._outcomes[position] = outcome

    def _on_return(self, _error: Exception, _exchange: str, _routing_key: str, message: Any) -> None:
        self._returned.add(message.properties.get("message_id", ""))

    def _on_blocked(self, _reason: str) -> None:
        log.warning("the broker holds publishers back; see its alarms for memory and disk")
        self.held_back = True

    def _on_unblocked(self) -> None:
        log.info("the broker takes what is published again")
        self.held_back = False
