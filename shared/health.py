"""`/livez`, `/readyz` and `/metrics` on a port of their own, answered whatever the workers are doing."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import pymongo
from eventlet import wsgi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError

from shared import clock, logs, metrics
from shared.broker import topology
from shared.broker.connection import BROKER_ERRORS, close_quietly, open_connection, within

log = logs.get(__name__)
OLDEST_OUTBOX = 60.0  # seconds
ASK_BROKER_EVERY = 1.0  # seconds
PATIENCE = 2.0  # seconds for each server; whoever asks for health does not wait long


class HealthServer:
    """Answers for one process."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._listener: Any = None
        self._green_thread: Any = None
        self._asked_at = 0.0
        self._broker_problems: list[str] = []

    def start(self, address: str) -> None:
        """Listen on host:port."""
        host, _, port = address.rpartition(":")
        self._listener = eventlet.listen((host, int(port)))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._green_thread = eventlet.spawn(
            wsgi.server, self._listener, self.application, log_output=False, keepalive=False
        )

    def stop(self) -> None:
        """Stop listening."""
        if self._green_thread is not None:
            self._green_thread.kill()
            self._listener.close()

    def application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "/")
        if path == "/metrics":
            self._measure()
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        checks = {"/livez": self.life_problems, "/readyz": self.readiness_problems}
        if path not in checks:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"there are /livez, /readyz and /metrics\n"]
        problems = checks[path]()
        start_response("503 Service Unavailable" if problems else "200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"ok": not problems, "problems": problems}).encode() + b"\n"]

    def life_problems(self) -> list[str]:
        """Say which loop of this process has stopped; a restart would help."""
        stalled = [f"{entry.method_name} is stalled" for entry in self._subscriptions() if entry.stalled]
        return self._silent_loops() + stalled

    def _silent_loops(self) -> list[str]:
        """Say which loop gave no sign of life for too long; at the start, none has begun, and waiting is no fault."""
        if not self._runtime.ready:
            return []
        beats = {"consumer": self._runtime.consumption.beat, "calls": self._runtime.calls.beat}
        if self._runtime.settings.relay:
            beats["relay"] = self._runtime.relay.beat
        since = time.monotonic() - self._runtime.settings.silence_seconds
        return [f"{name} loop is silent" for name, beat in beats.items() if beat < since]

    def readiness_problems(self) -> list[str]:
        """Say why no work should be expected of this process now; waiting may help."""
        if not self._runtime.ready:
            return ["starting"]
        if self._runtime.consumption.draining:
            return ["stopping"]
        held_back = ["broker: takes nothing that is published"] if self._runtime.relay.held_back else []
        return self.life_problems() + self._database_problems() + self._ask_broker() + held_back

    def _database_problems(self) -> list[str]:
        try:
            age = self._measure_outbox()
        except PyMongoError as error:
            return [f"database: {type(error).__name__}"]
        return [f"outbox waits for {age:.0f} s"] if age > OLDEST_OUTBOX else []

    def _subscriptions(self) -> list[Any]:
        return [entry for entry in self._runtime.container.entrypoints if hasattr(entry, "stalled")]

    def _measure(self) -> None:
        """Set the gauges that nothing moves in passing; while the database is away, the others are still told."""
        stalled: dict[str, bool] = {}
        for entry in self._subscriptions():
            stalled[entry.method_name] = entry.stalled or stalled.get(entry.method_name, False)
        for handler, value in stalled.items():
            metrics.STALLED.labels(self._runtime.store.service, handler).set(int(value))
        with contextlib.suppress(PyMongoError):
            self._measure_outbox()

    def _measure_outbox(self) -> float:
        """Return the age of the oldest unsent event in seconds."""
        store = self._runtime.store
        with pymongo.timeout(PATIENCE):
            age = float(store.oldest_unsent(clock.now()))
        metrics.OUTBOX_AGE.labels(store.service).set(age)
        return age

    def _ask_broker(self) -> list[str]:
        """Ask the broker whether it sees a consumer on each of our queues; a connected socket proves nothing."""
        if time.monotonic() - self._asked_at < ASK_BROKER_EVERY:
            return self._broker_problems
        self._broker_problems = self._missing_consumers()
        self._asked_at = time.monotonic()
        return self._broker_problems

    def _missing_consumers(self) -> list[str]:
        connection = None
        try:
            with within(PATIENCE):
                connection = open_connection(self._runtime.settings.amqp_uri, 0)
                seen = {queue: topology.depth(connection, queue) for queue in self._runtime.queues}
        except BROKER_ERRORS as error:
            return [f"broker: {type(error).__name__}"]
        finally:
            close_quietly(connection)
        alone = [f"no consumer on {queue}" for queue, answer in seen.items() if answer is None or answer[1] == 0]
        return [*self._runtime.declarations.problems, *alone]
