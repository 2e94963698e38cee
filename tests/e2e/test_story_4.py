"""Story 4: nobody acts in time, and the issue goes up the four levels of the tree, each step once on three replicas."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.clock import COMMUNITY_TIME
from tests.e2e.fixture import B09, VOLUNTEERS, counts, set_up_community, set_up_contacts
from tests.support.eventually import eventually
from tests.support.system import T0, System

pytestmark = [pytest.mark.story, pytest.mark.timeout(240)]
REPLICAS = 3
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CLOSELY = timedelta(minutes=1)  # before and after each step of the ladder every second is ticked
PEOPLE = [("R-1001", "王小梅"), ("P-0001", "何志远"), ("P-0003", "沈立"), ("P-0007", "赵建军"), ("P-0009", "高洁")]
E07, G03, C01 = "C01-G03-E07", "C01-G03", "C01"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of March 2025."""
    return datetime(2025, 3, day, hour, minute, tzinfo=COMMUNITY_TIME)


def set_up(story: System, rpc: Any) -> None:
    """Prepare the tree and how to reach people; the first issue will be IS-0401."""
    story.database("issues").counters.insert_one({"_id": "IS", "last": 400})
    set_up_community(story, rpc)
    set_up_contacts(rpc, [*PEOPLE, *((one[0], one[1]) for one in VOLUNTEERS)])


def report(rpc: Any, **found: Any) -> str:
    """Report a waste station and give it to the building."""
    issue = rpc.issues.report_issue(reporter="R-1001", building_id=B09, text="垃圾站点异味")
    triaged = rpc.issues.triage(issue["issue_id"], category="waste_station", **found)
    assert (triaged["responsible_unit"], triaged["state"]) == (B09, "triaged")
    return str(issue["issue_id"])


def moments(since: datetime, until: datetime, steps: tuple[datetime, ...], every: timedelta) -> Iterator[datetime]:
    """Yield the time in steps of `every`, and every second where a step of the ladder is near."""
    moment = since
    while moment < until:
        near = any(abs(moment - step) <= CLOSELY for step in steps)
        ahead = [step - CLOSELY for step in steps if moment < step - CLOSELY]
        moment = min([moment + (SECOND if near else every), *ahead])
        yield moment


def tick(story: System, until: datetime, *steps: datetime, every: timedelta = MINUTE) -> None:
    """Let three callers tick through the time side by side; calls go round the replicas."""
    since = story.now or T0
    times = [moment.isoformat() for moment in moments(since, until, steps, every)]

    def run(_: int) -> int:
        with story.rpc() as rpc:
            return sum(rpc.issues.run_due(now=moment)["handled"] for moment in times)

    with ThreadPoolExecutor(REPLICAS) as pool:
        list(pool.map(run, range(REPLICAS)))
    story.move_clock(until)


def steps_up(story: System, issue_id: str) -> list[tuple[int, str, str, datetime]]:
    """Return the steps up the tree that were announced: level, from, to, due."""
    told = [one["data"] for one in story.recorder.of("issue.escalated", issue_id=issue_id)]
    rows = [
        (one["escalation_level"], one["from_unit"], one["to_unit"], datetime.fromisoformat(one["due_at"]))
        for one in told
    ]
    return sorted(rows)


def test_nobody_acts_and_the_issue_goes_up_to_the_district(story: System) -> None:
    story.start_gateway()
    story.start("issues", replicas=REPLICAS, wait=False)
    for service in ("volunteer", "notify"):
        story.start(service)
    with story.rpc() as rpc:
        set_up(story, rpc)
        issue_id = report(rpc)
        assert issue_id == "IS-0401"
        issue = rpc.issues.get_issue(issue_id)
        assert datetime.fromisoformat(issue["due_at"]) == at(4)
        ladder = (at(4), at(6), at(9), at(14))
        for process in story.of("volunteer"):
            process.kill()  # (d): issues needs its own copy of the tree only
        tick(story, at(14) + MINUTE, *ladder)
        story.recorder.wait_for("issue.handed_over", 1)
        assert steps_up(story, issue_id) == [
            (1, B09, E07, at(6)),
            (2, E07, G03, at(9)),
            (3, G03, C01, at(14)),
        ]
        [over] = story.recorder.of("issue.handed_over")
        assert (over["data"]["to"], over["data"]["from_unit"]) == ("district_platform", C01)
        issue = rpc.issues.get_issue(issue_id)
        assert (issue["state"], issue["responsible_unit"]) == ("handed_over", C01)
        assert (issue["reference_no"], issue["escalation_level"]) == (over["data"]["reference_no"], 3)
        assert datetime.fromisoformat(issue["first_due_at"]) == at(4)
        story.recorder.wait_for("notification.delivered", 9, seconds=40)
        story.start("volunteer")  # and catches up from its queue
        copies = story.database("volunteer").issue_copies
        eventually(lambda: (copies.find_one({"_id": issue_id}) or {}).get("scope") == "community")
        tick(story, at(20), every=HOUR)
        assert rpc.issues.run_due(now=at(30).isoformat()) == {"handled": 0}
    story.settled()
    happened = counts(story, issue_id)
    assert {kind: happened[kind] for kind in ("issue.escalated", "issue.handed_over")} == {
        "issue.escalated": 3,
        "issue.handed_over": 1,
    }
    assert story.parked() == []
    check_messages(story)


def check_messages(story: System) -> None:
    """Check who was told: each new secretary and the reporter at each step, two at the hand-over; eight in all."""
    assert story.messages("wx-R-1001")[1:] == [
        "【滨湖世纪社区】您反映的事项IS-0401因超过办理时限,已上报至振徽苑小区党支部督办。",
        "【滨湖世纪社区】您反映的事项IS-0401因超过办理时限,已上报至振杰网格党总支督办。",
        "【滨湖世纪社区】您反映的事项IS-0401因超过办理时限,已上报至滨湖世纪社区党委督办。",
        "【滨湖世纪社区】您反映的事项IS-0401已移交区级平台办理,受理编号HO-0401。",
    ]
    assert [len(story.messages(f"wx-{person}")) for person in ("P-0007", "P-0003", "P-0001")] == [1, 1, 2]
    assert story.messages("wx-P-0009") == []
    assert len(story.recorder.of("notification.delivered")) == 9  # with the one that the report was accepted


def test_acting_stops_the_ladder_a_hazard_climbs_fast_and_a_moved_deadline_counts(story: System) -> None:
    story.start("issues", replicas=REPLICAS, wait=False)
    story.start("volunteer")
    story.start("notify")
    with story.rpc() as rpc:
        set_up(story, rpc)
        acted, hazard, shortened = report(rpc), report(rpc, hazard="blocked_stairs"), report(rpc)
        rpc.issues.set_deadline(shortened, due_at=at(3, 20).isoformat())
        tick(story, at(5, 12), at(3, 11), at(3, 15), at(3, 20), at(3, 23), at(4), at(4, 23), every=HOUR)

        assert steps_up(story, hazard) == [
            (1, B09, E07, at(3, 15)),
            (2, E07, G03, at(3, 23)),
            (3, G03, C01, at(4, 23)),
        ]
        [over] = story.recorder.of("issue.handed_over")
        assert (over["data"]["issue_id"], datetime.fromisoformat(over["time"])) == (hazard, at(4, 23))
        assert steps_up(story, shortened) == [(1, B09, E07, at(5, 20))]
        answer = rpc.issues.act(acted, by="P-0007", note="已联系物业清运")
        assert answer["state"] == "in_progress"
        tick(story, at(20), at(5, 20), at(8, 20), at(13, 20), every=HOUR)
        assert steps_up(story, acted) == [(1, B09, E07, at(6))]
        assert [step[0] for step in steps_up(story, shortened)] == [1, 2, 3]
        assert rpc.issues.get_issue(acted)["state"] == "in_progress"
    story.settled()
    assert story.recorder.counts()["issue.handed_over"] == 2
    assert story.recorder.counts()["issue.escalated"] == 7
    assert story.parked() == []
