"""Everything a service process owns besides its rules: database, broker connections, relay, clock, health."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from nameko.extensions import SharedExtension

from shared import logs, metrics
from shared.broker.consumer import Consumption, Tap
from shared.broker.publisher import Publisher
from shared.broker.spreading import Spread
from shared.broker.topology import Manifest, Subscription, replicas_queue
from shared.calls import Caller
from shared.config import settings
from shared.entrypoints.declaring import Declarations
from shared.entrypoints.jobs import Jobs
from shared.errors import LinliError
from shared.health import HealthServer
from shared.mongo import translated
from shared.relay import Relay
from shared.store import Store
from shared.timers import Ticker

log = logs.get(__name__)
END_SECONDS = 4.0  # for relay, ticker and consumer once no work is left; drain and end together stay below 30 s


class Runtime(SharedExtension):
    """Built once per process; entrypoints register with it, and it starts and stops all of it in order."""

    def __init__(self) -> None:
        super().__init__()
        self.subscriptions: list[Subscription] = []
        self._spreads: dict[str, Spread] = {}
        self.ready = False
        self._drained: Any = None
        self._parts: list[Any] = []
        self._jobs: list[Any] = []
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
        self.declarations = Declarations(self.store, self.manifest, self.subscriptions)
        self.consumption = Consumption(
            self.settings.amqp_uri, self.settings.heartbeat_seconds, self.declarations.prepare
        )
        self.calls = Consumption(
            self.settings.amqp_uri, self.settings.heartbeat_seconds, self.declarations.prepare_calls
        )
        self.publisher = Publisher(self.settings.amqp_uri, self.settings.heartbeat_seconds)
        self.relay = Relay(self.store, self.manifest, self.declarations.declare_consumers)
        self.ticker = Ticker(self.store)
        self.jobs = Jobs(self.store)
        self.health = HealthServer(self)
        self.store.on_announced, self.store.on_committed = self.relay.wake, self.jobs.wake
        if self.settings.auth_key is None:
            log.warning("no AUTH_KEY is set: every caller is trusted as administrator")

    def start(self) -> None:
        """Start every part; those that need a server wait for it."""
        self.health.start(self.settings.http_address)
        self._spawn(self._begin)

    def stop(self) -> None:
        """Close what is left once no worker runs any more; each part ends what it is at, or others do it again."""
        self.relay.stop()
        self.consumption.close()
        self.calls.close()
        if not _ended(self._parts, END_SECONDS):
            log.warning("a part did not end in time and is cut off", seconds=END_SECONDS)
        self.publisher.close()
        self.health.stop()

    # -- registration

    def tap(self, queue: str, prefetch: int) -> Tap:
        """Consume a queue of events."""
        return _tap(self.consumption, queue, prefetch)

    def tap_calls(self, queue: str, prefetch: int) -> Tap:
        """Consume a queue of calls.

        On a connection of its own: it publishes answers, and a broker that holds publishers back reads nothing more
        from such a connection, no acknowledgement of an event either.
        """
        return _tap(self.calls, queue, prefetch)

    @property
    def queues(self) -> list[str]:
        """Every queue that this process consumes."""
        return [tap.queue for tap in (*self.calls.taps, *self.consumption.taps)]

    def spread(self, handler: str) -> Spread:
        """Return how this replica shares the partitions of a handler with others."""
        if handler not in self._spreads:
            service = self.container.service_name
            replicas = self.tap(replicas_queue(f"{service}.{handler}").name, 1)
            self._spreads[handler] = Spread(service, handler, replicas.queue)
            self.consumption.chores.append(self._spreads[handler].look)
        return self._spreads[handler]

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
        on_start = getattr(service, "on_start", None)
        if on_start is not None:  # before anything is taken: the first call must find what the service starts with
            self._patiently(lambda: self._in_transaction(on_start))
        self._parts += [self._spawn(part.run) for part in (self.consumption, self.calls, self.ticker)]
        if self.settings.relay:
            self._parts.append(self._spawn(self.relay.run))
            self._spawn(self.relay.watch)
        self._jobs = [self._spawn(partial(self.jobs.run, job)) for job in getattr(service, "background", ())]
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

    def _spawn(self, function: Callable[[], None]) -> Any:
        def forever() -> None:
            while True:
                try:
                    function()
                except Exception:
                    log.exception("a part of the process broke; starting it again", part=repr(function))
                    eventlet.sleep(1)
                else:
                    return

        return self.container.spawn_managed_thread(forever)

    # -- stop

    def drain(self) -> None:
        """Take no new work and wait for what has begun; called by every entrypoint, done once."""
        if self._drained is not None:
            self._drained.wait()
            return
        self._drained = eventlet.event.Event()
        began = time.monotonic()
        self.ticker.stop()
        self.jobs.stop()
        self.calls.drain(0.0)  # both take nothing more before either is waited for
        ended = self.consumption.drain(self.settings.drain_seconds)
        ended &= self.calls.drain(self.settings.drain_seconds - (time.monotonic() - began))
        ended &= _ended(self._jobs, self.settings.drain_seconds - (time.monotonic() - began))
        if not ended:
            log.error("work did not end in time and is given up", seconds=self.settings.drain_seconds)
            for worker in list(self.container._worker_threads.values()):  # noqa: SLF001 -- nameko waits for workers without end
                worker.kill()
        metrics.DRAIN_SECONDS.labels(self.container.service_name).set(time.monotonic() - began)
        log.info("drained", seconds=round(time.monotonic() - began, 3))
        self._drained.send()


def _tap(consumption: Consumption, queue: str, prefetch: int) -> Tap:
    tap = Tap(queue=queue, prefetch=prefetch)
    consumption.taps.append(tap)
    return tap


def _ended(green_threads: list[Any], seconds: float) -> bool:
    """Wait until all have ended; tell whether they did in time."""
    try:
        with eventlet.Timeout(max(0.0, seconds)):
            for green_thread in green_threads:
                green_thread.wait()
    except eventlet.Timeout:
        return False
    return True
