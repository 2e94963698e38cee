"""Random threads of work across the services, each with what has to come of it.

The n-th case of a seed is the same in every run: what is done, in which order and by whom it is answered. What the
services number by themselves (an issue, a course) and whom they ask for help depends on the run.
"""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fault.client import Hand
from tests.fault.community import EVERYBODY
from tests.fault.due import Due, nothing
from tests.fault.issue_cases import TWICE, issue_case

CaseOf = Callable[[Hand, str, random.Random], Due]


def course_case(hand: Hand, name: str, rng: random.Random) -> Due:
    """Let more people than there are seats enrol at once; some leave, some move up, most are present."""
    capacity = rng.randint(2, 5)
    learners = rng.sample(EVERYBODY, capacity + rng.randint(1, 4))
    course_id, session_id = _opened_course(hand, name, capacity)

    def enroll(person: str) -> Callable[[Hand], Any]:
        return lambda own: own.do("enrollment", "enroll", course_id=course_id, person_id=person)

    half = len(learners) // 2
    places = [*hand.at_once(*map(enroll, learners[:half])), *hand.at_once(*map(enroll, learners[half:]))]
    seated = sorted(place["person_id"] for place in places if place["place"] == "enrolled")
    if rng.random() < TWICE:
        hand.refused("already_enrolled", "enrollment", "enroll", course_id=course_id, person_id=learners[0])
        hand.refused("invalid_input", "enrollment", "enroll", course_id=course_id)
    due = nothing()
    if rng.random() < 0.1:
        hand.do("enrollment", "cancel_course", course_id=course_id, reason="too_few_learners")
        due["course"][course_id] = "cancelled"
        return due
    for _ in range(rng.randint(0, 2)):
        seated = _swap(hand, course_id, seated, rng)
    present = seated[: max(1, len(seated) - rng.randint(0, 1))]
    hand.do("enrollment", "record_attendance", session_id=session_id, person_ids=present)
    due["seat"] = {(course_id, person): 1 for person in seated}
    if rng.random() < 0.2:  # its offers and waiting list stay
        due["course"][course_id] = "running"
        return due
    hand.do("enrollment", "finish_course", course_id=course_id)
    due["course"][course_id] = "finished"
    due["completion"] = {(course_id, person): 1 for person in present}
    return due


def tree_case(hand: Hand, name: str, rng: random.Random) -> Due:
    """Import an estate and its buildings, and again with other names; a building without a parent is refused."""
    estate = f"C01-G01-X{name}"
    units = [estate, *(f"{estate}-B{n}" for n in range(1, rng.randint(2, 5)))]
    rounds = rng.randint(1, 3)
    changes = dict.fromkeys(units, 0)
    for number in range(rounds):
        changed = {unit for unit in units if number == 0 or rng.random() < 0.6}
        changes = {unit: count + (unit in changed) for unit, count in changes.items()}
        drafts = [
            {"org_unit_id": unit, "level": "building" if "-B" in unit else "estate",
             "parent_id": estate if "-B" in unit else "C01-G01", "label_zh": f"{unit} {changes[unit]}"}
            for unit in units
        ]  # fmt: skip
        hand.do("volunteer", "import_org_tree", units=drafts)
    if rng.random() < TWICE:
        lost = {"org_unit_id": f"{estate}-Z", "level": "building", "parent_id": "nowhere", "label_zh": "无"}
        hand.refused("parent_missing", "volunteer", "import_org_tree", units=[lost])
    return {"unit": {(service, unit): changes[unit] for unit in units for service in ("volunteer", "issues", "notify")}}


def contact_case(hand: Hand, name: str, rng: random.Random) -> Due:
    """Give a person one address after another, and send them a message; one that lacks a value is refused."""
    person = f"N-{name}"
    address = ""
    for number in range(rng.randint(1, 3)):
        address = f"wx-{person}-{number}"
        hand.do("notify", "set_contact", person_id=person, name=person, wechat=address)
    sent = hand.do("notify", "send", person_id=person, template="issue_accepted_brief", params={"issue_id": name})
    if rng.random() < TWICE:
        hand.refused("missing_placeholders", "notify", "send", person_id=person, template="issue_accepted_brief")
    return {"contact": {person: address}, "sent": {(sent["notification_id"], person): 1}}


KINDS: Mapping[CaseOf, int] = {issue_case: 12, course_case: 4, tree_case: 1, contact_case: 1}  # and how often


def pick(rng: random.Random) -> CaseOf:
    """Choose a kind of case."""
    return rng.choices(list(KINDS), list(KINDS.values()))[0]


# -- the parts of a course


def _opened_course(hand: Hand, name: str, capacity: int) -> tuple[str, str]:
    course_id = hand.do(
        "enrollment", "plan_course", title="急救", theme="urban_management", course_kind="skill", capacity=capacity,
        audience=["resident_backbone"], qualification=f"skill-{name}",
    )["course_id"]  # fmt: skip
    session = hand.do(
        "enrollment", "schedule_session", course_id=course_id, hours=3, session_format="lecture",
        starts_at=(datetime.now(UTC) - timedelta(hours=3)).isoformat(),
    )  # fmt: skip
    hand.do("enrollment", "open_course", course_id=course_id)
    return course_id, session["session_id"]


def _swap(hand: Hand, course_id: str, seated: list[str], rng: random.Random) -> list[str]:
    """Let one person leave and the head of the waiting list take the seat, or leave it offered."""
    leaves = rng.choice(seated)
    hand.do("enrollment", "cancel_enrollment", course_id=course_id, person_id=leaves)
    rest = [person for person in seated if person != leaves]
    offers = hand.ask("enrollment", "get_course", course_id=course_id)["offers"]
    takes = rng.random() < 0.8 or not rest
    if not offers or not takes:
        return rest
    promoted = offers[0]["person_id"]
    hand.do("enrollment", "confirm_promotion", course_id=course_id, person_id=promoted)
    return sorted([*rest, promoted])
