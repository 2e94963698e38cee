"""Connections that notice a half-open network, never hang, and go to another server where one is away."""

import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from amqp.exceptions import AMQPError
from eventlet import Timeout
from kombu import Connection
from kombu.exceptions import KombuError

from shared.broker import tolerant
from shared.broker.buffering import read_ahead


class NoAnswerInTime(Exception):
    """The time that a caller gives the broker is over; no library takes it for an error of the network to try again."""


class HeldBack(Exception):
    """The broker is short of memory or disk: it takes nothing that is published, and what was sent to it waits."""


CONNECTION_ERRORS = (AMQPError, KombuError, OSError, socket.timeout)
BROKER_ERRORS = (*CONNECTION_ERRORS, NoAnswerInTime, HeldBack)
tolerant.install()
CONFIRM_SECONDS = 5.0
OPEN_SECONDS = 10.0  # to connect and get a channel ready; an answer that is longer away does not come
CONNECT_SECONDS = 5.0  # to connect to the last server there is to try
TRY_NEXT_SECONDS = 2.0  # to connect to one before it: the next may answer at once
FORGIVEN_SECONDS = 60.0  # until a server that did not answer is taken for as good as the others
_failed_at: dict[str, float] = {}  # by server, on the monotonic clock


def open_connection(uri: str, heartbeat: int) -> Connection:
    """Connect now, to one of the servers of `amqp://a;amqp://b`, or raise one of BROKER_ERRORS.

    Connections spread over the servers; one that did not answer a while ago is tried after the others.
    """
    servers = uri.split(";")
    since = time.monotonic() - FORGIVEN_SECONDS
    *others, last = sorted(random.sample(servers, len(servers)), key=lambda one: max(since, _failed_at.get(one, since)))
    for server in others:
        with suppress(*CONNECTION_ERRORS):
            return _connect(server, heartbeat, TRY_NEXT_SECONDS)
    return _connect(last, heartbeat, CONNECT_SECONDS)


def _connect(server: str, heartbeat: int, seconds: float) -> Connection:
    options = {"confirm_publish": False, "read_timeout": 2 * heartbeat, "write_timeout": 10}
    connection = Connection(server, heartbeat=heartbeat, connect_timeout=seconds, transport_options=options)
    try:
        connection.ensure_connection(max_retries=0)
    except BROKER_ERRORS:
        _failed_at[server] = time.monotonic()
        raise
    read_ahead(connection)
    return connection


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise NoAnswerInTime, one of BROKER_ERRORS, where the body waits longer for an answer that may never come."""
    with Timeout(seconds, NoAnswerInTime(f"the broker did not answer within {seconds:g} s")):
        yield


def close_quietly(connection: Connection | None) -> None:
    """Close a connection that may be dead already, without waiting for the other side."""
    if connection is None:
        return
    try:
        connection.collect(socket_timeout=0.2)
    except BROKER_ERRORS:
        return
