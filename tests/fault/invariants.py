"""What must hold whatever happened: lives that move along their tables, seats, offers, votes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise

from tests.fault.findings import Findings
from tests.fault.snapshot import Row, Snapshot

_WORK = {"issue.help_requested", "issue.resolved"}
_ASKING = {"dispatch.offered", "dispatch.accepted", "dispatch.declined", "dispatch.expired", "dispatch.unfilled"}
_VOTED = {"deliberation.passed", "deliberation.rejected", "deliberation.lapsed"}
_CHECKED = {"secretary_project.returned", "secretary_project.accepted"}
# What may be announced about a subject after what (I1); a life begins with one of BEGINS.
FOLLOWS: Mapping[str, set[str]] = {
    "issue.reported": {"issue.triaged"},
    "issue.triaged": {"hazard.flagged", *_WORK},
    "hazard.flagged": _WORK,
    "issue.help_requested": _WORK,
    "issue.resolved": {"issue.confirmed", "issue.reopened"},
    "issue.confirmed": {"issue.closed"},
    "issue.closed": set(),
    "issue.reopened": {"issue.assigned"},
    "issue.assigned": _WORK,
    "dispatch.offered": _ASKING,
    "dispatch.accepted": {*_ASKING, "dispatch.filled"},
    "dispatch.declined": _ASKING,
    "dispatch.expired": _ASKING,
    "dispatch.unfilled": set(),
    "dispatch.filled": {"dispatch.completed"},
    "dispatch.completed": set(),
    "deliberation.opened": _VOTED,
    **{ended: set() for ended in _VOTED},
    "secretary_project.started": _CHECKED,
    "secretary_project.returned": _CHECKED,
    "secretary_project.accepted": set(),
    "course.planned": {"course.opened", "course.cancelled"},
    "course.opened": {"course.finished", "course.cancelled"},
    "course.finished": set(),
    "course.cancelled": set(),
}
BEGINS = {"issue.reported", "dispatch.offered", "dispatch.unfilled", "deliberation.opened",
          "secretary_project.started", "course.planned"}  # fmt: skip
OVER = {"finished", "cancelled"}  # courses in which nobody waits for a seat any more


def check(snapshot: Snapshot, announced: Mapping[str, Row], findings: Findings) -> None:
    """Look at every life, course, dispatch and vote."""
    _lives(announced, findings)
    for course in snapshot.of_service("enrollment", "courses"):
        findings.unexpected += [f"{course['_id']}: {wrong}" for wrong in _wrong_seats(course)]
    for dispatch in snapshot.of_service("volunteer", "dispatches"):
        taken = sum(offer["state"] == "accepted" for offer in dispatch["offers"])
        asked = Counter(offer["volunteer_id"] for offer in dispatch["offers"])
        if taken > dispatch["needed"] or any(times > 1 for times in asked.values()):
            findings.twice.append(f"{dispatch['_id']} needs {dispatch['needed']} (V1, V3): {dispatch['offers']}")
    for issue in snapshot.of_service("issues", "issues"):
        if issue["resolved_by"] in issue["helpers"]:
            findings.unexpected.append(f"{issue['_id']} was verified by who handled it (I2): {issue['resolved_by']}")
    _votes(snapshot, findings)


def _lives(announced: Mapping[str, Row], findings: Findings) -> None:
    """No step outside the tables, and no place in a life taken twice."""
    lives: dict[str, list[Row]] = defaultdict(list)
    for event in announced.values():
        if event["type"] in FOLLOWS:
            lives[event["subject"]].append(event)
    for subject, life in lives.items():
        life.sort(key=lambda event: int(event["sequence"]))
        steps = [event["type"] for event in life]
        if steps[0] not in BEGINS:
            findings.lost.append(f"the life of {subject} begins with {steps[0]} (I1)")
        for earlier, later in pairwise(life):
            if later["type"] not in FOLLOWS[earlier["type"]]:
                findings.unexpected.append(f"{subject}: {later['type']} after {earlier['type']} (I1)")
            if later["sequence"] == earlier["sequence"]:
                findings.twice.append(f"{subject}: {later['type']} and {earlier['type']} at {later['sequence']}")


def _wrong_seats(course: Row) -> list[str]:
    """E1, E2, E4, E5: never more seats than there are, nobody twice, nobody waiting beside a free seat."""
    held = [*course["seats"], *course["offers"]]
    places = [*held, *course["waiting"]]
    rules: Mapping[str, Callable[[], bool]] = {
        "more seats than its capacity (E1)": lambda: len(held) > course["capacity"],
        "a seat given twice (E1)": lambda: len({seat["seat_no"] for seat in held}) < len(held),
        "a person with two places (E4)": lambda: len({place["person_id"] for place in places}) < len(places),
        "a ticket given twice (E5)": lambda: len({place["ticket"] for place in places}) < len(places),
        "somebody waits beside a free seat (E2)": lambda: bool(
            course["state"] not in OVER and course["waiting"] and len(held) < course["capacity"]
        ),
    }
    return [f"{wrong}: {course}" for wrong, broken in rules.items() if broken()]


def _votes(snapshot: Snapshot, findings: Findings) -> None:
    """A tally is what was cast."""
    cast: dict[str, Counter[str]] = defaultdict(Counter)
    for voter in snapshot.of_service("issues", "voters"):
        if voter["choice"] is not None:
            cast[voter["deliberation_id"]][voter["choice"]] += 1
    for vote in snapshot.of_service("issues", "deliberations"):
        tally = vote["tally"] or {"present": 0, "votes_for": 0, "votes_against": 0}
        there = cast[vote["_id"]]
        counted = {"present": there.total(), "votes_for": there["for"], "votes_against": there["against"]}
        findings.compare(f"tally of {vote['_id']}", counted, {name: tally[name] for name in counted})
