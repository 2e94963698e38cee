"""Connections that notice a half-open network and never hang."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from amqp.exceptions import AMQPError
from eventlet import Timeout
from kombu import Connection
from kombu.exceptions import KombuError

from shared.broker import tolerant
from shared.broker.buffering import read_ahead

BROKER_ERRORS = (AMQPError, KombuError, OSError, socket.timeout)
tolerant.install()
CONFIRM_SECONDS = 5.0
OPEN_SECONDS = 10.0  # to connect and get a channel ready; an answer that is longer away does not come


def open_connection(uri: str, heartbeat: int) -> Connection:
    """Connect now or raise one of BROKER_ERRORS within five seconds."""
    connection = Connection(
        uri,
        heartbeat=heartbeat,
        connect_timeout=5,
        transport_options={"confirm_publish": False, "read_timeout": 2 * heartbeat, "write_timeout": 10},
    )
    connection.ensure_connection(max_retries=1, timeout=5)
    read_ahead(connection)
    return connection


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError, one of BROKER_ERRORS, where the body waits longer for an answer that may never come."""
    with Timeout(seconds, TimeoutError(f"the broker did not answer within {seconds:g} s")):
        yield


def close_quietly(connection: Connection | None) -> None:
    """Close a connection that may be dead already, without waiting for the other side."""
    if connection is None:
        return
    try:
        connection.collect(socket_timeout=0.2)
    except BROKER_ERRORS:
        return
