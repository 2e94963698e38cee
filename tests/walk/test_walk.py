"""The whole table, walked at random on three replicas: the invariants of lifecycles.md hold after every step.

`make walk STEPS=50000 SEED=7`; without a seed one is drawn and printed. The same seed tries the same things in the same
order; which of two that meet comes first is the machine's, so a race may need a few runs to come again.
"""

import os
import random
from datetime import timedelta
from typing import Any

import pytest

from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.table import BY_ITSELF
from tests.e2e.fixture import TREE
from tests.support.eventually import eventually
from tests.support.lines import LINES
from tests.support.system import System
from tests.walk import checks
from tests.walk.moves import MOVES, OUTSIDE
from tests.walk.walker import Walk
from tests.walk.watcher import Watcher

pytestmark = [pytest.mark.walk, pytest.mark.timeout(1800)]
STEPS = int(os.environ.get("WALK_STEPS") or 10_000)
SEED = int(os.environ.get("WALK_SEED") or random.randrange(1_000_000))


def begin(story: System) -> Any:
    """Start three replicas with a tree and outside units."""
    story.start("issues", replicas=3, TICK_SECONDS="0.5")
    for unit in TREE:
        story.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
    database = story.database("issues")
    eventually(lambda: database.org_units.count_documents({}) == len(TREE))
    units = [
        {"unit_id": unit, "kind": "department", "label_zh": unit, "label_en": unit, "persons": list(persons)}
        for unit, persons in OUTSIDE.items()
    ]
    story.call("issues", "set_units", units=units)
    return database


def miscounted(walk: Walk) -> list[Any]:
    """Let the service recount, and return what a report has wrong."""
    since, until = (walk.now - timedelta(days=1000)).date(), walk.now.date()
    check = walk.system.call("issues", "check_report", since=since.isoformat(), until=until.isoformat())
    assert check["reported"] > 0
    return [*check["differences"], *check["wrong_issues"]]


def test_a_walk_at_random_breaks_no_invariant(story: System) -> None:
    print(f"\nWALK_SEED={SEED} WALK_STEPS={STEPS}")  # noqa: T201 -- so that a failing walk can be repeated
    database = begin(story)
    watcher = Watcher(database)
    walk = Walk(system=story, seed=SEED)
    walk.go(STEPS)
    walk.client.close()
    story.settled(seconds=120)
    watcher.stop()
    events = list(story.recorder.events.values())
    logs = sorted(story.folder.glob("*.log"))
    assert logs

    found = {
        "surprises": walk.surprises,
        "I1": list(checks.outside_the_table(watcher.versions)),
        "I2": list(checks.handled_and_verified(watcher.versions)),
        "I3": list(checks.confirmed_by_strangers(watcher.versions)),
        "I4": list(checks.returned_after_ruling(watcher.versions)),
        "I5": list(checks.escalated_twice(events)),
        "I6": list(checks.out_of_sequence(events)),
        "I7": list(checks.reported_twice(watcher.versions)),
        "I8": list(checks.restored_otherwise(watcher.versions)),
        "I9": miscounted(walk),
        "I10": list(checks.overheard(events, logs)),
    }
    LINES.append(
        f"walk: seed={SEED} steps={walk.steps} issues={len(watcher.versions)} "
        f"versions={sum(map(len, watcher.versions.values()))} done={walk.done.total()} "
        f"refused={walk.refused.total()} events={len(events)} "
        + " ".join(f"{name}={len(broken)}" for name, broken in found.items())
    )
    LINES.append("walk, done: " + ", ".join(f"{command} {times}" for command, times in sorted(walk.done.items())))
    LINES.append("walk, refused: " + ", ".join(f"{code} {times}" for code, times in walk.refused.most_common()))
    assert {name: broken[:5] for name, broken in found.items() if broken} == {}
    assert story.parked() == []


def test_the_walk_knows_every_command_of_the_table() -> None:
    commands = {row.command for row in ISSUE.rows if BY_ITSELF not in row.who}
    assert commands - MOVES.keys() - {"report_issue", "acknowledge_hand_over", "record_district_result"} == set()
