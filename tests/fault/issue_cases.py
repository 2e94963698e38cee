"""Random issues: from the report by one of three ways to the resident's answer."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.issues.domain.categories import Hazard
from services.issues.domain.issue import Source
from services.issues.domain.voting import VotingRule
from tests.fault.client import Hand
from tests.fault.community import BUILDINGS, EVERYBODY, LEADER, REPORTERS, SECRETARY
from tests.fault.due import Due, nothing
from tests.support.categories import CATEGORIES

DECLINES = 0.15  # share of those asked for help who say no
TWICE = 0.15  # share of cases that repeat what was done, or try what is not allowed
PROJECT_DAYS = 30
HOURS = (0.5, 1.0, 2.0, 4.0)


def issue_case(hand: Hand, name: str, rng: random.Random) -> Due:
    """Report a problem and go one of three ways: volunteers, a vote and then volunteers, or a secretary's project."""
    building, reporter = rng.choice(BUILDINGS), rng.choice(REPORTERS)
    report = {
        "reporter": reporter, "building_id": building, "text": "堵了", "client_id": name,
        "source": rng.choice(list(Source)).value, "sensitive": rng.random() < 0.1,
    }  # fmt: skip
    hand.do("notify", "set_contact", person_id=reporter, name=reporter, wechat=f"wx-{reporter}")
    issue_id = hand.do("issues", "report_issue", **report)["issue_id"]
    if rng.random() < TWICE:
        assert hand.do("issues", "report_issue", **report)["issue_id"] == issue_id
        hand.refused("state_not_allowed", "issues", "resolve", issue_id=issue_id, by=SECRETARY)
    hazard = rng.choice([None, None, None, *Hazard])
    hand.do("issues", "triage", issue_id=issue_id, category=rng.choice(list(CATEGORIES)), hazard=hazard)
    due = nothing()
    way = rng.choices((_by_volunteers, _by_vote, _by_project), (6, 2, 2))[0]
    due["issue"][issue_id] = _answered(hand, issue_id, rng) if way(hand, issue_id, rng, due) else "triaged"
    return due


def _by_volunteers(hand: Hand, issue_id: str, rng: random.Random, due: Due) -> bool:
    needed = rng.randint(1, 3)
    hand.do(
        "issues", "request_help", issue_id=issue_id, needed=needed, hours_estimate=2, qualification_policy="none",
        scope=rng.choice(("building", "estate", "community")), urgent=rng.random() < TWICE,
    )  # fmt: skip
    due["hours"] |= help_out(hand, issue_id.replace("IS", "DP"), needed, rng)
    hand.until(lambda issue: issue["state"] == "in_progress", "issues", "get_issue", issue_id=issue_id)
    hand.do("issues", "resolve", issue_id=issue_id, by=SECRETARY)
    return True


def help_out(hand: Hand, dispatch_id: str, needed: int, rng: random.Random) -> dict[str, int]:
    """Answer for everybody who is asked until all seats are taken, and serve; return the hundredths of each."""
    answers = [rng.random() >= DECLINES for _ in range(needed)] + [True] * needed  # at most so many may say no
    hours: dict[str, float] = {}
    while len(hours) < needed:
        dispatch = hand.until(_asks, "volunteer", "get_dispatch", dispatch_id=dispatch_id)
        volunteer, accept = _asks(dispatch)[0], answers.pop(0)
        answer = {"dispatch_id": dispatch_id, "volunteer_id": volunteer, "accept": accept}
        hand.do("volunteer", "respond_dispatch", **answer)
        if accept:
            hours[volunteer] = rng.choice(HOURS)
        if rng.random() < TWICE:
            hand.refused("offer_answered", "volunteer", "respond_dispatch", **answer)
    hand.do("volunteer", "complete_dispatch", dispatch_id=dispatch_id, hours_by_volunteer=hours)
    return {f"{dispatch_id}/{volunteer}": round(served * 100) for volunteer, served in hours.items()}


def _asks(dispatch: Mapping[str, Any]) -> list[str]:
    return [offer["volunteer_id"] for offer in dispatch["offers"] if offer["state"] == "open"]


def _by_vote(hand: Hand, issue_id: str, rng: random.Random, due: Due) -> bool:
    voters = rng.sample(EVERYBODY, rng.randint(3, 6))
    opened = hand.do(
        "issues", "open_deliberation", issue_id=issue_id, rule=rng.choice(list(VotingRule)).value, topic="修不修",
        matter="council_matter",
        roll=[{"person_id": voter, "area": rng.randint(50, 150)} for voter in voters],
    )  # fmt: skip
    vote = {"deliberation_id": opened["deliberation_id"]}
    choices = {voter: rng.choices(("for", "against", "abstain", None), (7, 1, 1, 1))[0] for voter in voters}

    def cast(voter: str) -> Callable[[Hand], Any]:
        return lambda own: own.do("issues", "cast_vote", **vote, person_id=voter, choice=choices[voter])

    hand.at_once(*(cast(voter) for voter in voters if choices[voter]))
    if rng.random() < TWICE:
        hand.refused("not_on_the_roll", "issues", "cast_vote", **vote, person_id="stranger", choice="for")
    result = hand.do("issues", "close_vote", **vote)["state"]
    due["deliberation"][vote["deliberation_id"]] = result
    if result == "rejected":
        hand.refused("deliberation_not_passed", "issues", "request_help", issue_id=issue_id, needed=1)
        return False
    return _by_volunteers(hand, issue_id, rng, due)


def _by_project(hand: Hand, issue_id: str, rng: random.Random, due: Due) -> bool:
    items = [f"A{n}" for n in range(1, rng.randint(2, 4))]
    project = hand.do(
        "issues", "start_secretary_project", issue_id=issue_id, leader=LEADER, goal="修好",
        deadline=(datetime.now(UTC) + timedelta(days=PROJECT_DAYS)).date().isoformat(),
        acceptance=[{"item": item, "text": "验收"} for item in items],
    )  # fmt: skip
    check = {"project_id": project["project_id"], "by": SECRETARY}
    if rng.random() < 0.4:
        hand.do("issues", "accept_project", **check, items=[{"item": item, "met": item != "A1"} for item in items])
        hand.refused("project_under_way", "issues", "resolve", issue_id=issue_id, by=SECRETARY)
    hand.do("issues", "accept_project", **check, items=[{"item": item, "met": True} for item in items])
    due["project"][check["project_id"]] = "accepted"
    return True


def _answered(hand: Hand, issue_id: str, rng: random.Random) -> str:
    """Answer for the resident; one who is not content may be so the second time. Return where the issue ends."""
    if hand.do("issues", "confirm", issue_id=issue_id, satisfaction=rng.choice((5, 5, 5, 4, 3, 2, 1)))["state"] != (
        "closed"
    ):
        if rng.random() < 0.5:
            return "in_progress"
        hand.do("issues", "resolve", issue_id=issue_id, by=SECRETARY, resolution="partly")
        hand.do("issues", "confirm", issue_id=issue_id, satisfaction=5, via="door")
    if rng.random() < TWICE:
        hand.refused("state_not_allowed", "issues", "confirm", issue_id=issue_id, satisfaction=1)
    return "closed"
