"""Story 8: a visit finds a household that needs help; a pair goes, and nothing of it is heard by anybody else.

Pairing, the weekly services and their hours are volunteer's and not built yet; the rest runs on real services.
"""

from datetime import datetime
from typing import Any

import pytest
from nameko.exceptions import RemoteError

from shared.clock import COMMUNITY_TIME
from tests.e2e.fixture import B09, VOLUNTEERS, counts, set_up_community, set_up_contacts
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]
SATURDAY = datetime(2025, 3, 8, 10, tzinfo=COMMUNITY_TIME)
NAME, AGE, ROOM, NEED = "李桂兰", "83岁", "1207室", "独居、行动不便"
NEEDS_HELP = {
    "text": f"{NAME}{AGE},{ROOM},{NEED},需要每周陪伴代办",
    "dimension": "living_needs", "category": "special_group_support", "resident": "R-1007",
}  # fmt: skip
VISIT = {
    "building_id": B09, "visitors": ["P-0007", "V-2001"], "dimensions": ["living_needs", "strengthen_ties"],
    "findings": [NEEDS_HELP], "household_ref": "H-0912",
}  # fmt: skip


def keep_two_busy(story: System, rpc: Any) -> None:
    """Give V-2001 and V-2002 one open job each, so that R5 and R7 choose V-2004 and V-2003."""
    busy = rpc.issues.report_issue(reporter="R-1001", building_id=B09, text="车棚")
    rpc.issues.triage(busy["issue_id"], category="bike_shed")
    rpc.issues.request_help(busy["issue_id"], needed=2, lead_rule="dual_lead")
    offers = story.recorder.wait_for("dispatch.offered", 2)
    for offer in offers:
        rpc.volunteer.respond_dispatch(offer["data"]["dispatch_id"], offer["data"]["volunteer_id"], accept=True)
    assert {offer["data"]["volunteer_id"] for offer in offers} == {"V-2001", "V-2002"}


def begin(story: System, rpc: Any) -> None:
    """Set the stage on the Saturday of the visit."""
    set_up_community(story, rpc)
    set_up_contacts(rpc, [("R-1001", "王小梅"), ("R-1007", NAME), *((one[0], one[1]) for one in VOLUNTEERS)])
    keep_two_busy(story, rpc)
    for series, last in (("IS", 800), ("VS", 800)):
        story.database("issues").counters.update_one({"_id": series}, {"$set": {"last": last}}, upsert=True)
    story.move_clock(SATURDAY)


def test_a_visit_finds_a_household_and_a_pair_helps_it(story: System) -> None:
    story.start_gateway()
    story.start_all()
    with story.rpc() as rpc:
        begin(story, rpc)
        visit = rpc.issues.record_visit(**VISIT, consent=True)
        assert (visit["visit_id"], visit["issue_ids"]) == ("VS-0801", ["IS-0801"])
        [recorded] = story.recorder.wait_for("visit.recorded", 1)
        assert recorded["data"] == {
            "visit_id": "VS-0801", "building_id": B09, "dimensions": ["living_needs", "strengthen_ties"],
            "issue_ids": ["IS-0801"], "visitors": ["P-0007", "V-2001"],
        }  # fmt: skip
        [reported] = story.recorder.wait_for("issue.reported", 1, issue_id="IS-0801")
        assert (reported["data"]["source"], reported["data"]["sensitive"]) == ("visit", True)

        rpc.issues.request_help(
            "IS-0801", needed=2, lead_rule="dual_lead", hours_estimate=1, recurring={"weeks": 4, "hours": 1.0}
        )
        offers = story.recorder.wait_for("dispatch.offered", 2, issue_id="IS-0801")
        assert [offer["data"]["volunteer_id"] for offer in offers] == ["V-2004", "V-2003"]
        with pytest.raises(RemoteError, match="AccessDenied"):
            rpc.issues.get_issue("IS-0801", viewer="V-2003")
        for volunteer in ("V-2004", "V-2003"):
            rpc.volunteer.respond_dispatch("DP-0801", volunteer, accept=True)
        eventually(lambda: rpc.issues.get_issue("IS-0801")["state"] == "in_progress")
        assert NAME in rpc.issues.get_issue("IS-0801", viewer="V-2003")["text"]
        with pytest.raises(RemoteError, match="AccessDenied"):
            rpc.issues.get_issue("IS-0801", viewer="V-2002")

        story.move_clock(datetime(2025, 4, 5, 12, tzinfo=COMMUNITY_TIME))
        rpc.issues.resolve("IS-0801", by="P-0009")
        rpc.issues.confirm("IS-0801", satisfaction=5)
        story.recorder.wait_for("issue.closed", 1, issue_id="IS-0801")
        seen = {row["saw"] for row in rpc.issues.access_log("IS-0801")["items"]}
        assert seen == {"whole", "refused"}
    story.settled()
    happened = counts(story, "IS-0801")
    once = ("issue.reported", "issue.triaged", "issue.help_requested", "dispatch.filled", "issue.resolved",
            "issue.confirmed", "issue.closed")  # fmt: skip
    assert {kind: happened.get(kind) for kind in once} == dict.fromkeys(once, 1)
    assert (happened["dispatch.offered"], happened["dispatch.accepted"]) == (2, 2)
    check_nothing_is_heard(story)


def check_nothing_is_heard(story: System) -> None:
    """Check that name, age, room and need are in no event, no log and no message."""
    heard = [
        event["type"]
        for event in story.recorder.events.values()
        if any(w in str(event) for w in (AGE, ROOM, NEED, NAME))
    ]
    logs = [
        path
        for path in story.folder.glob("*.log")
        if any(w in path.read_text(errors="replace") for w in (AGE, ROOM, NEED, NAME))
    ]
    told = [text for one in ("V-2003", "V-2004", "R-1001") for text in story.messages(f"wx-{one}")]
    assert (heard, logs) == ([], [])
    assert [text for text in told if any(w in text for w in (AGE, ROOM, NEED, NAME))] == []
    assert story.messages("wx-V-2004") != []


def test_without_consent_the_visit_is_kept_and_nothing_follows(story: System) -> None:
    story.start_all()
    with story.rpc() as rpc:
        begin(story, rpc)
        visit = rpc.issues.record_visit(**VISIT, consent=False)
        assert (visit["issue_ids"], visit["consent"]) == ([], False)
        story.recorder.wait_for("visit.recorded", 1)
    story.settled()
    assert story.recorder.of("issue.reported", source="visit") == []
    assert story.database("issues").issues.count_documents({"source": "visit"}) == 0
    assert story.database("issues").visits.count_documents({}) == 1
