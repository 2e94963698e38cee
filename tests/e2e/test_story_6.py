"""Story 6: the same event delivered again and again, on three replicas, has one effect."""

import json
import uuid
from typing import Any

import pytest

from tests.e2e.fixture import B09, HAZARD, VOLUNTEERS, set_up_community, set_up_contacts
from tests.support.bus import publish_raw
from tests.support.eventually import eventually
from tests.support.system import T0, System

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]


def event(kind: str, source: str, subject: str, sequence: int, **data: Any) -> dict[str, Any]:
    """Make a CloudEvent as another service, or an administrator in the shell, would."""
    return {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": source, "type": kind, "subject": subject,
        "time": T0.isoformat(), "sequence": str(sequence), "correlationid": subject, "data": data,
    }  # fmt: skip


def ask_for_help(story: System, issue_id: str, sequence: int, **wanted: Any) -> None:
    """Announce that an issue needs volunteers, as issues would."""
    usual = {
        "category": "bike_shed", "scope": "building", "lead_rule": "dual_lead", "urgent": False, "sensitive": False,
        "building_id": B09, "qualification": HAZARD, "request_no": 1, "title": "振徽苑9栋非机动车棚",
    }  # fmt: skip
    data = {**usual, "issue_id": issue_id, **wanted}
    story.dispatch(
        "issues", "issue.help_requested", event("issue.help_requested", "issues", issue_id, sequence, **data)
    )


def set_up_completed_dispatch(story: System, rpc: Any) -> None:
    """Give DP-0601: V-2001 and V-2002 have served three hours each for IS-0601; issues is played by the test."""
    set_up_community(story, rpc)
    set_up_contacts(rpc, [(volunteer[0], volunteer[1]) for volunteer in VOLUNTEERS])
    ask_for_help(story, "IS-0601", 3, needed=2, hours_estimate=3.0, qualification_policy="preferred", round=1)
    story.recorder.wait_for("dispatch.offered", 2)
    for volunteer in ("V-2001", "V-2002"):
        rpc.volunteer.respond_dispatch("DP-0601", volunteer, accept=True)
    rpc.volunteer.complete_dispatch("DP-0601", hours_by_volunteer={"V-2001": 3.0, "V-2002": 3.0})


def processed(story: System, event_id: str) -> dict[str, Any] | None:
    """Return what volunteer's inbox knows of an event."""
    return story.database("volunteer").processed_events.find_one({"event_id": event_id})


def test_one_confirmation_delivered_three_times_and_again_under_a_new_id_credits_once(story: System) -> None:
    story.start_gateway()
    story.start("notify", wait=False)
    [doomed] = story.start("volunteer", FAILPOINT="before_ack:999999")
    with story.rpc() as rpc:
        set_up_completed_dispatch(story, rpc)
        doomed.stop()
        [doomed] = story.start("volunteer", FAILPOINT="before_ack:1")
        e1 = event("issue.confirmed", "issues", "IS-0601", 9, issue_id="IS-0601", round=1, satisfaction=5, via="wechat")
        story.dispatch("issues", "issue.confirmed", e1)
        eventually(lambda: not doomed.alive)  # it applied E1 and was killed before the acknowledgement
        assert doomed.popen.returncode == -9
        assert story.database("volunteer").hours_ledger.count_documents({}) == 2
        story.start("volunteer", replicas=3)
        eventually(lambda: (processed(story, e1["id"]) or {}).get("deliveries") == 2)
        story.dispatch("issues", "issue.confirmed", e1)
        eventually(lambda: (processed(story, e1["id"]) or {}).get("deliveries") == 3)
        e2 = {**e1, "id": str(uuid.uuid4())}
        story.dispatch("issues", "issue.confirmed", e2)
        eventually(lambda: processed(story, e2["id"]))
        check_credited_once(story, rpc, e1["id"], e2["id"])
        qualify_twice(story, rpc)
        tell_twice(story)
        out_of_order(story, rpc)
        malformed(story, rpc)


def check_credited_once(story: System, rpc: Any, e1: str, e2: str) -> None:
    """Check steps 1 and 2."""
    story.recorder.wait_for("hours.credited", 2)
    story.recorder.wait_for("notification.delivered", 4)  # two offers, two credits
    story.settled()
    assert rpc.volunteer.volunteer_card("V-2001")["total_hours"] == 43.0
    assert rpc.volunteer.volunteer_card("V-2002")["total_hours"] == 15.0
    assert len(rpc.volunteer.hours_ledger(dispatch_id="DP-0601")["items"]) == 2
    assert len(story.recorder.of("hours.credited")) == 2
    assert [len(story.messages(f"wx-{volunteer}")) for volunteer in ("V-2001", "V-2002")] == [2, 2]
    first, second = processed(story, e1), processed(story, e2)
    assert first is not None
    assert (first["deliveries"], first["result"]) == (3, "done")
    assert second is not None
    assert (second["deliveries"], second["result"]) == (1, "duplicate_business_key")
    assert story.parked() == []


def qualify_twice(story: System, rpc: Any) -> None:
    """Check step 3: the same completion twice qualifies once and does not move the date."""
    completed = event(
        "course.completed", "enrollment", "CO-0601/V-2003", 1, enrollment_id="CO-0601/V-2003", course_id="CO-0601",
        person_id="V-2003", theme="urban_management", qualification=HAZARD, hours=3.0, score=None,
        completed_at="2025-03-01T12:00:00+08:00", need_id=None, title="安全隐患排查实务",
    )  # fmt: skip
    for again in (completed, completed, {**completed, "id": str(uuid.uuid4())}):
        story.dispatch("enrollment", "course.completed", again)
    [qualified] = story.recorder.wait_for("volunteer.qualified", 1)
    assert qualified["data"]["valid_until"] == "2027-03-01"
    eventually(lambda: (processed(story, completed["id"]) or {}).get("deliveries") == 2)
    story.settled()
    assert len(story.recorder.of("volunteer.qualified")) == 1
    held = rpc.volunteer.volunteer_card("V-2003")["qualifications"]
    assert [(one["qualification"], one["valid_until"]) for one in held] == [(HAZARD, "2027-03-01")]


def tell_twice(story: System) -> None:
    """Check step 4: notify gets the same credit again and sends nothing."""
    before = len(story.messages("wx-V-2001"))
    [credited] = story.recorder.of("hours.credited", volunteer_id="V-2001")
    story.dispatch("volunteer", "hours.credited", credited)
    inbox = story.database("notify").processed_events
    eventually(lambda: (inbox.find_one({"event_id": credited["id"]}) or {}).get("deliveries") == 2)
    story.settled()
    assert len(story.messages("wx-V-2001")) == before


def out_of_order(story: System, rpc: Any) -> None:
    """Check step 5: round 1's answer arrives after round 2's; the copy does not go back, the hours are credited."""
    for number in (1, 2):
        wanted = {"needed": 1, "hours_estimate": 2.0, "qualification_policy": "required", "lead_rule": "none"}
        ask_for_help(story, "IS-0602", 3 * number, round=number, request_no=number, **wanted)
        [offer] = eventually(lambda n=number: offers_of(story, n))
        dispatch_id, volunteer = offer["data"]["dispatch_id"], offer["data"]["volunteer_id"]
        rpc.volunteer.respond_dispatch(dispatch_id, volunteer, accept=True)
        rpc.volunteer.complete_dispatch(dispatch_id, hours_by_volunteer={volunteer: 2.0})
    before = len(story.recorder.of("hours.credited"))
    confirmed = event(
        "issue.confirmed", "issues", "IS-0602", 20, issue_id="IS-0602", round=2, satisfaction=4, via="wechat"
    )
    reopened = event(
        "issue.reopened", "issues", "IS-0602", 10, issue_id="IS-0602", round=1, satisfaction=2, reason="unsolved"
    )
    story.dispatch("issues", "issue.confirmed", confirmed)
    story.recorder.wait_for("hours.credited", before + 1)
    state = story.database("volunteer").issue_copies.find_one({"_id": "IS-0602"})["state"]
    story.dispatch("issues", "issue.reopened", reopened)
    story.recorder.wait_for("hours.credited", before + 2)
    copy = story.database("volunteer").issue_copies.find_one({"_id": "IS-0602"})
    assert (copy["state"], state) == ("closed", "closed")
    assert sorted(copy["verified_rounds"]) == [1, 2]
    story.dispatch("issues", "issue.reopened", {**reopened, "id": str(uuid.uuid4())})
    story.settled()
    assert len(story.recorder.of("hours.credited")) == before + 2


def offers_of(story: System, number: int) -> list[dict[str, Any]]:
    """Return the offers for the n-th request of IS-0602."""
    dispatch_id = "DP-0602" if number == 1 else f"DP-0602-{number}"
    return story.recorder.of("dispatch.offered", dispatch_id=dispatch_id)


def malformed(story: System, rpc: Any) -> None:
    """Check step 6: a completion without a person is parked; the next good one is handled."""
    qualified = len(story.recorder.of("volunteer.qualified"))
    bare = {"course_id": "CO-0602", "qualification": HAZARD, "completed_at": "2025-03-01T12:00:00+08:00"}
    publish_raw(story.place.amqp_uri, "enrollment.events", "course.completed", json.dumps(bare).encode())
    good = {**bare, "enrollment_id": "CO-0602/V-2004", "person_id": "V-2004", "theme": "urban_management", "hours": 3.0}
    publish_raw(story.place.amqp_uri, "enrollment.events", "course.completed", json.dumps(good).encode())
    eventually(lambda: len(story.recorder.of("volunteer.qualified")) == qualified + 1)
    [parked] = rpc.volunteer.parked()["items"]
    assert (parked["reason"], parked["type"], parked["handler"]) == (
        "invalid",
        "course.completed",
        "on_course_completed",
    )
    assert "person_id" in parked["detail"]
    assert rpc.volunteer.show_parked(parked["parked_id"])["body"] == json.dumps(bare)


def test_a_replica_that_dies_between_ledger_and_publishing_still_brings_the_facts_out(story: System) -> None:
    story.start_gateway()
    story.start("notify", wait=False)
    story.start("volunteer")
    with story.rpc() as rpc:
        set_up_completed_dispatch(story, rpc)
        for process in story.of("volunteer"):
            process.stop()
        [doomed] = story.start("volunteer", FAILPOINT="after_commit:1")
        confirmed = event(
            "issue.confirmed", "issues", "IS-0601", 9, issue_id="IS-0601", round=1, satisfaction=5, via="wechat"
        )
        story.dispatch("issues", "issue.confirmed", confirmed)
        eventually(lambda: not doomed.alive)
        story.start("volunteer", replicas=3)
        story.recorder.wait_for("hours.credited", 2)
        story.settled()
        assert len(story.recorder.of("hours.credited")) == 2
        assert rpc.volunteer.volunteer_card("V-2001")["total_hours"] == 43.0
