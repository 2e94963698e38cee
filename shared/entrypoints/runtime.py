"""Everything a service process owns besides its rules: database, broker connections, relay, clock, health."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from kombu import Connection
from nameko.extensions import SharedExtension

from shared import clock, logs, metrics
from shared.broker import topology
from shared.broker.connection import BROKER_ERRORS, OPEN_SECONDS, close_quietly, open_connection, within
from shared.broker.consumer import Consumption, Tap
from shared.broker.publisher import Publisher
from shared.broker.topology import Manifest, Subscription
from shared.calls import Caller
from shared.config import settings
from shared.errors import LinliError
from shared.health import HealthServer
from shared.mongo import Store, translated
from shared.relay import Relay
from shared.resending import ask_again
from shared.timers import Ticker

log = logs.get(__name__)


class Runtime(SharedExtension):
    """Built once per process; entrypoints register with it, and it starts and stops all of it in order."""

    def __init__(self) -> None:
        super().__init__()
        self.subscriptions: list[Subscription] = []
        self.ready = False
        self._drained: Any = None
        self._building = Semaphore(1)
        self._built = False

    def setup(self) -> None:
        """Build the parts once; nothing here talks to a server, so nothing here can fail for one."""
        with self._building:
            if not self._built:
                self._build()
                self._built = True

    def _build(self) -> None:
        self.settings = settings()
        service = self.container.service_name
        logs.configure(service, self.settings.log_level)
        self.manifest = Manifest.read(self.settings.topology_file)
        self.store = Store(service, self.settings)
        self.caller = Caller(store=self.store)
        self.consumption = Consumption(self.settings.amqp_uri, self.settings.heartbeat_seconds, self._prepare)
        self.publisher = Publisher(self.settings.amqp_uri, self.settings.heartbeat_seconds)
        self.relay = Relay(self.store, self.manifest, self._declare)
        self.ticker = Ticker(self.store)
        self.health = HealthServer(self)
        self.store.on_announced = self.relay.wake
        if self.settings.auth_key is None:
            log.warning("no AUTH_KEY is set: every caller is trusted as administrator")

    def start(self) -> None:
        """Start every part; those that need a server wait for it."""
        self.health.start(self.settings.http_address)
        self._spawn(self._begin)

    def stop(self) -> None:
        """Close what is left once no worker runs any more."""
        self.ticker.stop()
        self.relay.stop()
        eventlet.sleep(0)
        self.consumption.close()
        self.publisher.close()
        self.health.stop()

    # -- registration

    def tap(self, queue: str, prefetch: int) -> Tap:
        """Consume a queue."""
        tap = Tap(queue=queue, prefetch=prefetch)
        self.consumption.taps.append(tap)
        return tap

    def sources_of(self, declared: str) -> tuple[str, ...]:
        """Return the services a declared source stands for; `*` is every service of the system."""
        if declared != "*":
            return (declared,)
        return tuple(
            dict.fromkeys([self.container.service_name, *(one.service for one in self.manifest.subscriptions)])
        )

    def extra_sources_of(self, kind: str) -> tuple[str, ...]:
        """Return the outside services whose events of this type are taken by configuration."""
        return tuple(name for name, kinds in self.settings.extra_sources.items() if kind in kinds)

    # -- life

    def _begin(self) -> None:
        """Wait for the database, prepare it, then let work in."""
        self._patiently(self._prepare_database)
        service = self.container.service_cls()
        self._spawn(self.consumption.run)
        self._spawn(self.ticker.run)
        if self.settings.relay:
            self._spawn(self.relay.run)
            self._spawn(self.relay.watch)
        on_start = getattr(service, "on_start", None)
        if on_start is not None:
            self._patiently(lambda: self._in_transaction(on_start))
        for job in getattr(service, "background", ()):
            self._spawn(partial(self._in_background, job))
        self.ready = True

    def _prepare_database(self) -> None:
        with translated():
            self.store.ensure_indexes(getattr(self.container.service_cls, "collections", ()))

    def _in_transaction(self, function: Callable[[Any], None]) -> None:
        with self.store.transaction() as tx:
            function(tx)

    def _patiently(self, function: Callable[[], None]) -> None:
        """Call until it works; the reason for waiting is in the log."""
        pause = 0.1
        while True:
            try:
                function()
            except LinliError as error:
                log.warning("waiting", error=str(error), again_in=pause)
                eventlet.sleep(pause)
                pause = min(2.0, pause * 2)
            else:
                return

    def _in_background(self, job: Callable[[Store, Any], int]) -> None:
        """Run a job of the service again and again, at once while it finds work, woken by commits and the clock."""
        while True:
            try:
                found = job(self.store, clock.now())
            except LinliError as error:
                log.warning("background job has to wait", job=job.__module__, error=str(error))
                found = 0
            if not found:
                self.ticker.wait_for_commit(self.settings.tick_seconds)

    def _spawn(self, function: Callable[[], None]) -> None:
        def forever() -> None:
            while True:
                try:
                    function()
                except Exception:
                    log.exception("a part of the process broke; starting it again", part=repr(function))
                    eventlet.sleep(1)
                else:
                    return

        self.container.spawn_managed_thread(forever)

    # -- broker

    def _prepare(self, connection: Connection) -> None:
        """Declare what this service and its consumers need, on every new connection; ask again for what was deleted."""
        service = self.container.service_name
        others = [one for one in self.manifest.consumers_of(service) if one.service != service]
        self._declare_queues(connection, [*self.subscriptions, *others])
        drifted = self._drift(connection)
        metrics.DRIFT.labels(self.container.service_name, "orphan_queue").set(len(drifted))

    def _declare_queues(self, connection: Connection, subscriptions: list[Subscription]) -> None:
        missing = {one.queue for one in subscriptions if not topology.exists(connection, one.queue)}
        ask_again(self.store, subscriptions, missing | self.consumption.cancelled)
        topology.declare(connection, self.container.service_name, subscriptions)

    def _drift(self, connection: Connection) -> list[str]:
        """Return queues of this service that exist although no handler is declared for them any more."""
        known = {one.queue for one in self.subscriptions}
        own = {"_id": {"$regex": f"^{self.container.service_name}\\."}}
        names = [row["_id"] for row in self.store.database["subscriptions"].find(own, {"_id": 1})]
        orphans = [name for name in names if name not in known and topology.exists(connection, name)]
        if orphans:
            log.warning("queues without a handler keep filling; delete them when empty", queues=orphans)
        return orphans

    def _declare(self) -> None:
        """Declare the consumers' queues again after the broker returned an event that somebody has to receive."""
        connection = None
        try:
            with within(OPEN_SECONDS):
                connection = open_connection(self.settings.amqp_uri, self.settings.heartbeat_seconds)
                self._declare_queues(connection, self.manifest.consumers_of(self.container.service_name))
        except (*BROKER_ERRORS, LinliError) as error:
            log.warning("cannot declare queues", error=str(error))
        finally:
            close_quietly(connection)

    # -- stop

    def drain(self) -> None:
        """Take no new work and wait for what has begun; called by every entrypoint, done once."""
        if self._drained is not None:
            self._drained.wait()
            return
        self._drained = eventlet.event.Event()
        began = time.monotonic()
        self.ticker.stop()
        if not self.consumption.drain(self.settings.drain_seconds):
            log.error("work did not end in time and is given up", seconds=self.settings.drain_seconds)
            for worker in list(self.container._worker_threads.values()):  # noqa: SLF001 -- nameko waits for workers without end
                worker.kill()
        metrics.DRAIN_SECONDS.labels(self.container.service_name).set(time.monotonic() - began)
        log.info("drained", seconds=round(time.monotonic() - began, 3))
        self._drained.send()
