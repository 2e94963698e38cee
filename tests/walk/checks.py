"""The invariants of lifecycles.md, asked of everything that a walk has left: versions, documents, events, logs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.states import IssueState
from tests.walk.moves import SECRET

Versions = Mapping[str, Sequence[Mapping[str, Any]]]
Event = Mapping[str, Any]
STEPS = {(state, target) for row in ISSUE.rows for state in row.states for target in (row.to or (state,))}
BEGINNINGS = {target for row in ISSUE.rows if not row.states for target in row.to}


def outside_the_table(versions: Versions) -> Iterator[str]:
    """I1: name each step that no row allows; what a transaction does in several steps may pass through states."""
    reachable = _closure()
    for issue_id, seen in versions.items():
        states = [IssueState(one["state"]) for one in seen]
        for before, after in pairwise(states):
            if before is not after and after not in reachable[before]:
                yield f"{issue_id}: {before} to {after}"


def _closure() -> dict[IssueState, set[IssueState]]:
    """Allow what a row does, and what rows that follow by themselves in the same transaction do after it."""
    direct = {state: {target for source, target in STEPS if source is state} for state in IssueState}
    begun = {target: direct[target] | {target} for target in BEGINNINGS}
    return {
        state: targets | set().union(*(begun.get(one, set()) for one in targets)) for state, targets in direct.items()
    }


def handled_and_verified(versions: Versions) -> Iterator[str]:
    """I2: name whoever verified what they had worked on, in any version."""
    for issue_id, seen in versions.items():
        for one in seen:
            worked = {*one["handlers"], *one["helpers"]}
            if one["state"] == "resolved" and one["resolved_by"] in worked:
                yield f"{issue_id}: {one['resolved_by']} resolved what they had worked on"
            if both := set(one["verifiers"]) & set(one["handlers"]):
                yield f"{issue_id}: {sorted(both)} handled and verified"


def confirmed_by_strangers(versions: Versions) -> Iterator[str]:
    """I3: name whoever confirmed without being the reporter or a proxy at that time."""
    for issue_id, seen in versions.items():
        for before, after in pairwise(seen):
            by = after["confirmed_by"]
            if before["state"] == "resolved" and after["state"] != "resolved" and by is not None:
                proxies = {proxy["person"] for proxy in before["proxies"]}
                if by not in {before["reporter_ref"], *proxies}:
                    yield f"{issue_id}: {by}"


def returned_after_ruling(versions: Versions) -> Iterator[str]:
    """I4: name each return by a unit to which the issue had been ruled in that round."""
    for issue_id, seen in versions.items():
        for before, after in pairwise(seen):
            ruled = {(order["round"], order["unit"]) for order in before["orders"] if order["ruled"]}
            for given_back in after["returns"][len(before["returns"]) :]:
                if (given_back["round"], given_back["unit"]) in ruled:
                    yield f"{issue_id}: {given_back['unit']}"


def escalated_twice(events: Sequence[Event]) -> Iterator[str]:
    """I5: name each level that was announced twice in a round, or out of its place."""
    told = Counter(
        (one["data"]["issue_id"], one["data"]["round"], one["data"]["escalation_level"])
        for one in events
        if one["type"] == "issue.escalated"
    )
    yield from (f"{key} was announced {times} times" for key, times in told.items() if times > 1)
    for issue_id, number, level in told:
        if level > 1 and (issue_id, number, level - 1) not in told:
            yield f"{issue_id} round {number}: level {level} without the one before"


def reported_twice(versions: Versions) -> Iterator[str]:
    """I7: name each report that became two issues."""
    ids = Counter(seen[0]["client_id"] for seen in versions.values() if seen[0]["client_id"])
    yield from (client_id for client_id, times in ids.items() if times > 1)


def restored_otherwise(versions: Versions) -> Iterator[str]:
    """I8: name each issue that came back from a group with other words, place or reporter than it went in with."""
    kept = ("text", "building_id", "asset_id", "reporter_ref", "proxies", "category", "round", "supporters")
    for issue_id, seen in versions.items():
        for before, after in pairwise(seen):
            if before["state"] == "merged" and after["state"] in ("reported", "triaged"):
                yield from (f"{issue_id}: {name}" for name in kept if before[name] != after[name])
            if after["state"] == "merged" and before["state"] in ("reported", "triaged"):
                yield from (f"{issue_id}: {name}" for name in kept if before[name] != after[name])


def overheard(events: Sequence[Event], logs: Sequence[Path]) -> Iterator[str]:
    """I10: name each event and log that holds words of a resident."""
    yield from (f"{one['type']} of {one['subject']}" for one in events if SECRET in str(one))
    yield from (str(path.name) for path in logs if SECRET in path.read_text(encoding="utf-8", errors="replace"))


def out_of_sequence(events: Sequence[Event]) -> Iterator[str]:
    """Name each issue whose events do not carry consecutive revisions, or carry one twice."""
    told: dict[str, list[int]] = {}
    for one in events:
        if one["type"].startswith("issue.") and one["source"] == "issues":
            told.setdefault(one["subject"], []).append(int(one["sequence"]))
    yield from (subject for subject, numbers in told.items() if len(set(numbers)) != len(numbers))
