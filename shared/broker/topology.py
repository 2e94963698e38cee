"""What has to exist on the broker, as declared constants; declared and checked before anyone publishes.

```
<source>.events (topic) ──► <service>.<handler> (quorum) ──► handler
                               ▲          │ dead letter (crash backstop, x-delivery-limit)
   <service>.retry.<delay> ────┘          └──► <service>.dead ──► parked in the service's database
   (fanout ► quorum with fixed TTL, back through the default exchange)
```

An outside publisher that does not ask for returns would lose what nobody has a queue for; a broker policy sends that to
`linli.unrouted` (an argument on the exchange would break stock nameko). Our own events are published as mandatory.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from amqp.exceptions import ChannelError, PreconditionFailed
from kombu import Connection, Exchange, Queue

from shared.broker.partitions import partition_exchanges, partition_key, partition_of

DELAYS = {"5s": 5, "30s": 30, "2m": 120, "10m": 600, "1h": 3600}  # seconds
DELIVERY_LIMIT = 50  # a crash backstop only: with 20, innocent prefetched messages were dead-lettered after crashes
CALL_WAITS = 4  # seconds; with the time of the work it stays below the 10 that a caller waits
REFUSAL_WAITS = 60  # seconds; nobody waits so long for a refusal
RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
UNROUTED = "linli.unrouted"
QUORUM: dict[str, Any] = {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-dead-letter-strategy": "at-least-once",
}


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Which service's handler takes which type from which services: from one queue, or in order from partitions."""

    service: str
    handler: str
    type: str
    sources: tuple[str, ...]
    partitions: int = 0

    @property
    def queue(self) -> str:
        """The name of the queue, or of the exchange before the partitions; a constant of the contract."""
        return f"{self.service}.{self.handler}"

    @property
    def queues(self) -> tuple[str, ...]:
        """The names of all its queues."""
        return tuple(f"{self.queue}.p{number}" for number in range(self.partitions)) or (self.queue,)


def events_exchange(service: str) -> Exchange:
    """Return the exchange of a service's events, with the arguments stock nameko declares too."""
    return Exchange(f"{service}.events", type="topic", durable=True)


def subscription_queues(subscription: Subscription) -> list[Queue]:
    """Return the queues of a subscription."""
    arguments = {
        **QUORUM,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_queue(subscription.service).name,
        **({"x-single-active-consumer": True} if subscription.partitions else {}),
    }
    return [Queue(name, durable=True, queue_arguments=arguments) for name in subscription.queues]


def replicas_queue(subscription: str) -> Queue:
    """Return a queue that nobody publishes to: all replicas consume it, so that the broker can say how many there are.

    Of consumers that wait for a single active one to go, it tells nobody.
    """
    return Queue(f"{subscription}.replicas", durable=True, queue_arguments={"x-queue-type": "quorum"})


def bindings(subscription: Subscription) -> list[tuple[Queue | Exchange, str, str]]:
    """Return what is bound to which exchange by which routing key, what events reach first at the end."""
    queues = subscription_queues(subscription)
    if not subscription.partitions:
        return [(queues[0], f"{source}.events", subscription.type) for source in subscription.sources]
    outside, spread = partition_exchanges(subscription.queue)
    keys = (partition_key(number, subscription.partitions) for number in range(subscription.partitions))
    return [
        *((queue, spread.name, key) for queue, key in zip(queues, keys, strict=True)),
        (queues[0], outside.name, ""),
        *((spread, f"{source}.events", subscription.type) for source in subscription.sources),
    ]


def handler_of(queue: str) -> str:
    """Return the handler a queue belongs to."""
    return queue.split(".")[1] if "." in queue else queue


def dead_queue(service: str) -> Queue:
    """Return the queue of messages that killed their consumer too often."""
    return Queue(f"{service}.dead", durable=True, queue_arguments={"x-queue-type": "quorum"})


def retry_exchange(service: str, delay: str) -> Exchange:
    """Return the exchange through which a message waits; its routing key is the queue it returns to."""
    return Exchange(f"{service}.retry.{delay}", type="fanout", durable=True)


def retry_queue(service: str, delay: str) -> Queue:
    """Return a wait queue with one fixed delay, so that no message waits behind a longer one."""
    return Queue(
        f"{service}.retry.{delay}",
        exchange=retry_exchange(service, delay),
        durable=True,
        queue_arguments={**QUORUM, "x-message-ttl": DELAYS[delay] * 1000, "x-dead-letter-exchange": ""},
    )


def unrouted_queue() -> Queue:
    """Return the queue of outside events that nobody took, the newest hundred thousand of them."""
    return Queue(
        UNROUTED,
        exchange=Exchange(UNROUTED, type="fanout", durable=True),
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-max-length": 100_000},
    )


def rpc_queue(service: str) -> Queue:
    """Return the queue of calls; stock nameko clients come by the exchange and need not know its arguments.

    A classic queue would be gone with the node it is on.
    """
    return Queue(
        f"rpc-{service}",
        exchange=RPC_EXCHANGE,
        routing_key=f"{service}.*",
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-message-ttl": CALL_WAITS * 1000,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": late_queue(service).name,
        },
    )


def late_queue(service: str) -> Queue:
    """Return the queue of calls that nobody took in time and that have to be refused."""
    arguments = {"x-queue-type": "quorum", "x-message-ttl": REFUSAL_WAITS * 1000}
    return Queue(f"{service}.late", durable=True, queue_arguments=arguments)


def declare(connection: Connection, service: str, subscriptions: Iterable[Subscription]) -> dict[str, str]:
    """Declare what the service and its consumers need; return for each name the broker's objection, mostly none.

    A queue with other arguments is bound and consumed as it is: one changed argument must not stop all beside it.
    """
    subscriptions = list(subscriptions)
    declared: dict[str, str] = {}
    with connection.channel() as channel:
        for name, entity in _wanted(service, subscriptions).items():
            try:
                entity(channel).declare()
                declared[name] = ""
            except PreconditionFailed as error:  # the client opens the channel again by itself
                declared[name] = str(error.reply_text)
        for one in subscriptions:
            for entity, exchange, key in bindings(one):
                entity(channel).bind_to(exchange=exchange, routing_key=key)
    return declared


def _wanted(service: str, subscriptions: Iterable[Subscription]) -> dict[str, Exchange | Queue]:
    """Return every exchange and queue the service needs, each once, exchanges before what is bound to them."""
    wanted: list[Exchange | Queue] = [
        events_exchange(service),
        RPC_EXCHANGE,
        rpc_queue(service),
        late_queue(service),
        dead_queue(service),
        unrouted_queue(),
        *(retry_queue(service, delay) for delay in DELAYS),
    ]
    for one in subscriptions:
        sources = (events_exchange(source) for source in one.sources)
        ordered = (*partition_exchanges(one.queue), replicas_queue(one.queue)) if one.partitions else ()
        wanted += [*sources, dead_queue(one.service), *ordered, *subscription_queues(one)]
    return {entity.name: entity for entity in wanted}


def exists(connection: Connection, queue: str) -> bool:
    """Ask the broker whether the queue exists."""
    return depth(connection, queue) is not None


def depth(connection: Connection, queue: str) -> tuple[int, int] | None:
    """Ask the broker how many messages and consumers the queue has; None where it does not exist."""
    channel = connection.channel()
    try:
        answer = channel.queue_declare(queue, passive=True)
    except ChannelError:
        return None
    channel.close()
    return answer.message_count, answer.consumer_count


def exchange_exists(connection: Connection, exchange: str) -> bool:
    """Ask the broker whether the exchange exists."""
    channel = connection.channel()
    try:
        channel.exchange_declare(exchange, "direct", passive=True)
    except ChannelError:
        return False
    channel.close()
    return True


class Manifest:
    """All subscriptions of all services of this system, as `make contract` wrote them."""

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self.subscriptions = tuple(subscriptions)
        self._partitions: dict[tuple[str, str], set[int]] = {}
        for one in self.subscriptions:
            for source in one.sources if one.partitions else ():
                self._partitions.setdefault((source, one.type), set()).add(one.partitions)

    @classmethod
    def read(cls, path: str) -> "Manifest":
        """Read the manifest; a missing file is an empty one."""
        file = Path(path)
        rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
        return cls(Subscription(**{**row, "sources": tuple(row["sources"])}) for row in rows)

    def write(self) -> str:
        """Return the manifest as text."""
        return json.dumps([_row(one) for one in self.subscriptions], indent=1) + "\n"

    def consumers_of(self, service: str) -> list[Subscription]:
        """Return the subscriptions that take events of the service."""
        return [one for one in self.subscriptions if service in one.sources]

    def expects(self, service: str, kind: str) -> bool:
        """Tell whether somebody has to receive this type from this service."""
        return any(one.type == kind for one in self.consumers_of(service))

    def partition_keys(self, service: str, kind: str, subject: str) -> list[str]:
        """Return the routing keys of the subject's partitions, one for each number in use; none where nobody cares."""
        numbers = self._partitions.get((service, kind), ())
        return [partition_key(partition_of(subject, number), number) for number in sorted(numbers)]


def _row(subscription: Subscription) -> dict[str, Any]:
    """Return a row of the manifest, which names partitions only where there are some."""
    row = asdict(subscription)
    return row if subscription.partitions else {name: row[name] for name in row if name != "partitions"}
