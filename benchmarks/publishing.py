"""Facts per second through the outbox, until the broker has confirmed them, against dispatching each with a confirm."""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bson import Timestamp
from nameko.standalone.rpc import ClusterRpcProxy

from benchmarks.figures import Contender, Experiment, Measured, Metric, Target
from benchmarks.ground import LOOK_EVERY, PATIENCE, ground
from shared import clock
from shared.buckets import PENDING, buckets, entry
from shared.cloudevents import CloudEvent, new_id
from tests.support.announced import announced
from tests.support.eventually import eventually

RATE = Metric(unit="events/s", more_is_better=True)
UNITS_A_CALL = 500  # the most that one import takes
DISPATCH = "nameko, dispatch with confirms"
OURS = "together with the change or not at all, until confirmed"
RELAY = "sent until confirmed, each aggregate in order"
STOCK = "lost when the process dies between write and dispatch"


def experiment(count: int) -> Experiment:
    """Compare a command that announces, the relay alone, and stock dispatch with confirms."""
    calls = max(1, count // UNITS_A_CALL)
    return Experiment(
        name="publishing",
        title="publishing into two quorum queues, confirmed",
        targets=[Target(metric=RATE, bound=5, against=(DISPATCH,))],
        contenders=[
            Contender(name="linli relay, full outbox", guarantee=RELAY, measure=lambda: relay(calls * UNITS_A_CALL)),
            Contender(name=DISPATCH, guarantee=STOCK, measure=lambda: stock(calls)),
            Contender(name="linli, command and relay", guarantee=OURS, measure=lambda: commands(calls)),
        ],
    )


def commands(calls: int) -> Measured:
    """Import a tree, 500 units and 500 facts in each transaction, until the last fact is confirmed."""
    with ground() as here:
        here.start_service("volunteer").wait_ready()
        with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
            rpc.volunteer.import_org_tree(units=_trunk())
            began = time.monotonic()
            for call in range(calls):
                rpc.volunteer.import_org_tree(units=[_unit(number) for number in _numbers(call)])
            eventually(lambda: not here.pending("volunteer"), seconds=PATIENCE, every=LOOK_EVERY)
            took = time.monotonic() - began
        assert len(announced(here.database("volunteer"))) == calls * UNITS_A_CALL + len(_trunk())
        return {RATE: calls * UNITS_A_CALL / took}


def relay(count: int) -> Measured:
    """Fill an outbox, start the service, and read from the marks when the first and the last window was confirmed."""
    with ground() as here:
        outbox = here.database("volunteer")["outbox"]
        outbox.insert_many(_waiting(range(count)))
        here.declare_service("volunteer")
        here.start_service("volunteer")
        eventually(lambda: not outbox.count_documents(PENDING), seconds=PATIENCE, every=0.1)
        sent = Counter(event["sent_at"] for event in announced(here.database("volunteer")))
        first, last = min(sent), max(sent)
        return {RATE: (count - sent[first]) / (last - first).total_seconds()}


def stock(calls: int) -> Measured:
    """Let a stock service dispatch the same events."""
    with ground() as here:
        for consumer in ("issues", "notify"):  # not volunteer itself: its queue of calls is another than nameko's
            here.declare_service(consumer)
        here.start_stock("Announcer")
        here.await_consumer("rpc-volunteer")
        with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
            rpc.volunteer.announce([_unit(number) for number in range(50)])
            began = time.monotonic()
            for call in range(calls):
                rpc.volunteer.announce([_announced(number) for number in _numbers(call)])
            return {RATE: calls * UNITS_A_CALL / (time.monotonic() - began)}


def _numbers(call: int) -> range:
    return range(call * UNITS_A_CALL, (call + 1) * UNITS_A_CALL)


def _trunk() -> list[dict[str, Any]]:
    return [
        {"org_unit_id": "C01", "level": "community", "label_zh": "滨湖世纪社区党委"},
        {"org_unit_id": "C01-G03", "level": "grid", "parent_id": "C01", "label_zh": "振杰网格党总支"},
        {"org_unit_id": "C01-G03-E07", "level": "estate", "parent_id": "C01-G03", "label_zh": "振徽苑小区党支部"},
    ]


def _unit(number: int) -> dict[str, Any]:
    """Return a unit as an import gives it."""
    return {
        "org_unit_id": f"C01-G03-E07-B{number}",
        "level": "building",
        "parent_id": "C01-G03-E07",
        "secretary_id": f"P-{number}",
        "label_zh": f"{number}栋党小组",
        "place_zh": f"振徽苑{number}栋",
    }


def _announced(number: int) -> dict[str, Any]:
    """Return the data of the fact about a unit."""
    unit = _unit(number)
    return {**unit, "path": ["C01", "C01-G03", "C01-G03-E07", unit["org_unit_id"]], "revision": 1}


def _waiting(numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Return outbox documents as transactions write them."""
    events = [
        CloudEvent(
            id=new_id(),
            source="volunteer",
            type="org_unit.updated",
            subject=f"C01-G03-E07-B{number}",
            time=clock.now(),
            data=_announced(number),
            sequence=1,
            correlationid=f"C01-G03-E07-B{number}",
        )
        for number in numbers
    ]
    return list(buckets([entry(event) for event in events], Timestamp(1, 1), clock.now()))
