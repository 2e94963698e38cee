"""Commands, events and faults at random, from one seed: kills, and every other fault among them."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.instance import Instance
from tests.fault.client import Hand, Journal
from tests.fault.fleet import Fleet
from tests.fault.injector import Injector
from tests.fault.kinds import Ground
from tests.fault.run import MARKS, fresh_seed, under_load
from tests.fault.schedule import plan
from tests.support.proxy import Proxy
from tests.support.servers import Place
from tests.support.system import System

KILLS = int(os.environ.get("FAULT_KILLS") or 10)
CLIENTS, EACH_SECOND = (
    6,
    10,
)  # fewer than in other runs: twelve replicas are started again and again on the same machine
# A clock that is two minutes ahead puts off what is due at once until the others are as far; then a lease of 60 s.
QUIET_WITHIN = 300.0

pytestmark = [*MARKS, pytest.mark.timeout(600 + 20 * KILLS)]


@pytest.fixture
def unheard(own_place: Place, tmp_path: Path) -> Iterator[System]:
    """Make a system that nobody records: a long run says too much."""
    made = System(own_place, tmp_path, services=())
    yield made
    made.stop()


def test_random_faults_lose_nothing_and_apply_nothing_twice(
    unheard: System, own_place: Place, own_servers: Instance, capfd: pytest.CaptureFixture[str]
) -> None:
    def say(line: str) -> None:
        with capfd.disabled():
            print(line, flush=True)  # noqa: T201 -- a run of many minutes shows where it is

    seed = fresh_seed()
    schedule = plan(seed, KILLS)
    say(f"\nseed={seed} kills={KILLS}: {len(schedule)} steps")
    for step in schedule:
        say(f"  {step}")
    broker, database = Proxy(own_place.amqp_uri), Proxy(own_place.mongodb_uri)
    fleet = Fleet(unheard, {"AMQP_URI": broker.uri, "MONGODB_URI": database.uri})
    hand = Hand(own_place.amqp_uri, Journal(), threading.Event())
    with contextlib.closing(broker), contextlib.closing(database), contextlib.closing(hand):
        with under_load(unheard, seed=seed, start=fleet.start, clients=CLIENTS, each_second=EACH_SECOND) as run:
            ground = Ground(
                fleet=fleet, flood=run.flood, hand=hand, servers=own_servers, broker=broker, database=database
            )
            injector = Injector(ground=ground, load=run.load, say=say, faults=run.history.faults)
            run.history.schedule = schedule
            run.history.keep_schedule()
            injector.run(schedule)
            run.prepared.answer()
        run.check("random", quiet_within=QUIET_WITHIN)
