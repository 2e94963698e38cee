"""Rules and what waits, as documents on real servers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from nameko.exceptions import RemoteError

from services.issues import repository
from tests.integration.issues.deciding import Office, offices

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a service of one replica, on which each test makes issues of its own."""
    yield from offices(tmp_path_factory.mktemp("test_rules"), replicas=1)


def test_rules_that_were_set_hold_for_clocks_that_start_afterwards_and_every_version_is_kept(office: Office) -> None:
    earlier = office.at_work()

    first = office.call("set_rules", resolve={"general": {"amount": 5, "unit": "natural_day"}})
    second = office.call("set_rules", resolve={"general": {"amount": 6, "unit": "natural_day"}}, most_questions=0)
    again = office.call("set_rules", most_questions=0)
    later = office.at_work()

    assert [one["version"] for one in (first, second, again)] == [1, 2, 2]
    assert [days(office, issue_id) for issue_id in (earlier, later)] == [7, 6]
    kept = [office.call("get_rules", version=version)["rules"]["resolve"]["value"] for version in (0, 1, 2)]
    assert [one["general"]["amount"] for one in kept] == [7, 5, 6]
    assert office.call("get_rules")["version"] == 2
    with pytest.raises(RemoteError, match="not_found"):
        office.call("get_rules", version=3)


def test_a_refused_change_leaves_the_rules_as_they_were(office: Office) -> None:
    before = office.call("get_rules")

    for values in ({"weight_solved": 90}, {"accept": {"amount": 900, "unit": "work_day"}}, {"most_question": 1}, {}):
        with pytest.raises(RemoteError):
            office.call("set_rules", **values)

    assert office.call("get_rules") == before


def test_a_preview_counts_the_issues_that_are_there(office: Office) -> None:
    office.at_work()
    issues = office.system.database("issues").issues.count_documents({})

    found = office.call("preview_rules", days=30, sign={"amount": 2, "unit": "work_day"})

    assert (found["issues"], found["complete"], found["not_simulated"]) == (issues, True, [])
    assert found["clocks"]["accept"]["judged"] == issues


def test_a_preview_reads_the_index_and_no_more_than_it_says(office: Office) -> None:
    collection = office.system.database("issues").issues
    since = office.system.now - timedelta(days=30)

    query = (
        collection.find({"reported_at": {"$gte": since}}).sort("reported_at", -1).limit(repository.MOST_PREVIEWED + 1)
    )

    assert "reported_at_1" in str(query.explain()["queryPlanner"]["winningPlan"])


def test_what_waits_is_listed_page_by_page_and_leaves_the_list_when_it_is_decided(office: Office) -> None:
    before, *issue_ids = [office.at_work() for _ in range(4)]
    for issue_id in issue_ids:
        office.call("extend", issue_id, days=2, reason="备件未到", by="P-0007")
    office.call("force_close", issue_ids[0], reason="overtaken", public_reason="已拆除", by="P-0007")

    first = office.call("list_approvals", limit=2, after=before)
    rest = office.call("list_approvals", after=first["next"])
    forced = office.call("list_approvals", kind="force_close", after=before)

    assert [one["issue_id"] for one in (*first["items"], *rest["items"])] == issue_ids
    assert rest["next"] is None
    assert [(one["issue_id"], len(one["approvals"])) for one in forced["items"]] == [(issue_ids[0], 2)]
    for issue_id in issue_ids:
        office.call("decline", issue_id, kind="extend", reason="理由不足", by="P-0002")
    assert [one["issue_id"] for one in office.call("list_approvals", after=before)["items"]] == issue_ids[:1]


def test_the_list_of_what_waits_reads_the_index(office: Office) -> None:
    waiting, *_ = [office.at_work() for _ in range(5)]
    office.call("extend", waiting, days=2, reason="备件未到", by="P-0007")
    waits = {"state": "pending", "proposal.kind": "extend"}
    where = {"approvals.state": "pending", "approvals": {"$elemMatch": waits}, "_id": {"$gt": ""}}

    query = office.system.database("issues").issues.find(where).sort("_id", 1)

    assert "approvals.proposal.kind_1" in str(query.explain()["queryPlanner"]["winningPlan"])


BAD = [
    ("ask_info", {"question": "?"}),  # it is at work
    ("give_info", {"text": "!"}),
    ("give_info", {"text": "!", "by": "R-1007"}),
    ("reject", {"reason": "not_ours", "referred_to": "district"}),
    ("suspend", {"until": "2025-01-01T09:00:00+08:00", "reason": "parts", "public_reason": "等待配件"}),
    ("suspend", {"until": "2035-01-01T09:00:00+08:00", "reason": "parts", "public_reason": "等待配件"}),
    ("suspend", {"until": "2025-06-01T09:00:00+08:00", "reason": "tired", "public_reason": "等待配件"}),
    ("extend", {"reason": "备件未到"}),
    ("extend", {"reason": "备件未到", "days": 60}),
    ("extend", {"reason": "备件未到", "days": 5, "until": "2025-06-01T09:00:00+08:00"}),
    ("force_close", {"reason": "overtaken"}),
    ("approve", {"kind": "suspend", "by": "P-0002"}),
    ("approve", {"kind": "resolve", "by": "P-0002"}),
    ("decline", {"kind": "extend", "reason": "不同意"}),
    ("withdraw", {"by": "R-1007"}),
]


@pytest.mark.parametrize(("method", "values"), BAD)
def test_what_is_refused_changes_nothing(office: Office, method: str, values: dict[str, Any]) -> None:
    issue_id = office.at_work()
    before, announced = office.issue(issue_id), office.announced(issue_id)

    with pytest.raises(RemoteError):
        office.call(method, issue_id, **values)

    assert (office.issue(issue_id), office.announced(issue_id)) == (before, announced)


def test_a_person_of_an_outside_unit_approves_nothing(office: Office) -> None:
    unit = {
        "unit_id": "PC-0007",
        "kind": "department",
        "label_zh": "物业",
        "label_en": "Property",
        "persons": ["U-0071"],
    }
    office.call("set_units", units=[unit])
    issue_id = office.at_work()
    office.call("extend", issue_id, days=2, reason="备件未到", by="P-0007")

    for method, values in (("approve", {}), ("decline", {"reason": "不同意"})):
        with pytest.raises(RemoteError, match="acts for PC-0007"):
            office.call(method, issue_id, kind="extend", by="U-0071", **values)

    assert office.issue(issue_id)["approvals"][0]["approved_by"] == []


def test_the_same_proposal_again_answers_the_same_and_announces_nothing(office: Office) -> None:
    issue_id = office.at_work()

    answers = [office.call("extend", issue_id, days=2, reason="备件未到", by="P-0007") for _ in range(2)]

    assert answers[0] == answers[1]
    assert office.announced(issue_id).count("issue.approval_requested") == 1


def days(office: Office, issue_id: str) -> int:
    """Return how many days an issue was given to be solved."""
    [resolve] = [clock for clock in office.issue(issue_id)["clocks"] if clock["kind"] == "resolve"]
    hours = (moment(resolve["first_due_at"]) - moment(resolve["started_at"])) / timedelta(hours=1)
    return round(hours / 24)


def moment(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text)
