"""Connections that notice a half-open network and never hang."""

import socket

from amqp.exceptions import AMQPError
from kombu import Connection
from kombu.exceptions import KombuError

BROKER_ERRORS = (AMQPError, KombuError, OSError, socket.timeout)
CONFIRM_SECONDS = 5.0


def open_connection(uri: str, heartbeat: int) -> Connection:
    """Connect now or raise one of BROKER_ERRORS within five seconds."""
    connection = Connection(
        uri,
        heartbeat=heartbeat,
        connect_timeout=5,
        transport_options={"confirm_publish": False, "read_timeout": 2 * heartbeat, "write_timeout": 10},
    )
    connection.ensure_connection(max_retries=1, timeout=5)
    return connection


def close_quietly(connection: Connection | None) -> None:
    """Close a connection that may be dead already, without waiting for the other side."""
    if connection is None:
        return
    try:
        connection.collect(socket_timeout=0.2)
    except BROKER_ERRORS:
        return
