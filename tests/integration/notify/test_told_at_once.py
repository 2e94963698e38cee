"""On real servers: nobody waits for a unit that only somebody else's message needs, and nobody hears twice."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shared.broker.topology import DELAYS
from tests.e2e.fixture import B09, TREE
from tests.support.bus import publish_raw
from tests.support.eventually import eventually
from tests.support.system import System

pytestmark = pytest.mark.server

EXAMPLES = Path("services/issues/examples")
REPORTER, GRID, COMMUNITY = "R-1001", "P-0003", "P-0001"
ESCALATED = ("on_issue_escalated", "on_issue_escalated_secretary")
AFTER_RUNGS = 60.0  # seconds; the second rung of the ladder takes 30


class Town:
    """Notify with a gateway, and events that reach it as issues and volunteer publish them."""

    def __init__(self, system: System) -> None:
        self.system = system
        system.start_gateway()
        [self.process] = system.start("notify")
        self.database = system.database("notify")

    def know(self, *people: str) -> None:
        """Say how people can be reached; their address is their id."""
        contacts = [{"person_id": one, "name": f"姓名{one}", "wechat": f"wx-{one}"} for one in people]
        self.system.call("notify", "set_contacts", contacts=contacts)

    def publish(self, event: dict[str, Any], **headers: Any) -> str:
        """Publish an event as its service does, and return its id."""
        body = json.dumps(event, ensure_ascii=False).encode()
        exchange = f"{event['source']}.events"
        publish_raw(self.system.place.amqp_uri, exchange, event["type"], body, headers=headers, message_id=event["id"])
        return str(event["id"])

    def announce(self, *units: str) -> None:
        """Announce units of the tree, and wait until notify has them."""
        for unit in TREE:
            if unit["org_unit_id"] in units:
                data = {**unit, "revision": 1}
                self.system.dispatch("volunteer", "org_unit.updated", data)
        eventually(lambda: set(units) <= {row["_id"] for row in self.database.org_units.find({}, {"_id": 1})})

    def mark(self, handler: str, event_id: str) -> dict[str, Any]:
        """Return what a subscription made of an event."""
        return self.database.processed_events.find_one({"_id": f"{handler}:{event_id}"}) or {}

    def waits(self, handler: str) -> bool:
        """Whether a subscription has put something on the retry ladder."""
        return self.process.metric("bus_retry_total", handler=handler) > 0

    def told(self) -> Counter[tuple[str, str]]:
        """Count the messages that there are, by person and template."""
        return Counter((row["person_ref"], row["template"]) for row in self.database.notifications.find())

    def received(self, *people: str) -> dict[str, list[str]]:
        """Return what the provider has for each person."""
        return {one: self.system.messages(f"wx-{one}") for one in people}


@pytest.fixture
def town(system: System) -> Town:
    return Town(system)


def example(kind: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EXAMPLES / f"{kind}.json").read_text(encoding="utf-8"))
    return event


def escalated() -> dict[str, Any]:
    """Give an issue to the grid, which the tree of this notify does not hold yet."""
    event = example("issue.escalated")
    event["data"] |= {"from_unit": "C01-G03-E07", "to_unit": "C01-G03", "reporter_ref": REPORTER}
    return event


def test_the_reporter_hears_at_once_and_the_secretary_once_when_the_unit_is_known(town: Town) -> None:
    town.know(REPORTER, GRID)
    event = escalated()
    event_id = town.publish(event)
    by_id = f"【滨湖世纪社区】您反映的事项{event['data']['issue_id']}因超过办理时限,已上报至C01-G03督办。"
    eventually(lambda: town.received(REPORTER, GRID) == {REPORTER: [by_id], GRID: []})
    eventually(lambda: town.waits("on_issue_escalated_secretary"))
    assert town.told() == {(REPORTER, "issue_escalated"): 1}
    assert town.mark("on_issue_escalated", event_id)["result"] == "done"
    assert town.mark("on_issue_escalated_secretary", event_id) == {}

    town.announce("C01-G03", "C01-G03-E07")
    [text] = eventually(lambda: town.received(GRID)[GRID], seconds=AFTER_RUNGS)
    assert "振徽苑小区党支部超过办理时限,已上报至振杰网格党总支" in text
    assert town.told() == {(REPORTER, "issue_escalated"): 1, (GRID, "escalated_to_unit"): 1}

    for _ in range(3):
        town.publish(event)
    eventually(lambda: [town.mark(one, event_id).get("deliveries") for one in ESCALATED] == [4, 4])
    town.database.processed_events.delete_many({})  # the inbox forgets after 30 days
    town.publish(event)
    eventually(lambda: [town.mark(one, event_id).get("result") for one in ESCALATED] == ["duplicate_business_key"] * 2)
    town.system.settled()
    assert town.told() == {(REPORTER, "issue_escalated"): 1, (GRID, "escalated_to_unit"): 1}
    assert town.received(REPORTER, GRID) == {REPORTER: [by_id], GRID: [text]}
    town.system.recorder.wait_for("notification.delivered", 2)
    assert town.system.parked() == []


def test_what_has_waited_long_enough_is_parked_for_an_operator_and_told_once_when_replayed(town: Town) -> None:
    town.know(REPORTER, GRID)
    event_id = town.publish(escalated(), **{"x-attempt": len(DELAYS)})  # the end of the ladder is an hour away
    [row] = eventually(lambda: list(town.database.parked.find({"state": "parked"})))
    assert (row["handler"], row["reason"]) == ("on_issue_escalated_secretary", "retries_exhausted")
    assert "the tree does not hold this unit yet" in row["detail"]
    eventually(lambda: len(town.received(REPORTER)[REPORTER]) == 1)
    assert town.told() == {(REPORTER, "issue_escalated"): 1}

    town.announce("C01-G03", "C01-G03-E07")
    for replayed in (1, 0):
        assert town.system.call("notify", "replay_parked", ids=[row["_id"]]) == {"replayed": replayed}
    eventually(lambda: town.mark("on_issue_escalated_secretary", event_id).get("result") == "done")
    eventually(lambda: len(town.received(GRID)[GRID]) == 1)
    town.system.settled()
    assert town.told() == {(REPORTER, "issue_escalated"): 1, (GRID, "escalated_to_unit"): 1}
    assert town.system.parked() == []


TOLD = {  # by the examples that issues publishes
    "issue.dispatched": {
        ("U-0071", "dispatched_to_unit"): 1,
        ("U-0072", "dispatched_to_unit"): 1,
        (REPORTER, "issue_dispatched"): 1,
    },
    "issue.arbitration_opened": {(COMMUNITY, "arbitration_opened"): 1},
    "issue.approval_requested": {("P-0200", "approval_requested"): 1},
    "issue.approval_declined": {("P-0007", "approval_declined"): 1},
    "deliberation.postponed": {(f"R-100{number}", "vote_postponed"): 1 for number in (1, 2, 3)},
    "deliberation.withdrawn": {
        (REPORTER, "topic_withdrawn"): 1,  # who is on the roll as well, and hears it once
        ("R-1002", "vote_withdrawn"): 1,
        ("R-1003", "vote_withdrawn"): 1,
    },
    "secretary_project.cancelled": {
        ("P-0007", "project_cancelled"): 1,
        ("P-0009", "member_project_cancelled"): 1,
        ("V-2001", "member_project_cancelled"): 1,
        (REPORTER, "reporter_project_cancelled"): 1,
    },
}


def test_every_fact_tells_exactly_whom_its_example_names_however_often_it_comes(town: Town) -> None:
    expected = Counter({message: n for messages in TOLD.values() for message, n in messages.items()})
    town.know(*{person for person, _ in expected})
    town.announce("C01")
    for _ in range(2):
        ids = {kind: town.publish(example(kind)) for kind in TOLD}
    for kind, event_id in ids.items():
        handler = "on_" + kind.replace(".", "_")
        eventually(lambda: town.mark(handler, event_id).get("deliveries") == 2)  # noqa: B023 -- called at once
        assert town.mark(handler, event_id)["result"] == "done"
    town.system.recorder.wait_for("notification.delivered", expected.total())
    town.system.settled()
    assert town.told() == expected
    held = Counter(person for person, _ in expected.elements())
    assert {person: len(texts) for person, texts in town.received(*held).items()} == held
    assert town.system.recorder.of("notification.undeliverable") == []


def test_what_issues_announces_names_whom_notify_tells(system: System) -> None:
    """Dispatched, given back twice, ruled on; time asked for and refused."""
    system.start("issues")
    town = Town(system)
    town.announce(*(unit["org_unit_id"] for unit in TREE))
    eventually(lambda: system.database("issues").org_units.count_documents({}) == len(TREE))
    town.know(REPORTER, COMMUNITY, GRID, "P-0009", "P-0200", "U-0071", "U-0011")
    units = [("PC-0007", "property_company", "U-0071"), ("UT-0001", "utility", "U-0011")]
    with system.rpc() as rpc:
        issues = rpc.issues
        named = {"label_zh": "外单位", "label_en": "outside unit"}
        issues.set_units(units=[{"unit_id": one, "kind": kind, "persons": [who], **named} for one, kind, who in units])
        key = {"issue_id": issues.report_issue(reporter=REPORTER, building_id=B09, text="垃圾站点异味")["issue_id"]}
        issues.triage(**key, category="waste_station")
        for unit, _, who in units:
            issues.dispatch(**key, lead_unit=unit)
            issues.return_issue(**key, unit=unit, by=who, reason="not_responsible", evidence="不属本单位")
        issues.rule(**key, unit="PC-0007", by=COMMUNITY, reason="合同第三条")
        issues.sign(**key, unit="PC-0007", by="U-0071")
        issues.force_close(**key, reason="not_solvable", public_reason="无法处理", by="P-0200")
        issues.decline(**key, kind="force_close", reason="仍可处理", by="P-0009")
    expected = {
        (REPORTER, "issue_accepted"): 1,
        (REPORTER, "issue_dispatched"): 3,
        ("U-0071", "dispatched_to_unit"): 2,
        ("U-0011", "dispatched_to_unit"): 1,
        (COMMUNITY, "arbitration_opened"): 1,
        ("P-0009", "approval_requested"): 1,
        ("local-shell", "approval_requested"): 1,  # who sent it out: here an administrator, whom no channel reaches
        ("P-0200", "approval_declined"): 1,
    }
    eventually(lambda: sum(town.told().values()) >= sum(expected.values()))
    system.settled()
    assert town.told() == expected
