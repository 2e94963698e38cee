"""Ordered subscriptions: one partition of one, on its own queue, given to one replica at a time.

```
<service>.<handler>.p<i> ──► batch ──► one transaction with the claim on the partition ──► acknowledge
                                         └ failed, or behind what failed ──► kept with its subject in `parked`
```
"""

from typing import Any

import eventlet

from shared.broker.topology import DELAYS
from shared.entrypoints.subscribing import Subscribing, unsettle
from shared.events import Inbound
from shared.handling import Delivery, Preload
from shared.holding import Partition
from shared.ordering import OrderedHandler, subject_of


class PartitionSubscribing(Subscribing):
    """One handler on one of its partitions."""

    def __init__(
        self, takes: type[Inbound], preload: Preload | None = None, *, partition: int, partitions: int, **kwargs: Any
    ) -> None:
        super().__init__(takes, preload, **kwargs)
        self.partition, self.partitions = partition, partitions
        self._claimed = 0

    def setup(self) -> None:
        """Join the other partitions of the handler, so that this replica takes its share of them."""
        super().setup()
        self.tap.ordered = True
        self.runtime.spread(self.method_name).taps.append(self.tap)

    def _handler(self) -> OrderedHandler:
        self.claim = Partition(store=self.runtime.store, queue=self.queue)
        self.ordered = OrderedHandler(
            store=self.runtime.store,
            name=self.method_name,
            takes=self.takes,
            preload=self.preload,
            stopping=lambda: self.runtime.consumption.draining or self.claim.overtaken,
            pause=eventlet.sleep,
            trying=self._beat,
            partition=self.claim,
            ladder=tuple(DELAYS.values()),
        )
        return self.ordered

    def _run(self, messages: list[Any]) -> None:
        """Claim the partition where this is the first batch by its channel, then handle it."""
        channel = self.tap.opened
        if channel != self._claimed:
            if not self._insist(self.claim.claim):
                self.tap.give_back(messages)
                return
            self._claimed = channel
        super()._run(messages)

    def _settle(self, deliveries: list[Delivery]) -> None:
        """Settle what belongs to no subject as any other subscription does; the rest is kept already. Then count."""
        if any(not one.outcome for one in deliveries):
            unsettle(deliveries)
        elif self._settled([one for one in deliveries if subject_of(one) is None]):
            every = [*deliveries, *self.ordered.released]
            for one in every:
                self._tell(one)
            self._count(every)
        else:
            unsettle(deliveries)

    def _tell(self, one: Delivery) -> None:
        """Say what was kept."""
        if subject_of(one) is not None and one.outcome == "parked":
            self._tell_parked(one)
        elif subject_of(one) is not None and one.outcome == "retry":
            self._tell_retried(one)
