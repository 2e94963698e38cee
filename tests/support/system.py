"""The whole system of one test: its place on the servers, its processes, its clock, its recorder."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pymongo
import requests
from nameko.standalone.events import event_dispatcher
from nameko.standalone.rpc import ClusterRpcProxy

from shared.clock import COMMUNITY_TIME, set_test_clock
from tests.support.bus import Recorder
from tests.support.eventually import eventually
from tests.support.processes import ROOT, Process, free_port
from tests.support.servers import Place

T0 = datetime(2025, 3, 3, 9, 0, tzinfo=COMMUNITY_TIME)
GRACE = 3.0  # seconds
SERVICES = ("issues", "volunteer", "enrollment", "notify")


class System:
    """Starts services, calls them, and looks at what they did."""

    def __init__(
        self, place: Place, folder: Path, *, clock: datetime | None = None, services: tuple[str, ...] = SERVICES
    ) -> None:
        self.place, self.folder = place, folder
        self.processes: list[Process] = []
        self.settings: dict[str, str] = {}
        self.client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(place.mongodb_uri, tz_aware=True)
        self.now = clock
        self.gateway = ""
        self._gateway: subprocess.Popen[bytes] | None = None
        self._clock_file = folder / "clock"
        if clock is not None:
            self.move_clock(clock)
        self.recorder = Recorder(place.amqp_uri, services)

    # -- processes

    def start(
        self, service: str, *, replicas: int = 1, target: str | None = None, wait: bool = True, **env: str
    ) -> list[Process]:
        """Start replicas of a service."""
        target = target or f"services.{service}.service:{service.title()}Service"
        base = {
            "AMQP_URI": self.place.amqp_uri,
            "MONGODB_URI": self.place.mongodb_uri,
            "DATABASE_PREFIX": self.place.prefix,
        }
        clock = {"CLOCK_FILE": str(self._clock_file)} if self.now is not None else {}
        fresh = [
            Process.start(
                service, target, {**base, **clock, **self.settings, **env}, self.folder, len(self.processes) + n
            )
            for n in range(replicas)
        ]
        self.processes += fresh
        if wait:
            for process in fresh:
                process.wait_ready()
        return fresh

    def start_all(self, **replicas: int) -> None:
        """Start the four services, with these numbers of replicas where not one."""
        for service in SERVICES:
            self.start(service, replicas=replicas.get(service, 1), wait=False)
        for process in self.processes:
            process.wait_ready()

    def start_gateway(self) -> None:
        """Start the stand-in for the providers of WeChat and SMS, and point the services to it."""
        port = free_port()
        self.gateway = f"http://127.0.0.1:{port}"
        command = [
            sys.executable,
            "-m",
            "deploy.local.gateway",
            "--port",
            str(port),
            "--file",
            str(self.folder / "gateway.jsonl"),
        ]
        self._gateway = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.settings["GATEWAY_URL"] = self.gateway
        eventually(self._gateway_answers)

    def _gateway_answers(self) -> bool:
        try:
            return bool(requests.get(f"{self.gateway}/messages", timeout=2).status_code == requests.codes.ok)
        except requests.RequestException:
            return False

    def messages(self, to: str) -> list[str]:
        """Return the texts a person received, oldest first, as the provider has them."""
        answer = requests.get(f"{self.gateway}/messages", params={"to": to}, timeout=5)
        return [message["text"] for message in answer.json()]

    def of(self, service: str) -> list[Process]:
        """Return the living replicas of a service."""
        return [process for process in self.processes if process.service == service and process.alive]

    def stop(self) -> None:
        """End everything this system started; what is killed in a transaction keeps its locks, so first ask."""
        for process in self.processes:
            process.signal(signal.SIGTERM)
        over = time.monotonic() + GRACE
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.popen.wait(max(0.01, over - time.monotonic()))
            process.kill()
        if self._gateway is not None:
            self._gateway.kill()
            self._gateway.wait(10)
        self.recorder.stop()
        self.client.close()

    # -- calls and looks

    @contextlib.contextmanager
    def rpc(self, timeout: float = 20.0) -> Iterator[Any]:
        """Give a stock nameko proxy to the services."""
        with ClusterRpcProxy({"AMQP_URI": self.place.amqp_uri}, timeout=timeout) as proxy:
            yield proxy

    def call(self, service: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call one method on a connection of its own."""
        with self.rpc() as proxy:
            return getattr(getattr(proxy, service), method)(*args, **kwargs)

    def dispatch(self, source: str, kind: str, data: Any) -> None:
        """Publish as `n.dispatch_event` does in the nameko shell."""
        event_dispatcher({"AMQP_URI": self.place.amqp_uri})(source, kind, data)

    def database(self, service: str) -> Any:
        """Look into a service's database."""
        return self.client[f"{self.place.prefix}{service}"]

    def move_clock(self, to: datetime | timedelta) -> datetime:
        """Move the clock of all processes to a moment, or on by a span."""
        self.now = to if isinstance(to, datetime) else (self.now or T0) + to
        set_test_clock(self._clock_file, self.now)
        return self.now

    def settled(self, *, seconds: float = 30.0) -> None:
        """Wait until nothing is on its way: no outbox waits and no queue holds a message."""
        eventually(self._is_settled, seconds=seconds)

    def _is_settled(self) -> bool:
        running = {process.service for process in self.processes if process.alive}
        if any(self.database(service).outbox.find_one({"pending": True}) for service in running):
            return False
        queues = self.place.api("GET", f"queues/{self.place.vhost}?disable_stats=true&enable_queue_totals=true")
        watched = [
            queue for queue in queues if queue["name"].split(".")[0] in running and ".retry." not in queue["name"]
        ]
        return all(queue.get("messages", 0) == 0 for queue in watched)

    def parked(self) -> list[dict[str, Any]]:
        """Return everything that is parked in any service."""
        found = []
        for service in {process.service for process in self.processes}:
            found += list(self.database(service).parked.find({"state": "parked"}, {"raw": 0}))
        return found
