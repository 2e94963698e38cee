"""The whole history of a run that failed, kept to be read: what was planned, done, asked, answered, found, logged."""

import gzip
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.fault.client import Journal
from tests.fault.findings import Findings
from tests.fault.injector import Fault
from tests.fault.load import Case
from tests.fault.outside import Parcel
from tests.fault.schedule import Step
from tests.support.processes import ROOT

KEPT = ROOT / ".local" / "faults"


@dataclass(kw_only=True)
class History:
    """What happened in a run, as it happens."""

    seed: int
    journal: Journal
    cases: list[Case]
    schedule: list[Step] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return KEPT / str(self.seed)

    def keep_schedule(self) -> Path:
        """Write down what is going to be done."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "schedule.jsonl"
        path.write_text("".join(_line({"step": asdict(step)}) for step in self.schedule), encoding="utf-8")
        return path

    def keep(self, parcels: Iterable[tuple[float, Parcel]], findings: Findings | None, logs: Path) -> Path:
        """Write down everything, compressed, a JSON object on each line, and the logs of all processes beside it."""
        self.keep_schedule()
        with gzip.open(self.folder / "history.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(map(_line, self._rows(parcels, findings)))
        with tarfile.open(self.folder / "logs.tar.gz", "w:gz") as archive:
            archive.add(logs, "logs")
        return self.folder

    def _rows(self, parcels: Iterable[tuple[float, Parcel]], findings: Findings | None) -> Iterator[dict[str, Any]]:
        yield from ({"fault": _fault(one)} for one in self.faults)
        yield from ({"command": asdict(one)} for one in list(self.journal.commands.values()))
        yield from ({"published": {"at": moment, **asdict(one)}} for moment, one in parcels)
        yield from ({"case": _case(one)} for one in list(self.cases))
        for kind, found in (findings.kinds if findings else {}).items():
            yield from ({"finding": {"kind": kind, "text": text}} for text in found)


def _fault(fault: Fault) -> dict[str, Any]:
    shown = ("target", "began", "ended", "recovered")
    return {"number": fault.step.number, "kind": fault.step.kind, **{name: getattr(fault, name) for name in shown}}


def _case(case: Case) -> dict[str, Any]:
    due = [[kind, key, value] for kind, wanted in case.due.items() for key, value in wanted.items()]
    return {"kind": case.kind, "name": case.name, "began": case.began, "ended": case.ended, "due": due}


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> str:
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)
