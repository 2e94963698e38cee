"""What is counted along the way is what a recount finds, after a random life; and the recount can find something."""

import dataclasses
import random
from datetime import timedelta

import pytest

from services.issues import domain, repository
from services.issues.service.keeping import keep
from shared import clock
from shared.actor import Actor
from shared.errors import Forbidden, Refusal
from shared.schemas import dump
from tests.support.asking import Desk
from tests.support.categories import CATEGORIES
from tests.support.lives import S
from tests.support.many import units
from tests.support.times import TIMES

pytestmark = pytest.mark.server
LIVES, STEPS, SEED = 300, 12, 20250303
BY_COMMANDS = {row.command for row in domain.ISSUE.rows if row.states and row.command != "archive"}
START = clock.now() - timedelta(days=200)
DAYS = {"since": START.date().isoformat(), "until": clock.now().date().isoformat()}


def reported(number, chance, now):
    [building] = [unit for unit in chance.sample(units(), 304) if unit.level == domain.Level.BUILDING][:1]
    report = domain.Report(
        reporter=f"R-{number}",
        text="灯坏了",
        source=chance.choice(list(domain.Source)),
        client_id=None,
        sensitive=chance.random() < 0.1,
        asset_id=f"LAMP-{chance.randrange(30)}" if chance.random() < 0.5 else None,
    )
    issue, _ = domain.report_issue(f"IS-{number:04}", report, building=building, estate=None, now=now, times=TIMES)
    return issue


def triage(issue, chance, now):
    unit = next(one for one in units() if one.org_unit_id == issue.building_id)
    found = domain.Assessment(
        category=chance.choice(list(CATEGORIES.values())), priority=domain.Priority.NORMAL, hazard=None, route=None
    )
    return domain.triage(issue, found, unit, now, TIMES)[0]


def resolve(issue, chance, now):
    outcome = chance.choice([domain.Outcome.SOLVED, domain.Outcome.PARTLY])
    return domain.resolve(issue, by="P-0009", outcome=outcome, now=now, times=TIMES)[0]


def confirm(issue, chance, now):
    answer = domain.Answer(by=issue.reporter_ref, satisfaction=chance.randint(1, 5), via=domain.Via.SMS, remark=None)
    return domain.confirm(issue, answer, None, now, TIMES)[0]


def call_back(issue, chance, now):
    reached = chance.random() < 0.7
    call = domain.CallBack(
        by=f"P-{chance.randrange(10**6)}",
        reached=reached,
        contacted=chance.choice([True, False]) if reached else None,
        solved=chance.choice(list(domain.Solved)) if reached else None,
        satisfied=chance.choice(list(domain.Satisfied)) if reached else None,
        channel=domain.Via.VOICE,
    )
    return domain.record_call_back(issue, call, None, now, TIMES)[0]


RULES = {
    "triage": triage,
    "resolve": resolve,
    "confirm": confirm,
    "confirm_automatically": lambda issue, _, now: domain.confirm_automatically(issue, now, TIMES)[0],
    "record_call_back": call_back,
    "answer_durability": lambda issue, *_: issue,
}


def next_step(issue, chance, now):
    """Take any step that the table allows: by its own rule, or into one of the states that it may lead to."""
    rows = [row for row in domain.ISSUE.rows if issue.state in row.states and row.command in BY_COMMANDS]
    if not rows:
        return issue
    row = chance.choice(rows)
    if row.command in RULES:
        return RULES[row.command](issue, chance, now)
    target = chance.choice(row.to or (issue.state,))
    moved = issue.finish(*domain.ClockKind, now=now) if target in (*domain.ENDED, S.MERGED) else issue
    return dataclasses.replace(moved, state=target)


@pytest.fixture
def desk(own_store):
    return Desk(own_store)


@pytest.fixture(scope="module")
def lived(own_store):
    """Three hundred issues after twelve steps each, in random order."""
    store, chance, now = own_store, random.Random(SEED), START
    store.database["org_units"].insert_many([repository.org_units.to_document(unit) for unit in units()])
    numbers = list(range(LIVES))
    with store.transaction(now=now) as tx:
        for number in numbers:
            keep(tx, reported(number, chance, now))
    for _ in range(STEPS):
        chance.shuffle(numbers)
        with store.transaction(now=now) as tx:
            repository.issues.find_many(tx, [f"IS-{number:04}" for number in numbers])
            for number in numbers:
                issue = repository.issues.get(tx, f"IS-{number:04}")
                keep(tx, next_step(issue, chance, now))
        now += timedelta(hours=chance.uniform(5, 200))
    return store


def test_after_a_random_life_of_three_hundred_issues_a_recount_finds_no_difference(lived, desk):
    answer = desk.ask("check_report", **DAYS)

    states = {row["state"] for row in lived.database["issues"].find({}, {"state": 1})}
    assert (answer["reported"], answer["differences"], answer["wrong_issues"]) == (LIVES, [], [])
    assert answer["ended"] > 50
    assert len(states) > 10


def test_the_rates_of_the_report_are_those_of_the_issues_one_by_one(lived, desk):
    with lived.transaction() as tx:
        issues = repository.issues.query(tx, {})
    lines = [domain.recount(issue) for issue in issues if issue.ended_at is not None]

    answer = desk.ask("satisfaction_report", **DAYS)

    assert answer["total"] == dump(domain.rates({line: lines.count(line) for line in set(lines)}, domain.Rules()))


def test_a_line_that_is_wrong_is_found_and_named(lived, desk):
    right = lived.database["issues"].find_one({"ended_as": "closed", "round": 1})
    record = domain.Record.read(right["line"])
    wrong = {**right, "line": str(dataclasses.replace(record, rounds=2, ended_as=S.HANDED_OVER))}
    lived.database["issues"].replace_one({"_id": right["_id"]}, wrong)

    answer = desk.ask("check_report", **DAYS)

    lived.database["issues"].replace_one({"_id": right["_id"]}, right)
    assert answer["wrong_issues"] == [right["_id"]]
    assert {one["report"] for one in answer["differences"]} == {"satisfaction_report"}
    assert {"reopened", "answered"} <= {one["figure"] for one in answer["differences"]}


def test_only_an_administrator_recounts(lived, desk):
    with pytest.raises(Forbidden):
        desk.ask("check_report", **DAYS, of=Actor(id="P-0007", roles=("verifier",)))


def test_a_recount_of_too_many_issues_is_refused(lived, desk, monkeypatch):
    monkeypatch.setattr(repository.reports, "MOST_RECOUNTED", 100)

    with pytest.raises(Refusal, match="more than 100 issues; choose fewer days"):
        desk.ask("check_report", **DAYS)
