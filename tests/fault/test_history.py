"""What is kept of a run that failed, and what the same seed repeats."""

import gzip
import json
import random
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from tests.fault import history
from tests.fault.client import Command, Journal
from tests.fault.findings import Findings
from tests.fault.flood import rubbish
from tests.fault.history import History
from tests.fault.injector import Fault
from tests.fault.load import Case
from tests.fault.schedule import AT_POINT, KILL, OTHERS, plan

SEED = 7


def test_the_history_of_a_run_is_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", tmp_path)
    (logs := tmp_path / "system").mkdir()
    (logs / "issues-0.log").write_text("a line", encoding="utf-8")
    schedule = plan(SEED, 10)
    fault = Fault(step=schedule[0], target="issues#0", ended=1.0)
    case = Case(kind="issue_case", name="1", began=0.0, ended=1.0, due={"hours": {"DP-0001/V-101": 200}})
    command = Command(service="issues", method="triage", command_id="1", fields={"issue_id": "IS-0001"})
    made = History(seed=SEED, journal=Journal(commands={"1": command}), cases=[case], schedule=schedule, faults=[fault])
    folder = made.keep([(1.0, rubbish(random.Random(SEED))[0])], Findings(lost=["an event"]), logs)
    with gzip.open(folder / "history.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = Counter(next(iter(json.loads(line))) for line in file)
    assert rows == {"fault": 1, "command": 1, "published": 1, "case": 1, "finding": 1}
    planned = (folder / "schedule.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["step"]["kind"] for line in planned] == [step.kind for step in schedule]
    with tarfile.open(folder / "logs.tar.gz") as archive:
        assert "logs/issues-0.log" in archive.getnames()


def test_a_seed_makes_the_same_schedule_and_the_same_rubbish_again() -> None:
    assert plan(SEED, 200) == plan(SEED, 200) != plan(SEED + 1, 200)
    kinds = Counter(step.kind for step in plan(SEED, 200))
    assert kinds[KILL] + kinds[AT_POINT] == 200
    assert sum(kinds[kind] for kind in OTHERS) >= 20
    assert all(kinds[kind] for kind in (KILL, AT_POINT, *OTHERS))
    assert rubbish(random.Random(SEED))[1] == rubbish(random.Random(SEED))[1]
