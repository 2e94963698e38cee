"""Fewer system calls: read ahead of what is asked for, and send many frames in one write.

py-amqp reads each frame with three calls and writes each message with one. What is read beyond a frame stays in its own
read buffer; what is written here is sent before the body ends, whole and in order, or the body raises.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kombu import Connection

READ_AHEAD = 8 * 1024  # bytes; some 15 messages
WRITE_AT_ONCE = 64 * 1024  # bytes; the broker works on these while the next are being put together


def read_ahead(connection: Connection) -> None:
    """Take what has arrived in one call."""
    transport = connection.connection.transport
    receive = transport._quick_recv  # noqa: SLF001 -- the one place where py-amqp asks its socket
    transport._quick_recv = lambda size: receive(max(size, READ_AHEAD))  # noqa: SLF001 -- see above


@contextmanager
def written_together(connection: Connection, seconds: float) -> Iterator[None]:
    """Send what the body writes in few calls; raises TimeoutError where the broker takes nothing for so long."""
    transport = connection.connection.transport
    write, waiting = transport._write, bytearray()  # noqa: SLF001 -- the one place where py-amqp uses its socket

    def gather(frame: Any) -> None:
        waiting.extend(frame)
        if len(waiting) >= WRITE_AT_ONCE:
            send()

    def send() -> None:
        write(bytes(waiting))
        waiting.clear()

    with transport.having_timeout(seconds):
        transport._write = gather  # noqa: SLF001 -- see above
        try:
            yield
            send()
        finally:
            transport._write = write  # noqa: SLF001 -- see above
