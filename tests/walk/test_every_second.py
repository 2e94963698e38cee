"""Story 4 with three clocks that tick in every second of its time: each step up the tree happens once, at its second.

The story itself (tests/e2e) ticks every minute, and every second near a step, through calls to three replicas.
"""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.clock import COMMUNITY_TIME, set_test_clock
from shared.store import Store
from tests.e2e.fixture import B09
from tests.support.announced import announced
from tests.support.asking import Desk
from tests.support.lines import LINES
from tests.support.planted import planted
from tests.support.processes import ROOT
from tests.support.servers import Place
from tests.support.system import T0

pytestmark = [pytest.mark.walk, pytest.mark.timeout(3000)]
REPLICAS = 3
UNTIL = datetime(2025, 3, 14, 10, tzinfo=COMMUNITY_TIME)  # an hour after the district has it


def begin(place: Place) -> Store:
    """Make the database of issues with tree, categories and one waste station that nobody acts on."""
    store = planted(place)
    store.database.counters.insert_one({"_id": "IS", "last": 400})
    desk = Desk(store)
    desk.command("report_issue", reporter="R-1001", building_id=B09, text="垃圾站点异味")
    desk.command("triage", "IS-0401", category="waste_station")
    return store


def test_three_clocks_that_tick_every_second_take_each_step_once(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    set_test_clock(tmp_path / "clock", T0)
    store = begin(place)
    command = [sys.executable, "-W", "ignore", "-m", "tests.walk.ticking", place.mongodb_uri, place.prefix]
    clocks = [
        subprocess.Popen([*command, T0.isoformat(), UNTIL.isoformat()], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(REPLICAS)
    ]
    told = [clock.communicate()[0].split() for clock in clocks]

    seconds = (UNTIL - T0) // timedelta(seconds=1)
    assert [clock.returncode for clock in clocks] == [0] * REPLICAS
    assert [int(ticks) for ticks, _ in told] == [seconds] * REPLICAS
    events = [one for one in announced(store.database) if one["subject"] == "IS-0401"]
    steps = [
        (one["data"]["escalation_level"], one["data"]["to_unit"], datetime.fromisoformat(one["time"]))
        for one in events
        if one["type"] == "issue.escalated"
    ]
    assert steps == [
        (1, "C01-G03-E07", datetime(2025, 3, 4, 9, tzinfo=COMMUNITY_TIME)),
        (2, "C01-G03", datetime(2025, 3, 6, 9, tzinfo=COMMUNITY_TIME)),
        (3, "C01", datetime(2025, 3, 9, 9, tzinfo=COMMUNITY_TIME)),
    ]
    [over] = [one for one in events if one["type"] == "issue.handed_over"]
    assert datetime.fromisoformat(over["time"]) == datetime(2025, 3, 14, 9, tzinfo=COMMUNITY_TIME)
    assert store.database.issues.find_one({"_id": "IS-0401"})["state"] == "handed_over"
    LINES.append(
        f"story 4: {REPLICAS} clocks, {seconds:,} ticks each, effects by clock {[int(one[1]) for one in told]}"
    )
    store.client.close()
