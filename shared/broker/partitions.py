"""Where an event of an ordered subscription goes: all events of one subject into one partition queue.

```
<source>.events ──type──► <service>.<handler> (direct) ──p<i>/<n>──► <service>.<handler>.p<i> (single active consumer)
                                └ names no partition ──► <service>.<handler>.outside (fanout) ──► <service>.<handler>.p0
```

A publisher of ours names the partition in the header `BCC`, further routing keys that the broker takes off the message:
consumers see nothing of it. Outside publishers know no partitions; the alternate exchange keeps all they send together.
"""

from zlib import crc32

from kombu import Exchange


def partition_key(number: int, partitions: int) -> str:
    """Return the routing key of a partition; it names how many there are, so that a new number shares no binding."""
    return f"p{number}/{partitions}"


def partition_of(subject: str, partitions: int) -> int:
    """Return the partition in which all events of a subject are, on every machine and in every version."""
    return crc32(subject.encode()) % partitions


def partition_exchanges(subscription: str) -> tuple[Exchange, Exchange]:
    """Return the exchange of events that name no partition, and the one before the partitions, which leads there."""
    outside = Exchange(f"{subscription}.outside", type="fanout", durable=True)
    spreading = {"alternate-exchange": outside.name}
    return outside, Exchange(subscription, type="direct", durable=True, arguments=spreading)
