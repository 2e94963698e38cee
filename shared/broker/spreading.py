"""Spread the partitions of an ordered subscription over the replicas that consume it.

A single active consumer stays active until its channel closes, so the replica that came first would have all. Whoever
is active on more than its share lets go of the rest: the next in each queue's line becomes active, it waits at the end.

It comes to rest. While somebody has too much, somebody else has room, for the shares together hold all partitions. Who
has room lets go of nothing, and each step turns one queue's line by one: before it has turned once, it meets that room.
An idle queue turns nothing: who is active there does not know it before something arrives.
"""

import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from shared import logs, metrics
from shared.broker import topology
from shared.broker.connection import within

if TYPE_CHECKING:
    from kombu import Connection

    from shared.broker.consumer import Tap

log = logs.get(__name__)
LOOK_SECONDS = 1.0
PATIENCE = 5.0  # seconds for the broker's answer; without one the connection is lost


def fair_share(partitions: int, consumers: int) -> int:
    """Return how many partitions one of so many consumers keeps at most."""
    return -(-partitions // max(1, consumers))


def excess(active: Collection[int], partitions: int, consumers: int) -> list[int]:
    """Return the partitions to let go of: the last ones beyond the fair share."""
    return sorted(active)[fair_share(partitions, consumers) :]


class Spread:
    """The partitions of one subscription as one replica consumes them."""

    def __init__(self, service: str, handler: str, replicas: str) -> None:
        self._labels, self._replicas = (service, handler), replicas
        self._look_at = 0.0
        self.taps: list[Tap] = []

    def look(self, connection: "Connection") -> None:
        """Let go of what is beyond this replica's share; looks once a second."""
        if time.monotonic() < self._look_at:
            return
        active = [number for number, tap in enumerate(self.taps) if tap.active and not tap.leaving]
        metrics.PARTITIONS.labels(*self._labels).set(len(active))
        for number in self._excess(connection, active):
            self.taps[number].leave()
            metrics.PARTITIONS_LEFT.labels(*self._labels).inc()
            log.info("leaving a partition to another replica", queue=self.taps[number].queue)
        self._look_at = time.monotonic() + LOOK_SECONDS

    def _excess(self, connection: "Connection", active: list[int]) -> list[int]:
        """Compare with the share of one replica, where this one could have too much at all."""
        if not excess(active, len(self.taps), len(self.taps)):
            return []
        with within(PATIENCE):
            answer = topology.depth(connection, self._replicas)
        return excess(active, len(self.taps), answer[1] if answer else 1)
