"""SIGTERM under load, as an update of a service sends it to one replica after the other."""

import pytest

from tests.fault.run import MARKS, under_load
from tests.support.system import SERVICES, System

pytestmark = [*MARKS, pytest.mark.timeout(400)]
STOPS_WITHIN = 30.0  # seconds, the grace period of the containers


def test_a_rolling_restart_of_each_service_handles_nothing_twice(system: System) -> None:
    with under_load(system, replicas=2, repeat=False) as run:
        ends = [end for service in SERVICES for end in run.supervisor.roll(service)]
        run.prepared.answer(times=1)
    assert [code for code, _ in ends] == [0] * 8
    slowest = max(seconds for _, seconds in ends)
    findings = run.check("rolling restart", stops=len(ends), slowest=f"{slowest:.1f}")
    assert slowest < STOPS_WITHIN
    assert +findings.redelivered == {}
