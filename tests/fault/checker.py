"""The last look, in the manner of Jepsen's total queue: what went in, what was acknowledged, what came of it.

lost        acknowledged or announced, and without its effect
twice       one cause, two effects
unexpected  an effect without a cause
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from services.notify.domain.rules import RULES
from shared.broker.topology import Manifest
from tests.fault.client import Journal
from tests.fault.findings import Findings
from tests.fault.load import HOURS, Case
from tests.support.announced import announced
from tests.support.system import SERVICES, System

# What may happen once for each value of these fields; every other fact once for its subject.
ONCE = {
    "dispatch.offered": ("dispatch_id", "volunteer_id"),
    "dispatch.accepted": ("dispatch_id", "volunteer_id"),
    "volunteer.qualified": ("volunteer_id", "qualification"),
    "star.awarded": ("volunteer_id", "star"),
}
AGAIN_AND_AGAIN = {"org_unit.updated", "org_tree.requested", "events.requested", "notification.failed"}


@dataclass(kw_only=True)
class Wanted:
    """What the run asked for, beyond what stands in the outboxes."""

    journal: Journal
    cases: list[Case]
    outside: dict[str, dict[str, Any]] = field(default_factory=dict)
    learned: set[tuple[str, str]] = field(default_factory=set)
    served: dict[str, tuple[str, ...]] = field(default_factory=dict)


def look(system: System, wanted: Wanted) -> Findings:
    """Compare what was asked for with what the databases hold."""
    findings = Findings()
    events = {**_announced(system), **wanted.outside}
    findings.events = len(events)
    findings.outbox = sum(system.database(service).outbox.count_documents({"pending": True}) for service in SERVICES)
    findings.parked = [f"{row['queue']} {row['reason']}: {row['detail']} {row['event_id']}" for row in system.parked()]
    _commands(system, wanted.journal, findings)
    _deliveries(system, events, findings)
    _facts(events, wanted.outside, findings)
    _hours(system, wanted, findings)
    _learning(system, wanted, findings)
    _courses(system, wanted, findings)
    _messages(system, events, findings)
    return findings


def _announced(system: System) -> dict[str, dict[str, Any]]:
    """Return every event that stands in an outbox, by id."""
    return {event["id"]: event for service in SERVICES for event in announced(system.database(service))}


def _told(event: Mapping[str, Any]) -> str:
    """Say which event it is and where it was last seen."""
    sent = event.get("sent_at", "published by the test")
    return f"{event['type']} {event['subject']} id={event['id']} sequence={event.get('sequence')} sent={sent}"


def _commands(system: System, journal: Journal, findings: Findings) -> None:
    """Every acknowledged command is remembered with the answer that was given, and no other."""
    known = {
        row["_id"]: (service, row["command"], row["answer"])
        for service in SERVICES
        for row in system.database(service).processed_commands.find()
    }
    for command in journal.acknowledged:
        given = (command.service, command.method, command.answer)
        if known.get(command.command_id) != given:
            findings.lost.append(f"command {command} is remembered as {known.get(command.command_id)}")
    findings.effects += len(journal.acknowledged)


def _deliveries(system: System, events: Mapping[str, Mapping[str, Any]], findings: Findings) -> None:
    """Every event was handled once by each handler that takes it."""
    inboxes = {service: system.database(service).processed_events for service in SERVICES}
    handled = {
        (service, row["handler"], row["event_id"]): row for service, inbox in inboxes.items() for row in inbox.find()
    }
    for one in Manifest.read("deploy/topology.json").subscriptions:
        for event in events.values():
            if event["type"] != one.type or event["source"] not in one.sources:
                continue
            row = handled.pop((one.service, one.handler, event["id"]), None)
            if row is None:
                findings.lost.append(f"{_told(event)} was never handled by {one.queue}")
            else:
                findings.effects += 1
                findings.redelivered[one.queue] += row["deliveries"] - 1
    findings.unexpected += [f"{key} was handled and never announced: {row}" for key, row in handled.items()]


def _facts(
    events: Mapping[str, Mapping[str, Any]], outside: Mapping[str, Mapping[str, Any]], findings: Findings
) -> None:
    """What can happen once was announced once."""
    seen: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for event in events.values():
        if event["id"] in outside or event["type"] in AGAIN_AND_AGAIN:
            continue
        names = ONCE.get(event["type"])
        about = tuple(str(event["data"][name]) for name in names) if names else (event["subject"],)
        earlier = seen.setdefault((event["type"], *about), event)
        if earlier is not event:
            findings.twice.append(f"{_told(event)} and {_told(earlier)}")


def _hours(system: System, wanted: Wanted, findings: Findings) -> None:
    """One row of the ledger for each who served, totals that are the sum of it, and nobody left with work."""
    served = {case.name: case.people for case in wanted.cases if case.kind == "issue"} | wanted.served
    due = {f"{dispatch}/{person}": HOURS * 100 for dispatch, people in served.items() for person in people}
    database = system.database("volunteer")
    rows = {row["_id"]: row for row in database.hours_ledger.find()}
    findings.compare("hours", due, {key: row["hundredths"] for key, row in rows.items()})
    totals: Counter[str] = Counter()
    for row in rows.values():
        totals[row["volunteer_id"]] += row["hundredths"]
    for volunteer in database.volunteers.find():
        credited = volunteer["hundredths"] - volunteer["opening_hundredths"]
        if credited != totals[volunteer["_id"]]:
            kind = findings.twice if credited > totals[volunteer["_id"]] else findings.lost
            kind.append(f"{volunteer['_id']} has {credited} hundredths, the ledger {totals[volunteer['_id']]}")
        if volunteer["open_offers"] or volunteer["open_jobs"]:
            findings.lost.append(f"{volunteer['_id']} still has work: {volunteer}")


def _learning(system: System, wanted: Wanted, findings: Findings) -> None:
    """Each completion stands once on the record of its person."""
    taught = {(case.name, person) for case in wanted.cases if case.kind == "course" for person in case.people}
    kept = Counter(
        (completion["course_id"], record["person_id"])
        for record in system.database("volunteer").learning_records.find()
        for completion in record["completions"]
    )
    findings.compare("completion", dict.fromkeys(taught | wanted.learned, 1), kept)


def _courses(system: System, wanted: Wanted, findings: Findings) -> None:
    """Seats are right, and the counters of the academy are the sum of what they count."""
    database = system.database("enrollment")
    people = {case.name: set(case.people) for case in wanted.cases if case.kind == "course"}
    for course in database.courses.find():
        seats = course["seats"]
        if len({seat["seat_no"] for seat in seats}) != len(seats) or len(seats) > course["capacity"]:
            findings.twice.append(f"seats of {course['_id']}: {seats}")
        if course["_id"] in people and {seat["person_id"] for seat in seats} != people[course["_id"]]:
            findings.lost.append(f"{course['_id']} seats {seats}, wanted {people[course['_id']]}")
    tallies = list(database.tallies.find())
    counted = {name: sum(tally[name] for tally in tallies) for name in ("person_times", "completed")}
    present = database.attendances.count_documents({})
    completed = len(announced(database, "course.completed"))
    findings.compare("counter", {"person_times": present, "completed": completed}, counted)


def _messages(system: System, events: Mapping[str, Mapping[str, Any]], findings: Findings) -> None:
    """Everybody named by a fact has one message about it, delivered, and the provider has it once."""
    due = {(event["id"], person): 1 for event in events.values() for person in _recipients(event)}
    written = list(system.database("notify").notifications.find({"cause_event_id": {"$in": list(events)}}))
    findings.compare("message", due, Counter((row["cause_event_id"], row["person_ref"]) for row in written))
    delivered = {f"{row['_id']}:{row['channel']}": 1 for row in written if row["state"] == "delivered"}
    box = Counter(one["idempotency_key"] for one in requests.get(f"{system.gateway}/messages", timeout=10).json())
    findings.compare("delivery", delivered, box)
    for row in written:
        if row["state"] != "delivered":
            findings.lost.append(f"message {row['_id']} to {row['person_ref']} is {row['state']}: {row['failures']}")


def _recipients(event: Mapping[str, Any]) -> Iterable[str]:
    rule = RULES.get(event["type"])
    named = event["data"].get(rule.to) if rule else None
    return dict.fromkeys(named) if isinstance(named, list) else [named] if named else []
