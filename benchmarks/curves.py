"""How the cost of an event grows with its size, with the backlog, with the batch, and with replicas."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks import limits
from benchmarks.figures import Contender, Curve, Experiment, Measured
from benchmarks.ground import ground
from benchmarks.handlers import DRAMATIQ, EXACTLY_ONCE, LINLI, OTHERS, Linli
from benchmarks.handling import backlog_handled, contender
from benchmarks.replicas import handled

SIZES = (350, 1_000, 4_000, 16_000, 64_000)  # bytes
BACKLOGS = (1_000, 3_000, 10_000, 30_000, 100_000)
PEER_WAITS = 30_000  # most events that wait for a peer
BATCHES = (1, 5, 20, 100, 200, 500, 1_000)
REPLICAS = (1, 2, 3)
EVENTS = 1_500
SHARED = 10_000  # events that replicas share
BATCHES_MEASURED = 60  # how many batches of a size pass, within the bounds below
FEWEST, MOST = 300, 10_000  # events


def payload() -> Curve:
    """Let the event grow."""
    return _curve(
        "payload",
        "size of an event",
        "bytes",
        SIZES,
        lambda size: [contender(handler, EVENTS, int(size)) for handler in (LINLI, *OTHERS)],
    )


def backlog() -> Curve:
    """Let more events wait, beside one peer, whose client takes long to fill a long queue."""
    return _curve(
        "backlog",
        "events waiting",
        "events",
        BACKLOGS,
        lambda waiting: [
            contender(handler, int(waiting))
            for handler in (LINLI, DRAMATIQ)
            if handler is LINLI or waiting <= PEER_WAITS
        ],
    )


def batch() -> Curve:
    """Let more events share a transaction, beside bare transactions of the same size."""
    return _curve("batch", "events in a transaction", "events", BATCHES, lambda size: _batched(int(size)))


def _batched(size: int) -> list[Contender]:
    count = max(FEWEST, min(MOST, BATCHES_MEASURED * size))
    own = Linli(BATCH_SIZE=str(size))
    bare = limits.transactions(count, size)
    return [
        Contender(name=own.name, guarantee=EXACTLY_ONCE, measure=lambda: backlog_handled(own, count)),
        Contender(name="two bare inserts an event", guarantee=bare.guarantee, measure=bare.measure),
    ]


def replicas() -> Curve:
    """Let more processes share a queue, on all cores as an operator runs them."""
    return _curve(
        "replicas",
        "replicas of one service",
        "processes",
        REPLICAS,
        lambda number: [
            Contender(name=LINLI.name, guarantee=EXACTLY_ONCE, measure=lambda: _shared(SHARED, int(number)))
        ],
    )


def _shared(count: int, number: int) -> Measured:
    with ground() as here:
        return handled(here, count, number)


def _curve(
    name: str, title: str, axis: str, values: Iterable[float], contenders: Callable[[float], Sequence[Contender]]
) -> Curve:
    points = {
        value: Experiment(name=name, title=f"{title} = {value:,.0f}", contenders=contenders(value)) for value in values
    }
    return Curve(name=name, title=title, axis=axis, points=points)
