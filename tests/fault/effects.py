"""What stands in the databases because of the work that was done: exactly what is due, in every service."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from services.notify.domain.rules import RULES
from tests.fault.due import Due
from tests.fault.findings import Findings
from tests.fault.snapshot import Row, Snapshot

STATES = {"issue": "issues", "deliberation": "issues", "project": "issues", "course": "enrollment"}  # and their owner
REVISION = {"volunteer": "version", "issues": "tree_revision", "notify": "announced"}  # of a unit, as each names it


def check(snapshot: Snapshot, due: Due, events: Mapping[str, Mapping[str, Any]], findings: Findings) -> None:
    """Compare every kind of effect with what is due."""
    for kind, service in STATES.items():
        findings.compare(
            kind, due[kind], {row["_id"]: row["state"] for row in snapshot.of_service(service, f"{kind}s")}
        )
    units = {
        (service, row["_id"]): row[name]
        for service, name in REVISION.items()
        for row in snapshot.of_service(service, "org_units")
    }
    findings.compare("unit", due["unit"], units)
    contacts = {row["_id"]: row["addresses"]["wechat"] for row in snapshot.of_service("notify", "contacts")}
    findings.compare("contact", due["contact"], contacts)
    marks = {
        (f"{one}.{row['handler']}", row["event_id"]): row["result"] for one, row in snapshot.of_all("processed_events")
    }
    refused = {key: marks[key].removeprefix("refused:") for key in due["refused"] if key in marks}
    findings.compare("refusal", due["refused"], refused)
    _hours(snapshot, due, findings)
    _learning(snapshot, due, findings)
    _courses(snapshot, due, findings)
    _messages(snapshot, due, events, findings)


def _hours(snapshot: Snapshot, due: Due, findings: Findings) -> None:
    """One row of the ledger for each who served, totals that are the sum of it, and nobody left with work."""
    rows = snapshot.of_service("volunteer", "hours_ledger")
    findings.compare("hours", due["hours"], {row["_id"]: row["hundredths"] for row in rows})
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["volunteer_id"]] += row["hundredths"]
    for volunteer in snapshot.of_service("volunteer", "volunteers"):
        credited = volunteer["hundredths"] - volunteer["opening_hundredths"]
        if credited != totals[volunteer["_id"]]:
            kind = findings.twice if credited > totals[volunteer["_id"]] else findings.lost
            kind.append(f"{volunteer['_id']} has {credited} hundredths, the ledger {totals[volunteer['_id']]}")
        if volunteer["open_offers"] or volunteer["open_jobs"]:
            findings.lost.append(f"{volunteer['_id']} still has work: {volunteer}")


def _learning(snapshot: Snapshot, due: Due, findings: Findings) -> None:
    """Each completion stands once on the record of its person."""
    kept = Counter(
        (completion["course_id"], record["person_id"])
        for record in snapshot.of_service("volunteer", "learning_records")
        for completion in record["completions"]
    )
    findings.compare("completion", due["completion"], kept)


def _courses(snapshot: Snapshot, due: Due, findings: Findings) -> None:
    """Who should have a seat has it, and the counters of the academy are the sum of what they count."""
    courses = snapshot.of_service("enrollment", "courses")
    seats = Counter((course["_id"], seat["person_id"]) for course in courses for seat in course["seats"])
    findings.compare("seat", due["seat"], seats)
    tallies = snapshot.of_service("enrollment", "tallies")
    counted = {name: sum(tally[name] for tally in tallies) for name in ("person_times", "completed")}
    present = len(snapshot.of_service("enrollment", "attendances"))
    completed = sum(row["type"] == "course.completed" for row in snapshot.of_service("enrollment", "outbox"))
    findings.compare("counter", {"person_times": present, "completed": completed}, counted)


def _messages(snapshot: Snapshot, due: Due, events: Mapping[str, Mapping[str, Any]], findings: Findings) -> None:
    """Everybody named by a fact or a command has one message about it, delivered, and the provider has it once."""
    secretaries = {row["_id"]: row["secretary_id"] for row in snapshot.of_service("notify", "org_units")}
    told = {(event["id"], person): 1 for event in events.values() for person in _recipients(event, secretaries)}
    written = snapshot.of_service("notify", "notifications")
    by_fact = [row for row in written if row["cause_event_id"] in events]
    findings.compare("message", told, Counter((row["cause_event_id"], row["person_ref"]) for row in by_fact))
    by_command = Counter((row["_id"], row["person_ref"]) for row in written if row["cause_event_id"] not in events)
    findings.compare("message by command", due["sent"], by_command)
    delivered = {f"{row['_id']}:{row['channel']}": 1 for row in written if row["state"] == "delivered"}
    findings.compare("delivery", delivered, Counter(snapshot.sent))
    findings.lost += [
        f"message to {row['person_ref']} is {row['state']}: {_tries(row)}" for row in written if _open(row)
    ]


def _open(row: Row) -> bool:
    return bool(row["state"] != "delivered")


def _tries(row: Row) -> str:
    return f"{row['_id']} cause={row['cause_event_id']} failures={row['failures']}"


def _recipients(event: Mapping[str, Any], secretaries: Mapping[str, str]) -> Iterable[str]:
    for rule in RULES.get(event["type"], ()):
        named = event["data"].get(rule.to)
        named = secretaries.get(named) if rule.secretary else named
        yield from dict.fromkeys(named) if isinstance(named, list) else [named] if named else []
