"""Groups on a running service: found before reporting, merged, resolved as one, confirmed one by one, reopened."""

import time

import pytest
from nameko.exceptions import RemoteError

from tests.support.announced import announced
from tests.support.lines import LINES
from tests.support.neighbourhood import B09, B10, Office, start_issues

pytestmark = pytest.mark.server
MEMBERS = 200
SLOWEST = 4.0  # seconds that a call may take


@pytest.fixture
def office(system):
    start_issues(system)
    with system.rpc() as proxy:
        yield Office(proxy)


def facts_of(system, issue_id):
    return [one["type"] for one in announced(system.database("issues")) if one["subject"] == issue_id]


def snapshot(system):
    database = system.database("issues")
    kept = {name: list(database[name].find().sort("_id", 1)) for name in ("issues", "supports", "deadlines")}
    return kept, [one["id"] for one in announced(database)]


def test_who_finds_the_problem_reported_supports_it_instead(system, office):
    lift = office.triaged("R-1001")
    office.report("R-1002", text="楼道堆满纸箱")
    office.report("R-1003", building_id=B10, text="电梯坏了", sensitive=True)

    found = office.rpc.find_similar(building_id=B10, text="电梯又坏了,老人下不了楼")["items"]
    answer = office.rpc.report_issue(reporter="R-1007", building_id=B10, text="电梯坏了", supports=found[0]["issue_id"])

    assert [(one["issue_id"], one["why"]) for one in found] == [(lift, ["same_estate", "similar_text"])]
    assert (answer["issue_id"], answer["supporters"]) == (lift, 1)
    assert office.rpc.list_supports(person="R-1007")["items"][0]["issue_id"] == lift
    assert system.database("issues").issues.count_documents({}) == 3


def test_supporting_twice_counts_once_and_is_taken_back_once(system, office):
    lift = office.triaged("R-1001")

    for _ in range(2):
        assert office.rpc.support(issue_id=lift, person="R-1007")["supporters"] == 1
    for _ in range(2):
        assert office.rpc.withdraw_support(issue_id=lift, person="R-1007")["supporters"] == 0
    assert system.database("issues").supports.count_documents({}) == 0


def test_each_member_of_a_group_closes_or_reopens_the_own_part(system, office):
    lead, second, third = office.at_work("R-1001"), office.report("R-1002"), office.triaged("R-1003")
    office.rpc.support(issue_id=second, person="R-1007")
    for member in (second, third):
        office.rpc.merge(issue_id=member, into=lead)
    assert office.get(lead)["group_supporters"] == 1

    office.rpc.resolve(issue_id=lead, by="P-0007")
    with pytest.raises(RemoteError, match="only the reporter confirms"):
        office.rpc.confirm(issue_id=lead, satisfaction=5, by="R-9999")
    office.rpc.confirm(issue_id=lead, satisfaction=5, by="R-1001")
    office.rpc.confirm(issue_id=lead, satisfaction=4, by="R-1002")
    office.rpc.confirm(issue_id=third, satisfaction=1, by="R-1003", reason="还是坏的")

    states = {one: office.get(one)["state"] for one in (lead, second, third)}
    assert states == {lead: "closed", second: "closed", third: "in_progress"}
    assert office.get(third)["responsible_unit"] == "C01-G03-E07"
    assert facts_of(system, second) == [
        "issue.reported",
        "issue.merged",
        "issue.resolved",
        "issue.confirmed",
        "issue.closed",
    ]
    assert facts_of(system, third)[-3:] == ["issue.resolved", "issue.reopened", "issue.assigned"]
    [closed] = [one for one in announced(system.database("issues"), "issue.closed") if one["subject"] == second]
    assert closed["data"]["supporter_refs"] == ["R-1007"]
    members = office.rpc.list_issues(lead=lead)["items"]
    assert [one["issue_id"] for one in members] == [second, third]


def test_a_member_is_woken_by_its_own_clock_again_after_leaving(system, office):
    lead, member = office.triaged("R-1001"), office.triaged("R-1002")
    deadlines = system.database("issues").deadlines
    assert deadlines.find_one({"key": member}) is not None

    office.rpc.merge(issue_id=member, into=lead)
    assert deadlines.find_one({"key": member}) is None
    office.rpc.unmerge(issue_id=member, by="R-1002")

    assert deadlines.find_one({"key": member}) is not None
    assert office.get(lead)["members"] == []


def test_what_is_refused_changes_nothing(system, office):
    lead, member = office.triaged("R-1001"), office.report("R-1002")
    elsewhere = office.report("R-1003", building_id=B10)
    secret = office.report("R-1004", sensitive=True)
    before = snapshot(system)

    for call, arguments, why in (
        ("merge", {"issue_id": lead, "into": lead}, "name another issue as the lead"),
        ("merge", {"issue_id": elsewhere, "into": lead}, "neither the building nor the asset is the same"),
        ("merge", {"issue_id": secret, "into": lead}, "a sensitive issue is not merged"),
        ("merge", {"issue_id": member, "into": "IS-9999"}, "there is no Issue IS-9999"),
        ("merge", {"issue_id": member}, "into"),
        ("unmerge", {"issue_id": member}, "the issue is reported"),
        ("support", {"issue_id": secret, "person": "R-1007"}, "a sensitive issue has no supporters"),
        ("support", {"issue_id": lead, "person": "R-1001"}, "the reporter need not support"),
        ("reopen", {"issue_id": lead, "reason": "x"}, "the issue is triaged"),
        ("reopen", {"issue_id": lead, "reason": "x", "by": "R-9999"}, "only the reporter reopens"),
        ("relapse", {"issue_id": member, "of": lead}, "not about one asset"),
        ("find_similar", {"building_id": "C99", "text": "x"}, "there is no OrgUnit C99"),
    ):
        with pytest.raises(RemoteError, match=why):
            getattr(office.rpc, call)(**arguments)

    assert snapshot(system) == before


def test_a_relapse_on_the_same_asset_is_found_at_triage_and_reopens_the_case(system, office):
    first = office.at_work("R-1001", asset_id="LIFT-9")
    office.rpc.resolve(issue_id=first, by="P-0007")
    office.rpc.confirm(issue_id=first, satisfaction=5)

    again = office.triaged("R-1002", asset_id="LIFT-9")
    assert office.get(again)["relapse_of"] == first
    office.rpc.relapse(issue_id=again)

    assert (office.get(first)["state"], office.get(first)["round"]) == ("in_progress", 2)
    assert (office.get(again)["state"], office.get(again)["lead_issue_id"]) == ("merged", first)


def test_the_reporter_takes_a_closed_issue_up_again(system, office):
    issue = office.at_work("R-1001")
    office.rpc.resolve(issue_id=issue, by="P-0007")
    office.rpc.confirm(issue_id=issue, satisfaction=5)

    view = office.rpc.reopen(issue_id=issue, reason="又坏了", by="R-1001")

    assert (view["state"], view["round"]) == ("in_progress", 2)
    [reopened] = announced(system.database("issues"), "issue.reopened")
    assert (reopened["data"]["satisfaction"], reopened["data"]["reason"]) == (None, "not_lasting")
    assert "又坏了" not in str(reopened)


@pytest.mark.timeout(120)
def test_a_group_of_200_is_resolved_within_one_call(system, office):
    lead = office.at_work("R-0")
    for number in range(1, MEMBERS + 1):
        office.rpc.merge(issue_id=office.report(f"R-{number}"), into=lead)

    began = time.perf_counter()
    office.rpc.resolve(issue_id=lead, by="P-0007")
    took = time.perf_counter() - began

    LINES.append(f"issues: a lead with {MEMBERS} members resolved in {took:.2f} s")
    database = system.database("issues")
    assert database.issues.count_documents({"state": "resolved"}) == MEMBERS + 1
    assert len(announced(database, "issue.resolved")) == MEMBERS + 1
    assert database.deadlines.count_documents({"kind": "clocks"}) == MEMBERS + 1
    assert took < SLOWEST
    with pytest.raises(RemoteError, match="the issue is resolved"):
        office.rpc.merge(issue_id=database.issues.find_one({"lead_issue_id": lead})["_id"], into=lead)
    assert office.get(lead)["building_id"] == B09
