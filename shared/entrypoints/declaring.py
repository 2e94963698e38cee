"""What a service declares on the broker: its own queues and those of its consumers, again and again."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared import logs, metrics
from shared.broker import topology
from shared.broker.connection import BROKER_ERRORS, OPEN_SECONDS, close_quietly, open_connection, within
from shared.broker.partitions import partition_exchanges
from shared.broker.topology import Manifest, Subscription
from shared.errors import LinliError
from shared.mongo import translated
from shared.resending import ask_again, known_queues, note_lost, remember
from shared.store import Store

if TYPE_CHECKING:
    from kombu import Connection

log = logs.get(__name__)
PARTITION = re.compile(r"(.+)\.p\d+")


class Declarations:
    """Declares queues before anybody publishes to them, and asks again for what was in queues that are gone."""

    def __init__(self, store: Store, manifest: Manifest, own: list[Subscription]) -> None:
        self._store, self._manifest, self._own = store, manifest, own
        self._declared: dict[str, str] = {}  # name -> what the broker has against it
        self.problems: list[str] = []  # own queues that exist with other arguments

    def prepare(self, connection: "Connection", cancelled: Iterable[str]) -> None:
        """Declare what this service and its consumers need, on every new connection of the consumer."""
        others = [one for one in self._consumers() if one.service != self._store.service]
        self._declare(connection, [*self._own, *others], cancelled)
        orphans = self._orphans(connection)
        metrics.DRIFT.labels(self._store.service, "orphan_queue").set(len(orphans))
        metrics.DRIFT.labels(self._store.service, "orphan_exchange").set(len(self._former(connection, orphans)))

    def prepare_calls(self, connection: "Connection", _cancelled: Iterable[str]) -> None:
        """Declare what calls need, on every new connection that takes them."""
        self._report(topology.declare(connection, self._store.service, ()))

    def declare_consumers(self) -> bool:
        """Declare the consumers' queues before events go out, and after one came back; tell whether it worked."""
        connection = None
        try:
            with within(OPEN_SECONDS):
                connection = open_connection(self._store.settings.amqp_uri, self._store.settings.heartbeat_seconds)
                self._declare(connection, self._consumers(), ())
        except (*BROKER_ERRORS, LinliError) as error:
            log.warning("cannot declare queues", error=str(error))
            return False
        else:
            return True
        finally:
            close_quietly(connection)

    def _consumers(self) -> list[Subscription]:
        return self._manifest.consumers_of(self._store.service)

    def _declare(self, connection: "Connection", subscriptions: list[Subscription], cancelled: Iterable[str]) -> None:
        known = known_queues(self._store)
        gone = {queue for one in subscriptions for queue in one.queues if not topology.exists(connection, queue)}
        note_lost(self._store, gone.union(cancelled) & known)
        self._report(topology.declare(connection, self._store.service, subscriptions))
        remember(self._store, [one for one in subscriptions if not known.issuperset(one.queues)])
        ask_again(self._store, subscriptions)

    def _report(self, declared: dict[str, str]) -> None:
        """Say what exists with other arguments; a consumer's queue is its own service's problem."""
        for name, words in declared.items():
            if words:
                log.error("exists with other arguments; it has to be deleted when empty", name=name, broker=words)
        self._declared.update(declared)
        different = [name for name, words in self._declared.items() if words]
        metrics.DRIFT.labels(self._store.service, "arguments").set(len(different))
        own = (f"{self._store.service}.", f"rpc-{self._store.service}")
        self.problems = [f"{name} has other arguments than declared" for name in different if name.startswith(own)]

    def _orphans(self, connection: "Connection") -> list[str]:
        """Return queues of this service that exist although no handler is declared for them any more."""
        known = {queue for one in self._own for queue in one.queues}
        ours = {"_id": {"$regex": f"^{self._store.service}\\."}}
        with translated():
            names = [row["_id"] for row in self._store.database["subscriptions"].find(ours, {"_id": 1})]
        orphans = [name for name in names if name not in known and topology.exists(connection, name)]
        if orphans:
            log.warning("queues without a handler keep filling; delete them when empty", queues=orphans)
        return orphans

    def _former(self, connection: "Connection", orphans: list[str]) -> list[str]:
        """Return exchanges that still lead to partitions of a handler that has none any more."""
        ordered = {exchange.name for one in self._own if one.partitions for exchange in partition_exchanges(one.queue)}
        partitioned = {found[1] for name in orphans if (found := PARTITION.fullmatch(name))}
        before = {exchange.name for name in partitioned for exchange in partition_exchanges(name)}
        former = [name for name in sorted(before - ordered) if topology.exchange_exists(connection, name)]
        if former:
            log.warning("exchanges of former partitions keep taking events; delete them", exchanges=former)
        return former
