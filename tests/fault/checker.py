"""The last look, in the manner of Jepsen's total queue: what went in, what was acknowledged, what came of it.

lost          acknowledged or announced, and without its effect
twice         one cause, two effects
out of order  handled by an ordered subscription before something that was announced earlier about the same subject
unexpected    an effect without a cause
parked        put aside for a person although nothing is wrong with it
recovered     never acknowledged, and there all the same: not wrong, because the caller could not know
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.broker.topology import Manifest
from tests.fault import effects, invariants
from tests.fault.client import Journal
from tests.fault.due import Due
from tests.fault.findings import Findings
from tests.fault.snapshot import Row, Snapshot

# What may happen once for each value of these fields; every other fact once for its subject.
ONCE = {
    "dispatch.offered": ("dispatch_id", "volunteer_id"),
    "dispatch.accepted": ("dispatch_id", "volunteer_id"),
    "dispatch.declined": ("dispatch_id", "volunteer_id"),
    "issue.help_requested": ("issue_id", "request_no"),
    "issue.resolved": ("issue_id", "round"),
    "issue.confirmed": ("issue_id", "round"),
    "issue.reopened": ("issue_id", "round"),
    "volunteer.qualified": ("volunteer_id", "qualification"),
    "star.awarded": ("volunteer_id", "star"),
}
AGAIN_AND_AGAIN = {"org_unit.updated", "org_tree.requested", "events.requested", "notification.failed"}


@dataclass(kw_only=True)
class Wanted:
    """What the run asked for, beyond what stands in the outboxes."""

    journal: Journal
    due: Due
    outside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def look(snapshot: Snapshot, wanted: Wanted, manifest: Manifest) -> Findings:
    """Compare what was asked for with what the databases hold."""
    findings = Findings()
    announced = snapshot.announced
    events = {**announced, **wanted.outside}
    findings.events = len(events)
    findings.outbox = sum(row.get("pending", False) for _, row in snapshot.of_all("outbox"))
    _commands(snapshot, wanted.journal, announced, findings)
    _deliveries(snapshot, events, manifest, findings)
    _parked(snapshot, wanted.due, findings)
    _facts(announced, findings)
    effects.check(snapshot, wanted.due, events, findings)
    invariants.check(snapshot, announced, findings)
    return findings


def told(event: Mapping[str, Any]) -> str:
    """Say which event it is and where it was last seen."""
    sent = event.get("sent_at", "published by the test")
    return f"{event['type']} {event['subject']} id={event['id']} sequence={event.get('sequence')} sent={sent}"


def _commands(snapshot: Snapshot, journal: Journal, announced: Mapping[str, Row], findings: Findings) -> None:
    """Every acknowledged command is remembered with the answer that was given; of a refused one nothing is left."""
    known = {
        row["_id"]: (service, row["command"], row["answer"]) for service, row in snapshot.of_all("processed_commands")
    }
    for command in journal.acknowledged:
        given = (command.service, command.method, command.answer)
        if known.get(command.command_id) != given:
            findings.lost.append(f"command {command} is remembered as {known.get(command.command_id)}")
    findings.effects += len(journal.acknowledged)
    findings.recovered = sum(1 for key in known if key in journal.commands and not journal.commands[key].acknowledged)
    refused = {command.command_id: command for command in journal.refused}
    findings.unexpected += [f"{refused[key]} was refused and is remembered" for key in known if key in refused]
    findings.unexpected += [
        f"{told(event)} follows from a command that was refused: {refused[event['causationid']]}"
        for event in announced.values()
        if event.get("causationid") in refused
    ]


def _deliveries(
    snapshot: Snapshot, events: Mapping[str, Mapping[str, Any]], manifest: Manifest, findings: Findings
) -> None:
    """Every event was handled once by each handler that takes it."""
    handled = {(service, row["handler"], row["event_id"]): row for service, row in snapshot.of_all("processed_events")}
    for one in manifest.subscriptions:
        for event in events.values():
            if event["type"] != one.type or event["source"] not in one.sources:
                continue
            row = handled.pop((one.service, one.handler, event["id"]), None)
            if row is None:
                findings.lost.append(f"{told(event)} was never handled by {one.queue}")
            else:
                findings.effects += 1
                findings.redelivered[one.queue] += row["deliveries"] - 1
    findings.unexpected += [f"{key} was handled and never announced: {row}" for key, row in handled.items()]


def _parked(snapshot: Snapshot, due: Due, findings: Findings) -> None:
    """What cannot be read is parked under its reason, and nothing else is."""
    found = {(row["queue"], row["event_id"]): row for _, row in snapshot.of_all("parked") if row["state"] == "parked"}
    for key, reason in due["parked"].items():
        row = found.pop(key, None)
        if row is None or row["reason"] != reason:
            findings.lost.append(f"{key} is not parked as {reason}: {row}")
    findings.parked += [f"{key} {row['reason']}: {row['detail']}" for key, row in found.items()]


def _facts(announced: Mapping[str, Row], findings: Findings) -> None:
    """What can happen once was announced once."""
    seen: dict[tuple[str, ...], Row] = {}
    for event in announced.values():
        if event["type"] in AGAIN_AND_AGAIN:
            continue
        names = ONCE.get(event["type"])
        about = tuple(str(event["data"][name]) for name in names) if names else (event["subject"],)
        earlier = seen.setdefault((event["type"], *about), event)
        if earlier is not event:
            findings.twice.append(f"{told(event)} and {told(earlier)}")
