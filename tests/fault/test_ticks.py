"""Kill -9 in the middle of ticks, while the clocks of many issues come due at the same second: each step once (I5)."""

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.timers import MOST
from tests.e2e.fixture import B09
from tests.support.announced import announced
from tests.support.asking import Desk
from tests.support.eventually import eventually
from tests.support.planted import planted
from tests.support.servers import Place
from tests.support.system import T0, System

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(600),
]  # what is killed in a transaction keeps its locks for a while
ISSUES = MOST + MOST // 2  # more than one transaction takes: a kill leaves some of them done and some not
# Moment after triage → what every issue announces then, once, and where a replica dies (its start is one transaction).
STEPS = {
    timedelta(hours=20): ("issue.clock_warned", "ladder", "after_commit:2"),
    timedelta(hours=24): ("issue.escalated", 1, "before_commit:3"),
    timedelta(hours=72): ("issue.escalated", 2, "before_transaction:3"),
}


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """Make the database of issues with the tree and many waste stations that nobody acts on, and no process yet."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    made = System(place, tmp_path, clock=T0, services=("issues",))
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    store = planted(place)
    desk = Desk(store)
    for _ in range(ISSUES):
        issue = desk.command("report_issue", reporter="R-1001", building_id=B09, text="垃圾站点异味")
        desk.command("triage", issue["issue_id"], category="waste_station")
    store.client.close()
    yield made
    made.stop()
    place.remove()


def said(system: System) -> Counter[tuple[str, str, Any]]:
    """Count what the clocks announced, by issue and step."""
    found = Counter[tuple[str, str, Any]]()
    for event in announced(system.database("issues")):
        step = event["data"].get("clock") or event["data"].get("escalation_level")
        if step is not None:
            found[event["subject"], event["type"], step] += 1
    return found


def kill_between_two_transactions(system: System, point: str) -> None:
    """Let a replica die in its first tick, when it has handled as many issues as one transaction takes."""
    before = said(system).total()
    [doomed] = system.start("issues", wait=False, TICK_SECONDS="0.1", FAILPOINT=point)
    eventually(lambda: not doomed.alive, seconds=60)
    assert doomed.popen.returncode == -signal.SIGKILL, doomed.log.read_text()[-3000:]
    assert said(system).total() == before + MOST


def kill_while_they_tick(system: System, chance: random.Random, until: int) -> None:
    """Start three replicas, and kill them one by one as more and more is announced."""
    replicas = system.start("issues", replicas=3, wait=False, TICK_SECONDS="0.1")
    begun = said(system).total()
    for replica in replicas:
        enough = chance.randint(begun, until)
        eventually(lambda enough=enough: said(system).total() >= enough, seconds=60)  # type: ignore[misc]
        replica.kill()


def test_whoever_is_killed_in_a_tick_each_step_of_each_issue_is_announced_once(system: System) -> None:
    chance = random.Random(5)  # the same choice of kills each time
    keys = [one["_id"] for one in system.database("issues").issues.find({}, {"_id": 1})]
    expected = Counter[tuple[str, str, Any]]()
    for moment, (kind, step, point) in STEPS.items():
        system.move_clock(T0 + moment)
        kill_between_two_transactions(system, point)
        kill_while_they_tick(system, chance, until=expected.total() + ISSUES)
        expected.update((key, kind, step) for key in keys)
        due = expected.total()

        healthy = system.start("issues", replicas=2, TICK_SECONDS="0.1")
        eventually(lambda due=due: said(system).total() >= due, seconds=60)  # type: ignore[misc]
        system.settled()
        assert said(system) == expected
        for replica in healthy:
            replica.kill()

    issues = list(system.database("issues").issues.find())
    assert {(one["escalation_level"], one["responsible_unit"]) for one in issues} == {(2, "C01-G03")}
    assert system.database("issues").deadlines.count_documents({"kind": "clocks"}) == ISSUES
