"""A fresh virtual host and fresh databases for one measurement, and the processes that run in it."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pymongo
from kombu import Connection, Exchange, Queue

from benchmarks import usage
from deploy.local import venv
from shared.broker import publisher, topology
from shared.broker.publisher import Outgoing, Publisher
from tests.support.eventually import eventually
from tests.support.processes import ROOT, Process, free_port
from tests.support.servers import Place

if TYPE_CHECKING:
    from pymongo.database import Database

PATIENCE = 300.0  # seconds until a measurement is given up
OURS, THEIRS = Path(sys.executable).parent, venv.BENCH / "bin"  # where our programs and the peers' are
PEERS = "peers"  # the database that every peer writes to
LOOK_EVERY = 0.02  # seconds between two questions to a server that is being measured
PUBLISH_AT_ONCE = 1000  # unconfirmed messages while a queue is filled


@dataclass(kw_only=True)
class Ground:
    """Where one measurement takes place."""

    place: Place
    folder: Path
    client: "pymongo.MongoClient[dict[str, Any]]"
    processes: list[Process] = field(default_factory=list)
    others: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.env |= {
            "AMQP_URI": self.place.amqp_uri,
            "MONGODB_URI": self.place.mongodb_uri,
            "DATABASE_PREFIX": self.place.prefix,
            "DATABASE": f"{self.place.prefix}{PEERS}",
        }

    def database(self, service: str) -> "Database[dict[str, Any]]":
        """Return the database of a service, or of the peers."""
        return self.client[f"{self.place.prefix}{service}"]

    def servers(self) -> dict[str, psutil.Process]:
        """Return the processes of broker and database, as far as they run here."""
        return usage.servers(self.place.management_uri, int(self.client.admin.command("serverStatus")["pid"]))

    def pending(self, service: str) -> bool:
        """Tell whether a fact of the service waits for the broker's confirm."""
        return self.database(service)["outbox"].find_one({"pending": True}, {"_id": 1}) is not None

    # -- processes

    def launch(self, name: str, command: Sequence[str], **env: str) -> Process:
        """Start a program as an operator does, without waiting for it."""
        address, log = f"127.0.0.1:{free_port()}", self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                command, cwd=ROOT, env={**self.surroundings, "HTTP_ADDRESS": address, **env}, stdout=out, stderr=out
            )
        process = Process(service=name, popen=popen, address=address, log=log)
        self.processes.append(process)
        return process

    def start(self, target: str, *, config: str = "deploy/nameko.yaml", **env: str) -> Process:
        """Start a nameko service."""
        return self.launch(target, [f"{OURS}/nameko", "run", "--config", config, target], **env)

    def start_service(self, service: str, **env: str) -> Process:
        """Start one of the four services."""
        return self.start(f"services.{service}.service:{service.title()}Service", **env)

    def start_stock(self, name: str) -> Process:
        """Start a stock nameko service."""
        return self.start(f"benchmarks.peers.on_nameko:{name}", config="benchmarks/peers/nameko.yaml")

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment of every process on this ground."""
        path = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        return {**os.environ, **path, **self.env}

    def check_alive(self) -> None:
        """Raise AssertionError with the end of its log if a process has ended."""
        for process in self.processes:
            assert process.alive, f"{process.service} ended: {process.log.read_text(errors='replace')[-2000:]}"

    def end(self) -> None:
        """Kill every process and what it started."""
        for process in self.processes:
            family = usage.tree(process) if process.alive else []
            process.kill()
            for member in family[1:]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()
        for other in self.others:
            other.kill()
            other.wait()

    def start_gateway(self) -> Callable[[], int]:
        """Start the stand-in for the providers, point services to it, and return how many bytes of messages it has."""
        port, file = free_port(), self.folder / "gateway.jsonl"
        command = [sys.executable, "-m", "deploy.local.gateway", "--port", str(port), "--file", str(file)]
        self.others.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        self.env["GATEWAY_URL"] = f"http://127.0.0.1:{port}"
        return lambda: file.stat().st_size if file.exists() else 0

    # -- the broker

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        """Connect to the broker."""
        with Connection(self.place.amqp_uri) as connection:
            yield connection

    def declare_service(self, service: str) -> None:
        """Declare what the service and the consumers of its facts need, as the service itself would."""
        manifest = topology.Manifest.read("deploy/topology.json")
        own = [one for one in manifest.subscriptions if one.service == service]
        with self.connection() as connection:
            topology.declare(connection, service, [*own, *manifest.consumers_of(service)])

    def declare_stock_queue(self, source: str, kind: str, handler: str) -> str:
        """Declare the queue of a stock event handler, as nameko would."""
        name = f"evt-{source}-{kind}--{handler}"
        with self.connection() as connection:
            exchange = Exchange(f"{source}.events", type="topic", durable=True)
            Queue(name, exchange=exchange, routing_key=kind, durable=True)(connection.channel()).declare()
        return name

    @contextlib.contextmanager
    def sender(self) -> Iterator[Publisher]:
        """Open a publisher with confirms."""
        sender = Publisher(self.place.amqp_uri, 0)
        try:
            yield sender
        finally:
            sender.close()

    def publish(self, messages: Sequence[Outgoing], sender: Publisher) -> None:
        """Publish and make sure that the broker has every message."""
        for start in range(0, len(messages), PUBLISH_AT_ONCE):
            outcomes = sender.publish(messages[start : start + PUBLISH_AT_ONCE])
            assert set(outcomes) == {publisher.CONFIRMED}, f"the queue was not filled: {set(outcomes)}"

    def consumers(self, queue: str) -> int:
        """Return how many consumers the broker sees on a queue."""
        with self.connection() as connection:
            answer = topology.depth(connection, queue)
        return answer[1] if answer else 0

    def await_consumer(self, queue: str) -> None:
        """Wait until somebody consumes the queue, which is as ready as stock nameko gets."""

        def consumed() -> bool:
            self.check_alive()
            return self.consumers(queue) > 0

        eventually(consumed, seconds=PATIENCE, every=LOOK_EVERY)


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Make a ground, and end and remove everything on it afterwards."""
    place = Place.make()
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(place.mongodb_uri, tz_aware=True, w="majority")
    with tempfile.TemporaryDirectory() as folder:
        made = Ground(place=place, folder=Path(folder), client=client)
        try:
            yield made
        finally:
            made.end()
            client.close()
            place.remove()
