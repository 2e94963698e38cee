"""A bad network: a TCP proxy that passes, stalls, refuses, resets, delays or slows what goes through it.

`stall` is a half-open network: connections stay open, new ones are taken, and nothing arrives any more on either side.
"""

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65536  # bytes
LOOK_EVERY = 0.1  # seconds between two looks at whether a link was cut
ABORT = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset instead of an orderly end


@dataclass(kw_only=True, eq=False)
class Link:
    """One connection through the proxy."""

    ends: tuple[socket.socket, socket.socket]
    flowing: threading.Event = field(default_factory=threading.Event)
    cut: bool = False

    def reset(self) -> None:
        """Cut the connection as a crashed peer does."""
        self.cut = True
        self.flowing.set()
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            end.close()


class Proxy:
    """Stands between a client and one server."""

    def __init__(self, uri: str) -> None:
        """Stand before the server of this URI."""
        self._uri = urlsplit(uri)
        self._target = (self._uri.hostname or "127.0.0.1", self._uri.port or 0)
        self._links: list[Link] = []
        self._lock = threading.Lock()
        self._stall_new = self._stall_all = False
        self._latency = 0.0
        self._each_second = 0  # bytes; 0: as many as come
        self._listener = self._listen(0)
        self._port = int(self._listener.getsockname()[1])

    @property
    def uri(self) -> str:
        """The server's URI with this proxy in its place; MongoDB behind it is asked directly, not as a replica set."""
        user = self._uri.netloc.rpartition("@")[0]
        place = f"{user}@127.0.0.1:{self._port}" if user else f"127.0.0.1:{self._port}"
        query = "directConnection=true" if self._uri.scheme == "mongodb" else self._uri.query
        return urlunsplit(self._uri._replace(netloc=place, query=query))

    # -- modes

    def flow(self) -> None:
        """Let everything through, also what was held back."""
        with self._lock:
            self._stall_new = self._stall_all = False
            self._latency, self._each_second = 0.0, 0
            if self._listener.fileno() < 0:
                self._listener = self._listen(self._port)
            for link in self._links:
                link.flowing.set()

    def stall(self, *, new_only: bool = False, old_only: bool = False) -> None:
        """Hold everything back, or only what goes over connections opened from now on, or over those that are open."""
        with self._lock:
            self._stall_new, self._stall_all = not old_only, not new_only
            for link in self._links if not new_only else ():
                link.flowing.clear()

    def refuse(self) -> None:
        """Take no connection and cut those that are open: the server is away."""
        self._close_listener()
        self.reset()

    def reset(self) -> None:
        """Cut every open connection."""
        with self._lock:
            links, self._links = self._links, []
        for link in links:
            link.reset()

    def delay(self, seconds: float) -> None:
        """Add this much to every packet."""
        self._latency = seconds

    def limit(self, each_second: int) -> None:
        """Carry at most so many bytes a second, on each connection and in each direction."""
        self._each_second = each_second

    def close(self) -> None:
        """End the proxy."""
        self.refuse()

    # -- traffic

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=200)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _close_listener(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                client.close()
                continue
            self._join(Link(ends=(client, server)))

    def _join(self, link: Link) -> None:
        for end in link.ends:
            end.settimeout(LOOK_EVERY)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            if not self._stall_new:
                link.flowing.set()
            self._links.append(link)
        for source, sink in (link.ends, link.ends[::-1]):
            threading.Thread(target=self._pump, args=(link, source, sink), daemon=True).start()

    def _pump(self, link: Link, source: socket.socket, sink: socket.socket) -> None:
        """Carry one direction until the link is cut or an end closes."""
        with contextlib.suppress(OSError):
            while not link.cut:
                try:
                    data = source.recv(CHUNK)
                except TimeoutError:
                    continue
                link.flowing.wait()
                if self._latency or self._each_second:
                    time.sleep(self._latency + self._takes(data))  # the slowness itself
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                _send(link, sink, data)
        self._forget(link)

    def _takes(self, data: bytes) -> float:
        each_second = self._each_second
        return len(data) / each_second if each_second else 0.0

    def _forget(self, link: Link) -> None:
        with self._lock:
            if link in self._links:
                self._links.remove(link)
        link.reset()


def _send(link: Link, sink: socket.socket, data: bytes) -> None:
    """Send all of it, however slowly the sink takes it."""
    view = memoryview(data)
    while view and not link.cut:
        with contextlib.suppress(TimeoutError):
            view = view[sink.send(view) :]
