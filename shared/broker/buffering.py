"""Fewer system calls: read ahead of what is asked for, and send many frames in one write.

py-amqp reads each frame with three calls and writes each message with one. What is written here is sent before the body
ends, whole and in order, or the body raises.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kombu import Connection

AHEAD = 64 * 1024  # bytes; some 100 messages
Frame = tuple[int, int, bytes]  # kind, channel, payload
FRAME = struct.Struct(">BHI")  # kind, channel, size of the payload
END = 0xCE
WRITE_AT_ONCE = 64 * 1024  # bytes; the broker works on these while the next are being put together


class ReadAhead:
    """Takes what has arrived in one call and hands out as much as is asked for.

    The rest is kept here, not in py-amqp's own buffer: a reader that comes in between may delay it and not lose it.
    """

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive, self._held, self._taken = receive, b"", 0

    def __call__(self, size: int) -> bytes:
        """Return at most so many bytes, none when the other side has closed."""
        if self._taken == len(self._held):
            fresh = self._receive(max(size, AHEAD))
            self._held, self._taken = self._held[self._taken :] + fresh, 0
        part = self._held[self._taken : self._taken + size]
        self._taken += len(part)
        return part

    def frames(self) -> Iterator[Frame]:
        """Take out the frames that are held whole; one in parts, or broken, is left to py-amqp."""
        while True:
            start = self._taken + FRAME.size
            if start > len(self._held):
                return
            kind, channel, size = FRAME.unpack_from(self._held, self._taken)
            end = start + size
            if end >= len(self._held) or self._held[end] != END:
                return
            payload = self._held[start:end]
            self._taken = end + 1
            yield kind, channel, payload


def take_in(connection: Connection | None) -> None:
    """Handle every frame that has been read ahead, without asking the socket or setting its timeout for each."""
    inner = connection and connection.connection
    if not inner or inner.transport is None or inner.transport._read_buffer:  # noqa: SLF001 -- what py-amqp has begun to read comes first
        return
    for frame in inner.transport._quick_recv.frames():  # noqa: SLF001 -- as `read_ahead` left it
        inner.on_inbound_frame(frame)


def read_ahead(connection: Connection) -> None:
    """Read what has arrived on the connection in few calls."""
    transport = connection.connection.transport
    transport._quick_recv = ReadAhead(transport._quick_recv)  # noqa: SLF001 -- the one place where py-amqp asks its socket


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
