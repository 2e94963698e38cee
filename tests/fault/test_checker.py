"""The checker finds what is wrong: a healthy run passes, and each way to spoil it is found under its name."""

import copy
import os
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from shared.broker.topology import Manifest
from tests.fault import community
from tests.fault.cases import KINDS
from tests.fault.checker import Wanted, look
from tests.fault.client import Command, Hand, Journal
from tests.fault.due import together
from tests.fault.findings import Findings
from tests.fault.flood import Flood
from tests.fault.order import check_all_there, check_order
from tests.fault.quiet import wait_until_quiet
from tests.fault.snapshot import Row, Snapshot
from tests.support.servers import Place
from tests.support.system import System

pytestmark = [pytest.mark.server, pytest.mark.timeout(180)]
SEED = 4  # of a run in which there is something of every kind
CASES_OF_EACH = 3
TALES = 60
MANIFEST = Manifest.read("deploy/topology.json")


@dataclass
class Seen:
    """What a run asked for and what came of it."""

    snapshot: Snapshot
    wanted: Wanted

    def look(self) -> Findings:
        return look(self.snapshot, self.wanted, MANIFEST)

    def rows(self, service: str, collection: str) -> list[Row]:
        return self.snapshot.rows[service][collection]

    def one(self, service: str, collection: str, **where: Any) -> Row:
        return next(row for row in self.rows(service, collection) if where.items() <= row.items())


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Run cases of every kind and tales of every kind, without any fault."""
    if "AMQP_URI" not in os.environ:
        pytest.fail("no servers: run `make test`, or `python3 -m deploy.local exec -- pytest …` after `make up`")
    place = Place.make()
    system = System(place, tmp_path_factory.mktemp("healthy"), services=())
    journal = Journal()
    hand, flood = Hand(place.amqp_uri, journal, threading.Event()), Flood(place.amqp_uri, SEED)
    try:
        system.start_gateway()
        system.start_all()
        with system.rpc() as rpc:
            community.settle_in(system, rpc)
        for number in range(TALES):
            flood.tell(number)
        dues = [
            kind(hand, f"{SEED}-{kind.__name__}-{number}", random.Random(f"{SEED}/{kind.__name__}/{number}"))
            for kind in KINDS
            for number in range(CASES_OF_EACH)
        ]
        wait_until_quiet(system, seconds=60)
        due = together([community.due(), flood.due, *dues])
        yield Seen(Snapshot.of(system), Wanted(journal=journal, due=due, outside=flood.outside.confirmed))
    finally:
        hand.close()
        flood.outside.close()
        system.stop()
        place.remove()


@pytest.fixture
def seen(healthy: Seen) -> Seen:
    """Give a copy that a test may spoil."""
    return copy.deepcopy(healthy)


def test_a_healthy_run_has_nothing_wrong_and_something_of_every_kind(healthy: Seen) -> None:
    findings = healthy.look()
    assert not findings.wrong, str(findings)
    assert findings.events > 100
    assert findings.effects > findings.events
    assert healthy.wanted.journal.refused
    kinds = ("issue", "deliberation", "project", "course", "unit", "contact", "sent", "hours", "completion", "seat",
             "refused", "parked")  # fmt: skip
    assert [kind for kind in kinds if not healthy.wanted.due[kind]] == []


# -- what is lost


def forget_an_event(seen: Seen) -> None:
    seen.rows("volunteer", "processed_events").remove(
        seen.one("volunteer", "processed_events", handler="on_issue_help_requested")
    )


def forget_a_command(seen: Seen) -> None:
    seen.rows("issues", "processed_commands").remove(seen.one("issues", "processed_commands", command="report_issue"))


def acknowledge_what_never_was(seen: Seen) -> None:
    ghost = Command(service="issues", method="triage", command_id="ghost", fields={}, acknowledged=True, answer={})
    seen.wanted.journal.commands["ghost"] = ghost


def lose_hours(seen: Seen) -> None:
    seen.rows("volunteer", "hours_ledger").pop()


def lose_a_message(seen: Seen) -> None:
    seen.rows("notify", "notifications").remove(seen.one("notify", "notifications", template="hours_credited"))


def lose_a_seat(seen: Seen) -> None:
    next(course for course in seen.rows("enrollment", "courses") if course["seats"])["seats"].pop()


def keep_an_old_copy(seen: Seen) -> None:
    seen.one("issues", "org_units", _id=community.ESTATE)["tree_revision"] = 0


def do_not_park_rubbish(seen: Seen) -> None:
    seen.rows("volunteer", "parked").pop()


def handle_what_must_be_refused(seen: Seen) -> None:
    seen.one("notify", "processed_events", result="refused:no_recipient")["result"] = "done"


def stop_half_way(seen: Seen) -> None:
    seen.one("issues", "issues", state="closed")["state"] = "resolved"


# -- what is done twice


def credit_twice(seen: Seen) -> None:
    seen.rows("volunteer", "hours_ledger")[0]["hundredths"] *= 2


def credit_twice_without_a_row(seen: Seen) -> None:
    seen.rows("volunteer", "volunteers")[0]["hundredths"] += 100


def tell_twice(seen: Seen) -> None:
    again = seen.one("notify", "notifications", template="hours_credited")
    seen.rows("notify", "notifications").append({**again, "_id": "again"})


def deliver_twice(seen: Seen) -> None:
    seen.snapshot.sent.append(seen.snapshot.sent[0])


def announce_twice(seen: Seen) -> None:
    row = seen.one("volunteer", "outbox", type="dispatch.filled")
    body = row["body"].decode().replace(row["_id"], "again").encode()
    seen.rows("volunteer", "outbox").append({**row, "_id": "again", "body": body})


def learn_twice(seen: Seen) -> None:
    record = next(one for one in seen.rows("volunteer", "learning_records") if one["completions"])
    record["completions"].append(record["completions"][0])


def ask_one_person_twice(seen: Seen) -> None:
    offers = seen.rows("volunteer", "dispatches")[0]["offers"]
    offers.append(offers[0])


# -- what nobody asked for


def handle_what_nobody_announced(seen: Seen) -> None:
    row = seen.one("volunteer", "processed_events", handler="on_course_completed")
    seen.rows("volunteer", "processed_events").append({**row, "_id": "ghost", "event_id": "ghost"})


def credit_a_stranger(seen: Seen) -> None:
    seen.rows("volunteer", "hours_ledger").append({"_id": "DP-ghost/V-101", "volunteer_id": "V-101", "hundredths": 0})


def report_what_nobody_reported(seen: Seen) -> None:
    seen.rows("issues", "issues").append({**seen.rows("issues", "issues")[0], "_id": "IS-ghost"})


def remember_what_was_refused(seen: Seen) -> None:
    refused = seen.wanted.journal.refused[0].command_id
    seen.rows("issues", "processed_commands").append({"_id": refused, "command": "resolve", "answer": None})


def leave_the_table(seen: Seen) -> None:
    row = seen.one("issues", "outbox", type="issue.triaged")
    row["body"] = row["body"].decode().replace('"issue.triaged"', '"issue.closed"').encode()


def seat_too_many(seen: Seen) -> None:
    next(course for course in seen.rows("enrollment", "courses") if course["seats"])["capacity"] = 0


# -- what is parked or left although nothing is wrong with it


def park_what_is_healthy(seen: Seen) -> None:
    row = {"queue": "notify.on_issue_closed", "event_id": "e", "state": "parked", "reason": "defect", "detail": ""}
    seen.rows("notify", "parked").append(row)


SPOILT: dict[str, list[Callable[[Seen], None]]] = {
    "lost": [
        forget_an_event, forget_a_command, acknowledge_what_never_was, lose_hours, lose_a_message, lose_a_seat,
        keep_an_old_copy, do_not_park_rubbish, handle_what_must_be_refused, stop_half_way,
    ],
    "twice": [
        credit_twice, credit_twice_without_a_row, tell_twice, deliver_twice, announce_twice, learn_twice,
        ask_one_person_twice,
    ],
    "unexpected": [
        handle_what_nobody_announced, credit_a_stranger, report_what_nobody_reported, remember_what_was_refused,
        leave_the_table, seat_too_many,
    ],
    "parked healthy": [park_what_is_healthy],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [pytest.param(kind, spoil, id=spoil.__name__) for kind, ways in SPOILT.items() for spoil in ways],
)
def test_what_is_wrong_is_found_under_its_name(seen: Seen, kind: str, spoil: Callable[[Seen], None]) -> None:
    spoil(seen)
    assert seen.look().kinds[kind], f"{spoil.__name__} was not found"


def test_what_is_left_in_an_outbox_is_found(seen: Seen) -> None:
    seen.rows("issues", "outbox")[0]["pending"] = True
    assert seen.look().outbox == 1
    assert seen.look().wrong


def test_what_was_never_acknowledged_and_is_there_is_recovered_and_not_wrong(seen: Seen) -> None:
    command = seen.wanted.journal.acknowledged[0]
    command.acknowledged = False
    findings = seen.look()
    assert findings.recovered == 1
    assert not findings.wrong


ANNOUNCED = {"a": [1, 2, 3], "b": [4, 7]}


@pytest.mark.parametrize(
    ("handled", "kind"),
    [
        ({"a": [1, 3, 2], "b": [4, 7]}, "out of order"),
        ({"a": [1, 2], "b": [4, 7]}, "lost"),
        ({"a": [1, 2, 2, 3], "b": [4, 7]}, "twice"),
        ({"a": [1, 2, 3], "b": [4, 7, 8]}, "unexpected"),
        ({"a": [1, 2, 3], "b": [4, 7], "c": [1]}, "unexpected"),
    ],
)
def test_the_order_of_a_subject_is_judged(handled: dict[str, list[int]], kind: str) -> None:
    findings = Findings()
    check_all_there(ANNOUNCED, handled, findings)
    check_order(handled, findings)
    assert [name for name, found in findings.kinds.items() if found] == [kind]
