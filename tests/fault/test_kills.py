"""kill -9 of every service and of its relay, at every stage and at any moment, under load."""

import pytest

from tests.fault.run import MARKS, under_load
from tests.support.system import System

pytestmark = [*MARKS, pytest.mark.timeout(600)]
AT_RANDOM = 30  # kills


def test_kills_at_every_point_and_at_random_lose_nothing_and_apply_nothing_twice(system: System) -> None:
    with under_load(system) as run:
        run.supervisor.die_at_every_point()
        run.prepared.answer()
        run.supervisor.kill_at_random(AT_RANDOM)
    assert len(run.supervisor.kills) >= 60
    run.check("kills")
