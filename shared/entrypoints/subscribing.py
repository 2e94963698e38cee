"""Subscriptions: take what has arrived as a batch, settle each event, acknowledge once.

```
<source>.events ──► <service>.<handler> ──► batch ──► one transaction ──► acknowledge
                                              │ retry ──► <service>.retry.<delay> ──► back
                                              └ parked ──► `parked` in the service's database
```
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared import clock, failpoints, logs, metrics
from shared.broker import publisher
from shared.broker.connection import BROKER_ERRORS
from shared.broker.publisher import Outgoing
from shared.broker.topology import DELAYS, Subscription
from shared.entrypoints.arriving import arrived, foreign
from shared.entrypoints.runtime import Runtime
from shared.errors import LinliError
from shared.events import Inbound
from shared.handling import Delivery, EventHandler, Preload
from shared.inbox import DUPLICATE
from shared.mongo import translated
from shared.parking import park

log = logs.get(__name__)
LADDER = tuple(DELAYS)


class Subscribing(Entrypoint):
    """One handler on its own queue."""

    runtime = Runtime()
    partition = partitions = 0

    def __init__(self, takes: type[Inbound], preload: Preload | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.takes, self.preload = takes, preload
        self.running_since: float | None = None
        self.tried_at = 0.0

    def setup(self) -> None:
        """Declare the subscription to the runtime, which declares it to the broker."""
        self.runtime.setup()
        declared = self.runtime.sources_of(self.takes.source)
        sources = tuple(dict.fromkeys((*declared, *self.runtime.extra_sources_of(self.takes.type))))
        subscription = Subscription(
            service=self.container.service_name,
            handler=self.method_name,
            type=self.takes.type,
            sources=sources,
            partitions=self.partitions,
        )
        if self.partition == 0:
            self.runtime.subscriptions.append(subscription)
        self.queue = subscription.queues[self.partition]
        self.tap = self.runtime.tap(self.queue, 2 * self.runtime.settings.batch_size)
        self.handler = self._handler()

    def _handler(self) -> EventHandler:
        return EventHandler(
            store=self.runtime.store,
            name=self.method_name,
            takes=self.takes,
            preload=self.preload,
            stopping=lambda: self.runtime.consumption.draining,
            pause=eventlet.sleep,
            trying=self._beat,
        )

    def start(self) -> None:
        """Handle batches until the process drains."""
        self.container.spawn_managed_thread(self._pump, identifier=self.queue)

    def stop(self) -> None:
        """Wait until nothing is in work."""
        self.runtime.drain()

    def _pump(self) -> None:
        while not self.runtime.consumption.draining:
            self.tap.wait(1.0)
            messages = self.tap.take(self.runtime.settings.batch_size)
            if messages:
                self._run(messages)

    def _run(self, messages: list[Any]) -> None:
        """Let a worker handle the batch, then settle it, whatever happened."""
        deliveries = [arrived(message, len(LADDER)) for message in messages]
        self.running_since = self.tried_at = time.monotonic()
        done = Signal()
        try:
            work = partial(self._work, deliveries)
            self.container.spawn_worker(self, (work,), {}, handle_result=partial(self._ended, done))
            done.wait()
            self._settle(deliveries)
        except ContainerBeingKilled:
            log.info("killed before the batch began", handler=self.method_name)
        except Exception:
            log.exception("batch goes back, until the delivery limit ends it", handler=self.method_name)
            unsettle(deliveries)
            eventlet.sleep(1)
        unsettled = [delivery.message for delivery in deliveries if not delivery.outcome]
        if unsettled:
            self.tap.give_back(messages)
        else:
            failpoints.passed("before_ack")
            self.tap.acknowledge(messages)
        self.running_since = None

    def _work(self, deliveries: list[Delivery], rule: Callable[..., None]) -> None:
        self.handler.handle(rule, deliveries)

    def _ended(self, done: Signal, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send()
        return result, exc_info

    def _beat(self) -> None:
        """Note that another try begins: whoever waits for a server, or works a slow batch off, is not stalled."""
        self.tried_at = time.monotonic()

    # -- settling

    def _settle(self, deliveries: list[Delivery]) -> None:
        """Park and retry what has to be, then count."""
        if self._settled(deliveries):
            self._count(deliveries)
        else:
            unsettle(deliveries)

    def _settled(self, deliveries: list[Delivery]) -> bool:
        """Park and retry what has to be, holding on while database or broker are away; False where it was not done."""
        parked = [one for one in deliveries if one.outcome == "parked"]
        again = [one for one in deliveries if one.outcome == "retry"]
        for one in [one for one in again if one.attempt >= len(LADDER)]:
            one.park("retries_exhausted", one.error or LinliError("it failed too often"))
            again.remove(one)
            parked.append(one)
        return self._insist(lambda: self._park(parked)) and self._insist(lambda: self._retry(again))

    def _park(self, deliveries: list[Delivery]) -> None:
        with translated():
            park(self.runtime.store, self.method_name, self.queue, deliveries)
        for one in deliveries:
            self._tell_parked(one)

    def _tell_parked(self, one: Delivery) -> None:
        metrics.PARKED.labels(self.container.service_name, self.method_name, one.park_reason).inc()
        log.warning(
            "event parked", handler=self.method_name, reason=one.park_reason, event_id=one.event and one.event.id
        )

    def _retry(self, deliveries: list[Delivery]) -> None:
        """Send each to the wait queue of its attempt, confirmed, before the original is acknowledged."""
        outcomes = self.runtime.publisher.publish([self._waiting(one) for one in deliveries]) if deliveries else []
        if any(outcome != publisher.CONFIRMED for outcome in outcomes):
            raise LinliError("a wait queue did not take the event", outcomes=outcomes)
        for one in deliveries:
            self._tell_retried(one)

    def _tell_retried(self, one: Delivery) -> None:
        metrics.RETRIES.labels(self.container.service_name, self.method_name, LADDER[one.attempt]).inc()
        log.info("event retried later", handler=self.method_name, delay=LADDER[one.attempt], error=str(one.error))

    def _waiting(self, one: Delivery) -> Outgoing:
        own = {"x-attempt": one.attempt + 1, "x-exchange": one.exchange, "x-routing-key": one.routing_key}
        return Outgoing(
            exchange=f"{self.container.service_name}.retry.{LADDER[one.attempt]}",
            routing_key=self.queue,
            body=one.body,
            message_id=one.message_id or "",
            content_type=one.content_type or "",
            headers={**foreign(one.headers), **own},
        )

    def _insist(self, action: Callable[[], None]) -> bool:
        """Do it, however long the servers are away; False where the process stops first."""
        pause = 0.05
        while True:
            try:
                action()
            except (LinliError, *BROKER_ERRORS) as error:
                if self.runtime.consumption.draining:
                    return False
                log.warning("cannot settle yet", handler=self.method_name, error=str(error), again_in=pause)
                self._beat()
                eventlet.sleep(pause)
                pause = min(2.0, pause * 2)
            else:
                return True

    def _count(self, deliveries: list[Delivery]) -> None:
        service, handler, now = self.container.service_name, self.method_name, clock.now()
        outcomes = Counter(one.outcome.partition(":")[0] for one in deliveries)
        for outcome, times in outcomes.items():
            metrics.PROCESSED.labels(service, handler, self.takes.type, outcome).inc(times)
        metrics.DUPLICATES.labels(service, handler).inc(outcomes[DUPLICATE])
        critical = metrics.CRITICAL_SECONDS.labels(service, handler)
        for one in deliveries:
            if one.event is not None and one.outcome != DUPLICATE:
                critical.observe((now - one.event.time).total_seconds())
        metrics.BATCH_EVENTS.labels(service, handler).observe(len(deliveries))
        if self.running_since is not None:
            metrics.PROCESS_SECONDS.labels(service, handler).observe(time.monotonic() - self.running_since)

    @property
    def stalled(self) -> bool:
        """Whether a batch has been running for too long."""
        limit = self.runtime.settings.stalled_seconds
        return self.running_since is not None and time.monotonic() - self.tried_at > limit


def unsettle(deliveries: list[Delivery]) -> None:
    """Forget what was decided: the broker delivers again, and the inbox knows what took effect."""
    for one in deliveries:
        one.outcome = ""
