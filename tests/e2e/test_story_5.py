"""Story 5: an overbooked course on three replicas, promotion from the waiting list, and qualifications that follow."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.clock import COMMUNITY_TIME
from tests.e2e.fixture import HAZARD, set_up_community, set_up_contacts
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]
LEARNERS = [f"L-{n:02d}" for n in range(1, 35)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of March 2025."""
    return datetime(2025, 3, day, hour, minute, tzinfo=COMMUNITY_TIME)


def overbook(story: System, rpc: Any) -> None:
    """Walk step 1: 34 people ask for 30 seats at the same moment, each on a connection of their own."""
    story.database("enrollment").counters.insert_one({"_id": "CO", "last": 500})
    rpc.enrollment.plan_course(
        title="安全隐患排查实务", theme="urban_management", course_kind="skill", capacity=30,
        audience=["resident_backbone"], qualification=HAZARD,
    )  # fmt: skip
    session = rpc.enrollment.schedule_session(
        "CO-0501", starts_at=at(20, 9).isoformat(), hours=3, session_format="lecture"
    )
    assert session["course_id"] == "CO-0501"
    rpc.enrollment.open_course("CO-0501")
    with ThreadPoolExecutor(len(LEARNERS)) as pool:
        answers = list(pool.map(lambda learner: story.call("enrollment", "enroll", "CO-0501", learner), LEARNERS))
    assert sorted(answer["place"] for answer in answers) == ["enrolled"] * 30 + ["waitlisted"] * 4
    assert sorted(answer["position"] for answer in answers if answer["position"]) == [1, 2, 3, 4]
    assert sorted(answer["seat_no"] for answer in answers if answer["seat_no"]) == list(range(1, 31))


def waiting(rpc: Any) -> list[str]:
    """Return who waits, in order."""
    return [entry["person_id"] for entry in rpc.enrollment.get_course("CO-0501")["waiting"]]


def test_thirty_seats_for_thirty_four_people_and_the_list_moves_up(story: System) -> None:
    story.start_gateway()
    story.start_all(enrollment=3)
    with story.rpc() as rpc:
        set_up_community(story, rpc)
        set_up_contacts(rpc, [(learner, f"学员{learner}") for learner in LEARNERS])
        overbook(story, rpc)
        story.recorder.wait_for("learner.enrolled", 30)
        story.recorder.wait_for("learner.waitlisted", 4)
        story.recorder.wait_for("notification.delivered", 34)  # days pass before anybody cancels
        q1, q2, q3, q4 = waiting(rpc)

        story.move_clock(at(15, 9))
        seated = [seat["person_id"] for seat in rpc.enrollment.get_course("CO-0501")["seats"]]
        rpc.enrollment.cancel_enrollment("CO-0501", seated[0])
        [promoted] = story.recorder.wait_for("learner.promoted", 1)
        assert promoted["data"]["person_id"] == q1
        assert datetime.fromisoformat(promoted["data"]["hold_expires_at"]) == at(16, 9)
        assert waiting(rpc) == [q2, q3, q4]

        story.move_clock(at(16, 9))
        rpc.enrollment.run_due(now=at(16, 9).isoformat())
        [lapsed] = story.recorder.wait_for("enrollment.lapsed", 1)
        assert lapsed["data"]["person_id"] == q1
        story.recorder.wait_for("learner.promoted", 2)
        assert waiting(rpc) == [q3, q4]
        story.move_clock(at(16, 11))
        rpc.enrollment.confirm_promotion("CO-0501", q2)
        story.recorder.wait_for("learner.enrolled", 31)
        story.recorder.wait_for("notification.delivered", 39, seconds=40)
        assert story.messages(f"wx-{q2}")[1] == (
            "【滨湖世纪社区】您候补的《安全隐患排查实务》已有名额,请于2025-03-17 09:00前确认,逾期将顺延。"
        )
        finish(story, rpc, q3, q4)


def finish(story: System, rpc: Any, q3: str, q4: str) -> None:
    """Walk steps 4 and 5: 28 of 30 attend; six of them are volunteers, a seventh registers later."""
    seated = [seat["person_id"] for seat in rpc.enrollment.get_course("CO-0501")["seats"]]
    assert len(seated) == 30
    present = seated[:28]
    for person in present[:6]:
        rpc.volunteer.register(person_id=person, org_unit_id="C01-G03-E07-B09", is_party_member=False)
    [session] = rpc.enrollment.get_course("CO-0501")["sessions"]
    story.move_clock(at(20, 9) + timedelta(hours=3))
    rpc.enrollment.record_attendance(session["session_id"], person_ids=present)
    rpc.enrollment.finish_course("CO-0501")
    story.recorder.wait_for("attendance.recorded", 28)
    story.recorder.wait_for("course.completed", 28)
    [finished] = story.recorder.wait_for("course.finished", 1)
    assert (finished["data"]["completed_count"], finished["data"]["not_completed_count"]) == (28, 2)
    qualified = story.recorder.wait_for("volunteer.qualified", 6, qualification=HAZARD)
    assert {event["data"]["person_id"] for event in qualified} == set(present[:6])
    eventually(lambda: story.database("volunteer").learning_records.count_documents({"completions": {"$ne": []}}) == 28)
    rpc.volunteer.register(person_id=present[10], org_unit_id="C01-G03-E07-B09", is_party_member=False)
    story.recorder.wait_for("volunteer.qualified", 7)
    story.settled()
    counted = story.recorder.counts()
    expected = {
        "learner.enrolled": 31, "learner.waitlisted": 4, "enrollment.cancelled": 1, "learner.promoted": 2,
        "enrollment.lapsed": 1, "attendance.recorded": 28, "course.completed": 28, "course.finished": 1,
    }  # fmt: skip
    assert {kind: counted.get(kind, 0) for kind in expected} == expected
    course = rpc.enrollment.get_course("CO-0501")
    assert (course["taken"], waiting(rpc)) == (30, [q3, q4])
    assert rpc.enrollment.academy_report()["person_times"] == 28
    assert story.parked() == []


def test_seats_are_never_overbooked_at_any_instant(story: System) -> None:
    """200 people and 30 seats on three replicas; every call is answered, and exactly 30 have a seat."""
    story.start("enrollment", replicas=3)
    people = [f"M-{n:03d}" for n in range(200)]
    with story.rpc() as rpc:
        course = rpc.enrollment.plan_course(
            title="抢座", theme="urban_management", course_kind="general", capacity=30, audience=["resident_backbone"]
        )["course_id"]
        rpc.enrollment.open_course(course)
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda person: story.call("enrollment", "enroll", course, person), people))
        assert sorted(answer["place"] for answer in answers) == ["enrolled"] * 30 + ["waitlisted"] * 170
        assert sorted(answer["position"] for answer in answers if answer["position"]) == list(range(1, 171))
        story.recorder.wait_for("learner.enrolled", 30)
        story.recorder.wait_for("learner.waitlisted", 170)
        assert len({event["data"]["seat_no"] for event in story.recorder.of("learner.enrolled")}) == 30
