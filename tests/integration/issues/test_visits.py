"""Visits and inspections on real servers: counted once, listed by index, and only whole for those who were there."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from nameko.exceptions import RemoteError

from tests.e2e.fixture import B09
from tests.integration.issues.deciding import Office

pytestmark = pytest.mark.server
VISIT = {
    "building_id": B09, "visitors": ["P-0007", "V-2001"], "dimensions": ["living_needs"], "consent": True,
    "round_no": 54, "household_ref": "H-0912",
    "findings": [{"text": "楼道灯坏了", "dimension": "living_needs", "category": "other"}],
}  # fmt: skip


def issues_of(office: Office, client_id: str) -> list[dict[str, Any]]:
    """Return the issues that a finding under this number became."""
    return list(office.system.database("issues").issues.find({"client_id": {"$regex": f"^{client_id}"}}))


def test_a_visit_that_is_sent_three_times_at_once_counts_once(office: Office) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(lambda _: office.call("record_visit", **VISIT, client_id="visit-1", command_id="CMD-V1"), range(3))
        )
    assert len({answer["visit_id"] for answer in answers}) == 1
    again = office.call("record_visit", **VISIT, client_id="visit-1")
    assert again["visit_id"] == answers[0]["visit_id"]
    assert len(issues_of(office, answers[0]["visit_id"])) == 1


def test_a_list_shows_no_household_and_goes_on_where_it_stopped(office: Office) -> None:
    for number in range(3):
        office.call("record_visit", **{**VISIT, "round_no": 7, "findings": []}, client_id=f"page-{number}")
    first = office.call("list_visits", round_no=7, limit=2)
    rest = office.call("list_visits", round_no=7, limit=2, after=first["next"])
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert all("household_ref" not in one and "findings" not in one for one in first["items"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"dimensions": ["seventh"]}, "living_needs"),
        ({"held_on": "2999-01-01"}, "held_on"),
        ({"outcome": "nobody_home"}, "FindingsWithoutMeeting"),
        ({"building_id": "C01-G99"}, "C01-G99"),
        ({"findings": [{"text": "x", "dimension": "living_needs", "category": "unicorns"}]}, "CategoryUnknown"),
        ({"visitors": []}, "visitors"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(office: Office, change: dict[str, Any], reason: str) -> None:
    database = office.system.database("issues")
    before = (database.visits.count_documents({}), database.issues.count_documents({}))
    with pytest.raises(RemoteError, match=reason):
        office.call("record_visit", **{**VISIT, **change})
    assert (database.visits.count_documents({}), database.issues.count_documents({})) == before


def test_what_an_inspection_finds_becomes_issues_on_the_short_ladder_until_it_is_put_right(office: Office) -> None:
    items = [
        {"item": "stairs", "state": "not_in_order", "hazard": "blocked_stairs", "text": "二楼堆物"},
        {"item": "extinguishers", "state": "in_order"},
    ]
    made = office.call("record_inspection", building_id=B09, inspectors=["V-2001"], items=items, category="fire_hazard")
    [issue_id] = [item["issue_id"] for item in made["items"] if item["issue_id"]]
    issue = office.issue(issue_id)
    assert (issue["state"], issue["source"], issue["hazard"]) == ("triaged", "inspection", "blocked_stairs")
    assert office.announced(issue_id) == ["issue.reported", "issue.triaged", "hazard.flagged"]
    open_ones = [one["inspection_id"] for one in office.call("list_inspections", is_open=True)["items"]]
    assert made["inspection_id"] in open_ones
    office.call("reinspect", made["inspection_id"], in_order=["stairs"])
    assert not office.call("get_inspection", made["inspection_id"])["is_open"]
    with pytest.raises(RemoteError, match="NothingLeftToCheck"):
        office.call("reinspect", made["inspection_id"], in_order=["stairs"])


def test_a_promise_is_listed_until_it_is_kept(office: Office) -> None:
    due = {**VISIT, "findings": [], "follow_up_due": "2025-03-05"}
    visit = office.call("record_visit", **due)
    listed = office.call("list_follow_ups", by="2025-03-05", limit=500)["items"]
    assert visit["visit_id"] in [one["visit_id"] for one in listed]
    office.call("complete_follow_up", visit["visit_id"])
    listed = office.call("list_follow_ups", by="2025-03-05", limit=500)["items"]
    assert visit["visit_id"] not in [one["visit_id"] for one in listed]


def test_the_office_names_its_dimensions(office: Office) -> None:
    row = {
        "dimension": "public_opinion",
        "label_zh": "舆情",
        "label_en": "what people say",
        "source": "our notice of 2026",
    }
    office.call("set_visit_dimensions", dimensions=[row])
    office.call("set_visit_dimensions", dimensions=[row])
    known = {one["dimension"]: one for one in office.call("list_visit_dimensions")["items"]}
    assert (len(known), known["public_opinion"]["label_en"]) == (6, "what people say")


def test_the_reporters_answer_at_the_door_is_heard_by_somebody_who_has_no_part_in_the_issue(office: Office) -> None:
    issue_id = office.at_work()
    office.call("resolve", issue_id, by="P-0003")
    before, visits = office.issue(issue_id), office.system.database("issues").visits.count_documents({})
    answer = {**VISIT, "findings": [], "outcome": "informed", "issue_id": issue_id, "satisfaction": 4}

    for visitors in (["P-0009"], ["V-2001", "P-0003"]):  # who handled it, who checked it
        with pytest.raises(RemoteError, match=f"NotNeutral.*{visitors[-1]}"):
            office.call("record_visit", **{**answer, "visitors": visitors})
    with pytest.raises(RemoteError, match="AnswerIncomplete"):
        office.call("record_visit", **{**answer, "issue_id": None})
    assert (office.issue(issue_id), office.system.database("issues").visits.count_documents({})) == (before, visits)

    visit = office.call("record_visit", **{**answer, "visitors": ["V-2001"]})
    issue = office.issue(issue_id)
    assert (issue["state"], issue["satisfaction"], issue["confirmed_by"]) == ("closed", 4, "R-1001")
    assert (visit["confirmed_issue"], visit["recorded_by"]) == (issue_id, "local-shell")
    assert office.announced(issue_id)[-2:] == ["issue.confirmed", "issue.closed"]
    assert issue["feedback"][-1]["channel"] == "door"


def test_a_no_on_the_phone_reopens_a_closed_issue_once(office: Office) -> None:
    issue_id = office.at_work()
    office.call("resolve", issue_id, by="P-0003")
    office.call("confirm", issue_id, satisfaction=3)
    said = {"reached": True, "solved": "no", "satisfied": "dissatisfied"}
    with pytest.raises(RemoteError, match="NotNeutral"):
        office.call("record_call_back", issue_id, by="P-0003", **said)

    issue = office.call("record_call_back", issue_id, by="P-0002", **said, command_id=f"call-{issue_id}")
    again = office.call("record_call_back", issue_id, by="P-0002", **said, command_id=f"call-{issue_id}")

    assert (issue["state"], issue["round"], issue["responsible_unit"]) == ("in_progress", 2, "C01-G03-E07")
    assert again == issue
    assert office.announced(issue_id)[-2:] == ["issue.reopened", "issue.assigned"]
