"""A consumer that owns its acknowledgements, reconnects by itself, and drains when asked to stop.

Draining: cancel at the broker, give back what has not begun, let what has begun end and acknowledge it, then close.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from kombu import Connection

from shared import logs
from shared.broker.buffering import take_in
from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection, within
from shared.errors import LinliError

log = logs.get(__name__)
SLOWEST_RECONNECT = 5.0  # seconds
GOODBYE_SECONDS = 2.0
PREPARE_SECONDS = 12.0  # to connect and declare; 0.2 s are usual, and /livez forgives no 15 s of silence


@dataclass(kw_only=True)
class Tap:
    """One queue being consumed: what has arrived and not begun, and how many are in work.

    On an ordered queue one consumer at a time is active. What it gives back must not meet what it still holds, nor what
    the next one takes; so it gives back by closing its channel, once nothing is in work.
    """

    queue: str
    prefetch: int
    ordered: bool = False
    opened: int = 0  # channels so far
    active: bool = False  # the present channel has been given something
    leaving: bool = False  # the channel is to be closed; the next one waits at the end of the line
    arrived: "deque[Any]" = field(default_factory=deque)
    in_work: int = 0
    channel: Any = None
    signal: Signal = field(default_factory=Signal)

    def wake(self) -> None:
        """Tell whoever waits for messages that something changed."""
        if not self.signal.ready():
            self.signal.send()

    def wait(self, seconds: float) -> None:
        """Wait until something has arrived, the consumer stops, or the time is over."""
        if self.arrived:
            return
        self.signal = Signal()
        self.signal.wait(timeout=seconds)

    def take(self, most: int) -> list[Any]:
        """Take the messages that have arrived, oldest first; they count as in work until settled."""
        taken = [self.arrived.popleft() for _ in range(min(most, len(self.arrived)))]
        self.in_work += len(taken)
        return taken

    def acknowledge(self, messages: list[Any]) -> None:
        """Acknowledge messages in work; on a lost connection the broker delivers them again."""
        self.in_work -= len(messages)
        by_channel: dict[int, list[Any]] = {}
        for message in messages:
            by_channel.setdefault(id(message.channel), []).append(message)
        for group in by_channel.values():
            _on_channel(group[-1], partial(_ack, multiple=len(group) > 1))

    def give_back(self, messages: list[Any]) -> None:
        """Return messages in work to the queue."""
        self.in_work -= len(messages)
        if self.ordered:
            self.leave()
        else:
            _requeue(messages)

    def leave(self) -> None:
        """Begin nothing more of an ordered queue; its channel is closed as soon as nothing is in work."""
        self.leaving = True
        self.arrived.clear()


def _ack(message: Any, *, multiple: bool) -> None:
    """A batch is all that is in work on its channel, so its last tag settles it whole."""
    message.channel.basic_ack(message.delivery_tag, multiple=multiple)


def _on_channel(message: Any, action: Callable[[Any], None]) -> None:
    try:
        if message.channel.connection is not None:
            action(message)
    except BROKER_ERRORS as error:
        log.info("lost the connection before settling", error=type(error).__name__)


def _requeue(messages: list[Any]) -> None:
    for message in messages:
        _on_channel(message, lambda one: one.channel.basic_reject(one.delivery_tag, requeue=True))


class Consumption:
    """The consuming connection of a process with all its taps."""

    def __init__(self, uri: str, heartbeat: int, prepare: Callable[[Connection, set[str]], None]) -> None:
        self._uri, self._heartbeat, self._prepare = uri, heartbeat, prepare
        self.taps: list[Tap] = []
        self.draining = False
        self.closing = False
        self.connected = False
        self.beat = time.monotonic()
        self.cancelled: set[str] = set()  # queues that were deleted while we consumed them
        self.chores: list[Callable[[Connection], None]] = []  # quick work of whoever reads the connection
        self._connection: Connection | None = None
        self._lost = False

    def run(self) -> None:
        """Consume until closed; every loss of the connection is followed by another try."""
        self.beat, pause = time.monotonic(), 0.1
        while not self.draining:
            try:
                connection = self._connect()
                pause = 0.1
                self._drain_events(connection)
                self._say_goodbye()
            except (*BROKER_ERRORS, LinliError) as error:
                log.warning("broker connection lost", error=f"{type(error).__name__}: {error}", again_in=pause)
            finally:
                self._forget_connection()
            if not self.draining:
                self.beat = time.monotonic()
                eventlet.sleep(pause)
                pause = min(SLOWEST_RECONNECT, pause * 2)

    def drain(self, seconds: float) -> bool:
        """Stop taking messages and wait for those in work; tell whether all ended in time."""
        self.draining = True
        self._cancel()
        over = time.monotonic() + seconds
        while any(tap.in_work for tap in self.taps) and time.monotonic() < over:
            eventlet.sleep(0.01)
        return not any(tap.in_work for tap in self.taps)

    def close(self) -> None:
        """Let `run` close the connection and end."""
        self.draining = self.closing = True

    def _say_goodbye(self) -> None:
        """Close each channel; the broker answers once it has taken in every acknowledgement before."""
        with within(GOODBYE_SECONDS):
            for tap in self.taps:
                tap.channel.close()

    def _connect(self) -> Connection:
        self._lost = False
        with within(PREPARE_SECONDS):
            self._connection = connection = open_connection(self._uri, self._heartbeat)
            self._prepare(connection, self.cancelled)
            self.cancelled.clear()
            for tap in self.taps:
                self._open(connection, tap)
        self.connected = True
        return connection

    def _open(self, connection: Connection, tap: Tap) -> None:
        """Start consuming a queue on a channel of its own."""
        tap.arrived.clear()
        tap.opened, tap.active, tap.leaving = tap.opened + 1, False, False
        tap.channel = connection.channel()
        tap.channel.basic_qos(0, tap.prefetch, False)
        tap.channel.auto_decode = False  # bytes stay bytes: what cannot be decoded is parked, not lost in the client

        def on_message(message: Any) -> None:
            if tap.leaving:
                return
            if self.draining:
                _requeue([message])
                return
            tap.active = True
            tap.arrived.append(message)
            tap.wake()

        tap.channel.basic_consume(tap.queue, callback=on_message, on_cancel=partial(self._on_cancelled, tap))

    def _on_cancelled(self, tap: Tap, _consumer_tag: str) -> None:
        """The broker cancelled us: the queue was deleted; connect again, which declares it again."""
        log.warning("queue is gone, declaring it again", queue=tap.queue)
        self.cancelled.add(tap.queue)
        self._lost = True

    def _drain_events(self, connection: Connection) -> None:
        """Take in what the broker sends, until the connection is lost or has to be closed.

        The broker's heartbeats start each wait anew: one longer than half of theirs would never end to send our own.
        """
        while not self._lost and not self.closing:
            soon = self.draining or (self.chores and any(tap.leaving for tap in self.taps))
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=0.1 if soon else min(1.0, self._heartbeat / 4 or 1.0))
                take_in(connection)
            connection.heartbeat_check()
            self.beat = time.monotonic()
            for chore in self.chores:
                chore(connection)
            if soon:
                self._let_go(connection)

    def _let_go(self, connection: Connection) -> None:
        """Close the channels of ordered queues that are to be left, and wait in line again unless the process stops."""
        for tap in self.taps:
            if tap.leaving and not tap.in_work and tap.channel.is_open:
                with within(PREPARE_SECONDS):
                    tap.channel.close()
                    if not self.draining:
                        self._open(connection, tap)

    def _cancel(self) -> None:
        """Cancel at the broker and give back what has not begun."""
        for tap in self.taps:
            if tap.ordered:
                tap.leave()
                tap.wake()
                continue
            waiting, tap.arrived = list(tap.arrived), deque()
            try:
                if tap.channel is not None and tap.channel.is_open:
                    for tag in list(tap.channel.callbacks):
                        tap.channel.basic_cancel(tag, nowait=True)
            except BROKER_ERRORS as error:
                log.info("lost the connection before cancelling", error=type(error).__name__)
            _requeue(waiting)
            tap.wake()

    def _forget_connection(self) -> None:
        """Forget what arrived and has not begun: the broker delivers it again."""
        self.connected = False
        if self._connection is not None:
            close_quietly(self._connection)
            self._connection = None
        for tap in self.taps:
            tap.arrived.clear()
