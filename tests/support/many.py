"""Many issues as documents, with the shares of a real community (seed-scale.md): 304 units, three years."""

import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from services.issues import domain, repository
from services.issues.domain.counting import FOUND_BY_STAFF
from tests.support.categories import CATEGORIES
from tests.support.lives import Life, S
from tests.support.times import NOW, TIMES

MANY = int(os.environ.get("ISSUES", "4000"))  # `make reports` takes 150,000
SEED = 20250303
DAYS = 900  # of reports before the present moment; the longest case takes some hundred more
ESTATES = (2, 2, 2, 2, 2, 2, 2, 1, 1)  # of each of the nine grids
GROUPS = 278  # building groups
OPEN_SHARE = 0.013
SOURCES = {"visit": 22, "wechat": 38, "hotline": 24, "patrol": 16}
STEPS = {5: 60, 4: 26, 3: 11, 2: 2, 1: 1}
LEVELS = {"building": 50, "estate": 35, "grid": 10, "community": 5}
ENDS = {"answered": 56, "silent": 31, "merged": 7, "rejected": 2, "withdrawn": 2, "forced": 1, "handed_over": 1}
OPEN_STATES = (S.REPORTED, S.TRIAGED, S.DISPATCHED, S.IN_PROGRESS, S.IN_PROGRESS, S.HANDLED, S.SUSPENDED, S.RESOLVED)
PATTERNS = 600  # different lives, which are moved in time and place
BATCH = 2000  # documents
YES = {"contacted": True, "solved": domain.Solved.YES, "satisfied": domain.Satisfied.SATISFIED}


def units() -> list[domain.OrgUnit]:
    """The tree: C01, nine grids, sixteen estates, 278 building groups."""
    estates = [(grid, number) for grid, many in enumerate(ESTATES, 1) for number in range(many)]
    found = [_unit("C01", domain.Level.COMMUNITY, None)]
    found += [_unit(f"C01-G{grid:02}", domain.Level.GRID, "C01") for grid in range(1, 10)]
    names = [f"C01-G{grid:02}-E{number:02}" for number, (grid, _) in enumerate(estates, 1)]
    found += [_unit(name, domain.Level.ESTATE, name[:7]) for name in names]
    buildings = [f"{names[group % len(names)]}-B{group // len(names) + 1:02}" for group in range(GROUPS)]
    return found + [_unit(name, domain.Level.BUILDING, name[:11]) for name in buildings]


def _unit(org_unit_id: str, level: domain.Level, parent_id: str | None) -> domain.OrgUnit:
    return domain.OrgUnit(
        org_unit_id=org_unit_id,
        level=level,
        parent_id=parent_id,
        secretary_id=None,
        place_zh=org_unit_id,
        tree_revision=1,
        revision=1,
    )


def documents(count: int, now: datetime, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Make so many issues, the last ones of which are still open."""
    chance = random.Random(seed)
    tree = {level: [one for one in units() if one.level == level] for level in domain.Level}
    ended = [_document(_ended(chance, tree)) for _ in range(PATTERNS)]
    still_open = [_document(_open(chance, tree)) for _ in range(PATTERNS // 5)]
    for number in range(1, count + 1):
        is_open = chance.random() < OPEN_SHARE
        pattern = chance.choice(still_open if is_open else ended)
        back = timedelta(
            days=chance.uniform(0, 6) if is_open else (pattern["days_open"] or 10) + chance.uniform(1, DAYS)
        )
        moved: dict[str, Any] = _moved(pattern, now - back - NOW)
        source = _one_of(chance, SOURCES)
        unit = chance.choice(tree[_one_of(chance, LEVELS)]).org_unit_id
        yield {
            **moved,
            "_id": f"IS-{number:06}",
            "client_id": f"seed-{number}",
            "reporter_ref": f"R-{chance.randrange(6000):04}",
            "responsible_unit": unit,
            "source": source,
            "record": {**moved["record"], "found_by_staff": source in FOUND_BY_STAFF},
            "revision": 7,
        }


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, datetime):
        return value + by
    if isinstance(value, dict):
        return {name: _moved(one, by) for name, one in value.items()}
    return [_moved(one, by) for one in value] if isinstance(value, list) else value


def _document(life: Life) -> dict[str, Any]:
    return repository.issues.to_document(life.issue)


def _one_of(chance: random.Random, shares: dict[Any, int]) -> Any:
    return chance.choices(list(shares), list(shares.values()))[0]


def _triaged(chance: random.Random, tree: dict[domain.Level, list[domain.OrgUnit]]) -> Life:
    building = chance.choice(tree[domain.Level.BUILDING])
    report = domain.Report(
        reporter="R-0001",
        text="楼道堆物,请处理",
        source=domain.Source.WECHAT,
        client_id=None,
        sensitive=False,
        asset_id=f"LIFT-{chance.randrange(800)}" if chance.random() < 0.1 else None,
    )
    issue, _ = domain.report_issue("IS-0", report, building=building, estate=None, now=NOW, times=TIMES)
    found = domain.Assessment(
        category=chance.choice(list(CATEGORIES.values())),
        priority=domain.Priority.NORMAL,
        hazard=None,
        route=None,
    )
    return Life(domain.triage(issue, found, building, NOW, TIMES)[0])


def _ended(chance: random.Random, tree: dict[domain.Level, list[domain.OrgUnit]]) -> Life:
    life, end = _triaged(chance, tree), _one_of(chance, ENDS)
    life.after(days=min(90.0, chance.lognormvariate(0.7, 1.1)))
    if end in ("merged", "rejected", "withdrawn"):
        return life.take(_stopped(life)).go(S(end))
    life.go(*chance.choice([(S.IN_PROGRESS,), (S.DISPATCHED, S.IN_PROGRESS), (S.DISPATCHED, S.RETURNED)]))
    if end in ("forced", "handed_over"):
        return life.take(_stopped(life)).go(S.FORCE_CLOSED if end == "forced" else S.HANDED_OVER)
    life.go(S.IN_PROGRESS, S.HANDLED).resolve()
    return _confirmed(life, chance) if end == "answered" else _silent(life, chance)


def _stopped(life: Life) -> domain.Issue:
    return life.issue.finish(*domain.ClockKind, now=life.at)


def _confirmed(life: Life, chance: random.Random) -> Life:
    step = _one_of(chance, STEPS)
    life.after(hours=chance.uniform(1, 150)).confirm(step)
    if step < 3:
        life.after(days=2).resolve().confirm(4)
    return life.call(**YES) if life.issue.clock(domain.ClockKind.CALL_BACK) else life


def _silent(life: Life, chance: random.Random) -> Life:
    life.fall_silent()
    if chance.random() < 0.7:
        return life.after(days=1).call(**YES)
    for _ in range(TIMES.rules.most_calls):
        life.after(days=1).call(reached=False)
    return life


def _open(chance: random.Random, tree: dict[domain.Level, list[domain.OrgUnit]]) -> Life:
    life = _triaged(chance, tree)
    state = chance.choice(OPEN_STATES)
    if state is S.RESOLVED:
        return life.go(S.IN_PROGRESS).resolve()
    return life.go(state) if state in (S.REPORTED, S.TRIAGED) else life.go(S.IN_PROGRESS, state)


def fill(database: Any, count: int, now: datetime) -> None:
    """Write the tree and so many issues."""
    database["org_units"].insert_many([repository.org_units.to_document(unit) for unit in units()])
    batch: list[dict[str, Any]] = []
    for document in documents(count, now):
        batch.append(document)
        if len(batch) == BATCH:
            database["issues"].insert_many(batch, ordered=False)
            batch = []
    if batch:
        database["issues"].insert_many(batch, ordered=False)
