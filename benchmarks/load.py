"""How long an event takes while so many come in each second: steady, for some seconds."""

import itertools
import time
from typing import Any

from benchmarks.calls import P50, P99
from benchmarks.completions import completion
from benchmarks.figures import Contender, Curve, Experiment, Measured, quantile
from benchmarks.ground import Ground, ground
from benchmarks.handlers import DRAMATIQ, LINLI, NAMEKO, Handler
from benchmarks.handling import CPU, CPU_IN_ALL, CPU_OF_SERVER, Reading, await_effects

RATES = (50, 200, 1_000, 2_000, 4_000)  # events a second
SECONDS = 3
TICK = 0.01  # seconds between two groups of events
WARM_UP = 20  # events, one after the other, before the load


def curve() -> Curve:
    """Let more events come in each second; where they wait ever longer, the contender cannot keep up."""
    return Curve(
        name="load",
        title="events a second coming in",
        axis="events/s",
        points={
            rate: Experiment(
                name="load",
                title=f"load = {rate:,} events/s",
                contenders=[_contender(handler, rate) for handler in (LINLI, NAMEKO, DRAMATIQ)],
            )
            for rate in RATES
        },
    )


def _contender(handler: Handler, rate: int) -> Contender:
    return Contender(name=handler.name, guarantee=handler.guarantee, measure=lambda: under_load(handler, rate))


def under_load(handler: Handler, rate: int) -> Measured:
    """Send at a steady rate, and read afterwards from the database's log when each effect was committed."""
    count = WARM_UP + rate * SECONDS
    with ground() as here, handler.sending(here) as send:
        handler.prepare(here, range(count))
        handler.start(here)
        here.await_consumer(handler.queue)
        numbers = itertools.count()
        for number in range(WARM_UP):
            send([completion(next(numbers))])
            await_effects(here, handler, number + 1)
        began = here.client.admin.command("ping")["operationTime"]
        reading = Reading(here, handler, WARM_UP)
        sent: dict[str, float] = {}
        start, due = time.monotonic(), 0
        while due < count - WARM_UP:
            due = min(count - WARM_UP, int((time.monotonic() - start + TICK) * rate))
            events = [completion(next(numbers)) for _ in range(due - len(sent))]
            now = time.time()
            sent |= {event.id: now for event in events}
            if events:
                send(events)
            time.sleep(TICK)  # the pace is what is being set here
        await_effects(here, handler, count)
        used = reading.until_now(count)
        handler.check(here, count)
        waits = _waits(here, handler, began, sent)
        return {
            P50: quantile(waits, 0.5),
            P99: quantile(waits, 0.99),
            **{metric: used[metric] for metric in (CPU, *CPU_OF_SERVER.values(), CPU_IN_ALL) if metric in used},
        }


def _waits(here: Ground, handler: Handler, since: Any, sent: dict[str, float]) -> list[float]:
    """Return for each event the milliseconds from sending it to the commit of its effect."""
    inserted = [{"$match": {"operationType": "insert"}}]
    waits: list[float] = []
    with handler.effects(here).watch(inserted, start_at_operation_time=since, batch_size=1000) as log:
        while len(waits) < len(sent):
            change = log.next()
            event = change["fullDocument"]["event_id"]
            if event in sent:
                waits.append((change["wallTime"].timestamp() - sent[event]) * 1000)
    return waits
