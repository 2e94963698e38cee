"""Ways to spoil what a healthy run left behind, each under the name by which the checker has to find it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.broker.topology import Manifest
from tests.fault import community
from tests.fault.checker import Wanted, look
from tests.fault.client import Command
from tests.fault.findings import Findings
from tests.fault.snapshot import Row, Snapshot

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


def let_somebody_wait_beside_a_free_seat(seen: Seen) -> None:
    course = next(course for course in seen.rows("enrollment", "courses") if course["seats"])
    waiting = [{"person_id": "V-ghost", "ticket": 1000}]
    course |= {"state": "running", "capacity": 500, "waiting": waiting}


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
        leave_the_table, seat_too_many, let_somebody_wait_beside_a_free_seat,
    ],
    "parked healthy": [park_what_is_healthy],
}  # fmt: skip
