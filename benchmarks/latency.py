"""How long one event, or one report, takes through an idle system."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy

from benchmarks.calls import P50, P99
from benchmarks.completions import completion
from benchmarks.figures import Contender, Experiment, Measured, Target, quantile
from benchmarks.ground import PATIENCE, Ground, ground
from benchmarks.handlers import LINLI, OTHERS, Handler
from tests.support.eventually import eventually

GLANCE_EVERY = 0.001  # seconds between two looks at the size of a file
WARM_UP = 5  # events before those that count
B09 = "C01-G03-E07-B09"
TREE = [
    {"org_unit_id": "C01", "level": "community", "label_zh": "滨湖世纪社区党委"},
    {"org_unit_id": "C01-G03", "level": "grid", "parent_id": "C01", "label_zh": "振杰网格党总支"},
    {"org_unit_id": "C01-G03-E07", "level": "estate", "parent_id": "C01-G03", "label_zh": "振徽苑小区党支部"},
    {"org_unit_id": B09, "level": "building", "parent_id": "C01-G03-E07", "label_zh": "9栋党小组"},
]


@contextlib.contextmanager
def events(count: int, repetitions: int) -> Iterator[Experiment]:
    """Compare one event at a time, from publishing it to seeing its effect in the database."""
    with contextlib.ExitStack() as grounds:
        contenders = []
        for handler in (LINLI, *OTHERS):
            here = grounds.enter_context(ground())
            handler.prepare(here, range((WARM_UP + count) * repetitions))
            handler.start(here)
            contenders.append(_one_by_one(here, handler, count))
        yield Experiment(
            name="event_latency",
            title="one event when idle, published → effect committed",
            contenders=contenders,
            targets=[Target(metric=P50, bound=15), Target(metric=P99, bound=60)],
        )


def _one_by_one(here: Ground, handler: Handler, count: int) -> Contender:
    """Let a handler take part, each event published when the effect of the one before has been seen."""
    numbers = itertools.count()

    def measure() -> Measured:
        samples = []
        with (
            handler.effects(here).watch([{"$match": {"operationType": "insert"}}]) as seen,
            handler.sending(here) as send,
        ):
            here.await_consumer(handler.queue)
            for _ in range(WARM_UP + count):
                event = completion(next(numbers))
                began = time.perf_counter()
                send([event])
                seen.next()
                samples.append((time.perf_counter() - began) * 1000)
        return {P50: quantile(samples[WARM_UP:], 0.5), P99: quantile(samples[WARM_UP:], 0.99)}

    return Contender(name=handler.name, guarantee=handler.guarantee, measure=measure)


@contextlib.contextmanager
def messages(count: int) -> Iterator[Experiment]:
    """Time a report and its triage until the provider has the message to the reporter; there is no peer."""
    with ground() as here:
        received = here.start_gateway()
        for service in ("volunteer", "issues", "notify"):
            here.start_service(service)
        for process in here.processes:
            process.wait_ready()
        with ClusterRpcProxy({"AMQP_URI": here.place.amqp_uri}, timeout=PATIENCE) as rpc:
            rpc.volunteer.import_org_tree(units=TREE)
            rpc.notify.set_contacts(contacts=[{"person_id": "R-1001", "name": "王小梅", "wechat": "wx-R-1001"}])
            eventually(lambda: here.database("issues")["org_units"].count_documents({}) == len(TREE), seconds=PATIENCE)
            yield Experiment(
                name="message_latency",
                title="report and triage when idle → message at the provider",
                targets=[Target(metric=P50, bound=60), Target(metric=P99, bound=250)],
                contenders=[
                    Contender(
                        name="linli",
                        guarantee="reported, announced, composed and sent exactly once, each step committed",
                        measure=lambda: _messages(rpc, received, count),
                    )
                ],
            )


def _messages(rpc: Any, received: Callable[[], int], count: int) -> Measured:
    samples = []
    for _ in range(count):
        before, began = received(), time.perf_counter()
        issue = rpc.issues.report_issue(reporter="R-1001", building_id=B09, text="9栋门口路灯不亮")
        rpc.issues.triage(issue["issue_id"], category="bike_shed")
        eventually(lambda: received() > before, seconds=PATIENCE, every=GLANCE_EVERY)  # noqa: B023 -- called at once
        samples.append((time.perf_counter() - began) * 1000)
    return {P50: quantile(samples, 0.5), P99: quantile(samples, 0.99)}
