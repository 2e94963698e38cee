"""Story 10: electricity price dispute, as far as it is built: no quorum, project returned, resident not content, star.

Mediator, hours and star are volunteer's own work. The nomination of the reserve cadre and the seat kept for them have
neither publisher nor consumer yet, and the two reports belong to another part.
"""

from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.fixture import FIELDS, counts, set_up_contacts
from tests.support.eventually import eventually
from tests.support.system import T0, System

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]
ISSUE, TOWER = "IS-1001", "C01-G09-E16-B02"
UNITS = [
    ("C01", "community", None, "P-0001", "滨湖世纪社区党委", "滨湖世纪社区"),
    ("C01-G09", "grid", "C01", "P-0015", "金融网格党总支", "金融网格"),
    ("C01-G09-E16", "estate", "C01-G09", "P-0016", "金融港小区党支部", "金融港"),
    (TOWER, "building", "C01-G09-E16", "P-0017", "2号楼党小组", "金融港2号楼"),
]
TENANTS = [f"R-{3001 + n}" for n in range(31)]
ACCEPTANCE = [
    {"item": "A1", "text": "公示电价构成"},
    {"item": "A2", "text": "完成清退"},
    {"item": "A3", "text": "租户代表签字"},
]
EXPECTED = {
    "issue.reported": 1, "issue.triaged": 1, "deliberation.opened": 2, "deliberation.lapsed": 1,
    "deliberation.passed": 1, "secretary_project.started": 1, "issue.help_requested": 2, "dispatch.offered": 2,
    "dispatch.accepted": 2, "dispatch.filled": 2, "dispatch.completed": 2, "secretary_project.returned": 1,
    "secretary_project.accepted": 1, "issue.resolved": 2, "issue.reopened": 1, "issue.assigned": 1,
    "issue.confirmed": 1, "issue.closed": 1, "hours.credited": 2, "star.awarded": 1,
}  # fmt: skip


def set_up(story: System, rpc: Any) -> None:
    """Import the tower's branch of the tree, and register the mediator with 97 hours."""
    story.database("issues").counters.insert_one({"_id": "IS", "last": 1000})
    rpc.volunteer.import_org_tree(units=[dict(zip(FIELDS, unit, strict=True)) for unit in UNITS])
    eventually(lambda: story.database("issues").org_units.count_documents({}) == len(UNITS))
    rpc.volunteer.register(
        person_id="V-2101", volunteer_id="V-2101", org_unit_id=TOWER, is_party_member=True, opening_hours=97.0,
        qualifications=[{"qualification": "mediation", "valid_until": "2026-12-31"}],
    )  # fmt: skip
    set_up_contacts(rpc, [(person, person) for person in (*TENANTS, "P-0016", "V-2101")])


def deliberate(story: System, rpc: Any, *, days: int, votes_for: int, against: int) -> dict[str, Any]:
    """Call the tenants to a meeting in so many days, take the votes, and let the clock close them two hours later."""
    meets_at = (story.now or T0) + timedelta(days=days)
    closes_at = meets_at + timedelta(hours=2)
    opened = rpc.issues.open_deliberation(
        ISSUE, rule="council_simple", topic="电价清退方案", roll=[{"person_id": tenant} for tenant in TENANTS],
        total_persons=31, meets_at=meets_at.isoformat(), closes_at=closes_at.isoformat(),
    )  # fmt: skip
    story.move_clock(meets_at)
    for number, tenant in enumerate(TENANTS[: votes_for + against]):
        choice = "for" if number < votes_for else "against"
        rpc.issues.cast_vote(opened["deliberation_id"], tenant, choice, via="hands")
    story.move_clock(closes_at)
    eventually(lambda: rpc.issues.get_deliberation(opened["deliberation_id"])["state"] != "open")
    return rpc.issues.get_deliberation(opened["deliberation_id"])


def mediate(story: System, rpc: Any, *, hours: float, round_no: int) -> None:
    """Let V-2101 be found, and serve so many hours."""
    rpc.issues.request_help(ISSUE, needed=1, hours_estimate=hours, scope="building", qualification_policy="required")
    [offer] = story.recorder.wait_for("dispatch.offered", round_no)[round_no - 1 :]
    rpc.volunteer.respond_dispatch(offer["data"]["dispatch_id"], "V-2101", accept=True)
    story.recorder.wait_for("dispatch.filled", round_no)
    eventually(lambda: rpc.issues.get_issue(ISSUE)["helpers"] == ["V-2101"])
    rpc.volunteer.complete_dispatch(offer["data"]["dispatch_id"], hours_by_volunteer={"V-2101": hours})


def two_votes(story: System, rpc: Any) -> None:
    """Walk step 1: 18 of 31 are too few; a week later 19 of 24 agree."""
    issue = rpc.issues.report_issue(reporter="R-3001", building_id=TOWER, text="写字楼电价高于目录电价")
    assert issue["issue_id"] == ISSUE
    rpc.issues.triage(ISSUE, category="electricity_price_dispute")
    assert deliberate(story, rpc, days=3, votes_for=18, against=0)["deliberation_id"] == "DL-1001"
    [lapsed] = story.recorder.wait_for("deliberation.lapsed", 1)
    assert (lapsed["data"]["present"], lapsed["data"]["required"]) == (18, 21)
    second = deliberate(story, rpc, days=7, votes_for=19, against=5)
    assert (second["deliberation_id"], second["state"]) == ("DL-1001-2", "passed")
    [passed] = story.recorder.wait_for("deliberation.passed", 1)
    assert [passed["data"][name] for name in ("turnout", "votes_for", "votes_against")] == [0.7742, 19, 5]
    assert [step["by"] for step in second["steps"] if step["step"] == "vote"] == ["automatic"]


def project_returned_and_accepted(story: System, rpc: Any) -> None:
    """Walk steps 2 and 3: led by the estate's secretary, returned for A3, accepted a day later."""
    project = rpc.issues.start_secretary_project(
        ISSUE, leader="P-0016", goal="清退多收电费", deadline="2025-04-30", acceptance=ACCEPTANCE
    )
    assert (project["project_id"], project["leader_level"]) == ("SP-1001", "estate")
    mediate(story, rpc, hours=4.0, round_no=1)
    found = [{"item": item["item"], "met": item["item"] != "A3"} for item in ACCEPTANCE]
    rpc.issues.accept_project("SP-1001", items=found, by="P-0001")
    [returned] = story.recorder.wait_for("secretary_project.returned", 1)
    assert returned["data"]["failed_items"] == ["A3"]
    assert (rpc.issues.get_issue(ISSUE)["state"], story.recorder.of("issue.resolved")) == ("in_progress", [])
    story.move_clock(timedelta(days=1))
    rpc.issues.accept_project("SP-1001", items=[{"item": "A3", "met": True}], by="P-0001")
    [resolved] = story.recorder.wait_for("issue.resolved", 1)
    assert (resolved["data"]["round"], resolved["data"]["project_id"]) == (1, "SP-1001")


def not_content(story: System, rpc: Any) -> None:
    """Walk step 4: 2 of 5 reopens it one level up; the hours count, and make a star."""
    rpc.issues.confirm(ISSUE, satisfaction=2, reason="只退了一半")
    [reopened] = story.recorder.wait_for("issue.reopened", 1)
    [assigned] = story.recorder.wait_for("issue.assigned", 1)
    assert (reopened["data"]["round"], reopened["data"]["satisfaction"]) == (1, 2)
    assert assigned["data"]["org_unit_id"] == "C01-G09"
    [star] = story.recorder.wait_for("star.awarded", 1)
    assert star["data"]["star"] == 1
    assert rpc.volunteer.volunteer_card("V-2101")["total_hours"] == 101.0


def content(story: System, rpc: Any) -> None:
    """Walk step 5: a second round, 4 of 5, closed."""
    mediate(story, rpc, hours=2.0, round_no=2)
    rpc.issues.resolve(ISSUE, by="P-0001")
    story.recorder.wait_for("issue.resolved", 2)
    rpc.issues.confirm(ISSUE, satisfaction=4)
    [confirmed] = story.recorder.wait_for("issue.confirmed", 1)
    [closed] = story.recorder.wait_for("issue.closed", 1)
    assert (confirmed["data"]["round"], confirmed["data"]["satisfaction"], closed["data"]["rounds"]) == (2, 4, 2)
    story.recorder.wait_for("hours.credited", 2)
    assert rpc.volunteer.volunteer_card("V-2101")["total_hours"] == 103.0


def test_a_price_dispute_lapses_passes_is_returned_reopened_and_closed_in_the_second_round(story: System) -> None:
    story.start_gateway()
    story.start_all()
    with story.rpc() as rpc:
        set_up(story, rpc)
        two_votes(story, rpc)
        project_returned_and_accepted(story, rpc)
        not_content(story, rpc)
        content(story, rpc)
        issue = rpc.issues.get_issue(ISSUE)
    story.settled()
    assert (issue["state"], issue["round"], issue["satisfaction"]) == ("closed", 2, 4)
    assert (issue["deliberation_ids"], issue["project_ids"]) == (["DL-1001", "DL-1001-2"], ["SP-1001"])
    assert counts(story, ISSUE) == EXPECTED
    assert counts(story) == EXPECTED
    assert story.parked() == []
    assert not [event for event in story.recorder.events.values() if "只退了一半" in str(event)]
