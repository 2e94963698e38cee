"""Story 1: bike shed, from the report to credited hours."""

from typing import Any

import pytest

from tests.e2e.fixture import B09, RESIDENTS, VOLUNTEERS, counts, set_up_community, set_up_contacts
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]
OWNERS = [f"R-{1001 + n}" for n in range(200)]
ACCEPTANCE = [
    {"item": "A1", "text": "车位>=40"},
    {"item": "A2", "text": "充电口>=40"},
    {"item": "A3", "text": "消防设施到位"},
]
EXPECTED = {
    "issue.reported": 1, "issue.triaged": 1, "hazard.flagged": 1, "deliberation.opened": 1, "deliberation.passed": 1,
    "secretary_project.started": 1, "issue.help_requested": 1, "dispatch.offered": 2, "dispatch.accepted": 2,
    "dispatch.filled": 1, "dispatch.completed": 1, "secretary_project.accepted": 1, "issue.resolved": 1,
    "issue.confirmed": 1, "issue.closed": 1, "hours.credited": 2,
}  # fmt: skip


def areas() -> dict[str, float]:
    """Give 132 owners 13,448 m², 28 further ones 2,952 m² and the last 40 the rest of 20,000 m²."""
    groups = [(132, 13448.0), (28, 2952.0), (40, 3600.0)]
    shares: list[float] = []
    for people, total in groups:
        share = round(total / people, 2)
        shares += [share] * (people - 1) + [round(total - share * (people - 1), 2)]
    return dict(zip(OWNERS, shares, strict=True))


def report_and_vote(system: System, rpc: Any, *, agree: int) -> str:
    """Walk steps 1 to 3: report, triage, and 160 of 200 owners vote."""
    system.database("issues").counters.insert_one({"_id": "IS", "last": 100})
    set_up_community(system, rpc)
    owners = [(owner, dict(RESIDENTS).get(owner, f"业主{owner}")) for owner in OWNERS]
    others = [person for person in RESIDENTS if person[0] not in OWNERS]
    set_up_contacts(rpc, [*owners, *others, *((v[0], v[1]) for v in VOLUNTEERS)])
    issue = rpc.issues.report_issue(reporter="R-1001", building_id=B09, text="9栋门口电动车乱停、飞线充电")
    assert (issue["issue_id"], issue["state"]) == ("IS-0101", "reported")
    triaged = rpc.issues.triage("IS-0101", category="bike_shed", hazard="flying_wire_charging")
    assert (triaged["route"], triaged["responsible_unit"], triaged["state"]) == ("deliberation", B09, "triaged")
    roll = [{"person_id": owner, "area": area} for owner, area in areas().items()]
    deliberation = rpc.issues.open_deliberation("IS-0101", rule="owners_special", topic="新建非机动车棚", roll=roll)
    assert deliberation["deliberation_id"] == "DL-0101"
    for number, owner in enumerate(OWNERS[:160]):
        rpc.issues.cast_vote("DL-0101", owner, "for" if number < agree else "against")
    rpc.issues.close_vote("DL-0101")
    return "IS-0101"


def serve_two(system: System, rpc: Any) -> None:
    """Walk steps 5 to 7: two volunteers are offered the work, accept, and serve three hours each."""
    rpc.issues.request_help(
        "IS-0101", needed=2, hours_estimate=3, scope="building", qualification_policy="preferred", lead_rule="dual_lead"
    )
    offers = system.recorder.wait_for("dispatch.offered", 2)
    assert [offer["data"]["volunteer_id"] for offer in offers] == ["V-2002", "V-2001"]
    for volunteer in ("V-2002", "V-2001"):
        rpc.volunteer.respond_dispatch("DP-0101", volunteer, accept=True)
    [filled] = system.recorder.wait_for("dispatch.filled", 1)
    assert (filled["data"]["qualified_count"], filled["data"]["lead_rule_waived"]) == (2, False)
    eventually(lambda: rpc.issues.get_issue("IS-0101")["state"] == "in_progress")
    rpc.volunteer.complete_dispatch("DP-0101", hours_by_volunteer={"V-2001": 3.0, "V-2002": 3.0})


def test_a_report_becomes_a_bike_shed_and_credited_hours(story: System) -> None:
    story.start_gateway()
    story.start_all()
    with story.rpc() as rpc:
        report_and_vote(story, rpc, agree=132)
        [passed] = story.recorder.wait_for("deliberation.passed", 1)
        assert (passed["data"]["turnout"], passed["data"]["votes_for"], passed["data"]["votes_against"]) == (
            0.8,
            132,
            28,
        )
        project = rpc.issues.start_secretary_project(
            "IS-0101", leader="P-0007", goal="新增40个车位并配充电设施", deadline="2025-04-02", acceptance=ACCEPTANCE
        )
        assert project["project_id"] == "SP-0101"
        assert rpc.issues.get_issue("IS-0101")["state"] == "in_project"
        serve_two(story, rpc)
        met = [{"item": item["item"], "met": True} for item in ACCEPTANCE]
        rpc.issues.accept_project("SP-0101", items=met, by="P-0003")
        [resolved] = story.recorder.wait_for("issue.resolved", 1)
        assert (resolved["data"]["round"], resolved["data"]["project_id"]) == (1, "SP-0101")
        story.recorder.wait_for("notification.delivered", 207, seconds=8)  # she answers what she was asked
        assert story.recorder.of("hours.credited") == []
        rpc.issues.confirm("IS-0101", satisfaction=5)
        story.recorder.wait_for("hours.credited", 2)
        assert rpc.volunteer.volunteer_card("V-2001")["total_hours"] == 43.0
        assert rpc.volunteer.volunteer_card("V-2002")["total_hours"] == 15.0
        delivered = story.recorder.wait_for("notification.delivered", 210, seconds=60)
    story.settled()
    assert counts(story, "IS-0101") == EXPECTED
    assert sum(EXPECTED.values()) == 19
    assert counts(story) == EXPECTED
    assert {(event["data"]["channel"], event["data"]["attempts"]) for event in delivered} == {("wechat", 1)}
    assert len(story.recorder.of("notification.delivered")) == 210
    assert story.recorder.of("notification.failed") == []
    assert story.parked() == []
    check_messages(story)


def check_messages(story: System) -> None:
    """Check who was told what: 200 invitations, 4 to the reporter, 4 to two volunteers, 2 to the leader."""
    texts = story.messages("wx-R-1001")
    assert len(texts) == 5  # one of the 200 invitations is hers
    assert texts[-1] == "【滨湖世纪社区】王小梅您好,您反映的“振徽苑9栋非机动车棚”(IS-0101)已办结,感谢您的5星评价!"
    assert [len(story.messages(f"wx-{owner}")) for owner in OWNERS[1:]] == [1] * 199
    assert [len(story.messages(f"wx-{person}")) for person in ("V-2001", "V-2002", "P-0007")] == [2, 2, 2]
    assert story.messages("wx-V-2001")[-1] == (
        "【滨湖世纪社区】陈国强您好,“振徽苑9栋非机动车棚”志愿服务3.0小时已入账,累计43.0小时。"
    )
    assert all(story.messages(f"wx-{person}") == [] for person in ("V-2003", "V-2004", "V-2005", "V-2006", "P-0009"))


def test_with_119_of_160_in_favour_the_vote_is_rejected_and_nothing_follows(story: System) -> None:
    story.start_gateway()
    story.start_all()
    with story.rpc() as rpc:
        report_and_vote(story, rpc, agree=119)
        [rejected] = story.recorder.wait_for("deliberation.rejected", 1)
        assert rejected["data"]["votes_for"] == 119
        story.recorder.wait_for("notification.delivered", 202, seconds=60)
    story.settled()
    once = ("issue.reported", "issue.triaged", "hazard.flagged", "deliberation.opened", "deliberation.rejected")
    assert counts(story) == dict.fromkeys(once, 1)
    assert any("未通过" in text for text in story.messages("wx-R-1001"))
