"""Groups on a running service: found before reporting, merged, resolved as one, confirmed one by one, reopened."""

import dataclasses
import time

import pytest
from nameko.exceptions import RemoteError

from services.issues import repository
from shared import config
from shared.store import Store
from tests.support.announced import announced
from tests.support.lines import LINES
from tests.support.neighbourhood import B10, Office, alone
from tests.support.reports import at_work, merged

pytestmark = pytest.mark.server
MEMBERS = 200
SLOWEST = 4.0  # seconds that a call may take


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    with alone(tmp_path_factory.mktemp("issues")) as made:
        yield made


@pytest.fixture
def office(system):
    with system.rpc() as proxy:
        yield Office(proxy)


def facts_of(system, issue_id):
    return [one for one in announced(system.database("issues")) if one["subject"] == issue_id]


def kinds(facts):
    return [one["type"] for one in facts]


def snapshot(system):
    database = system.database("issues")
    kept = {name: list(database[name].find().sort("_id", 1)) for name in ("issues", "supports", "deadlines")}
    return kept, [one["id"] for one in announced(database)]


def test_who_finds_the_problem_reported_supports_it_instead(system, office):
    gate = office.triaged("R-1001", text="单元门禁失灵,进不去")
    office.report("R-1002", text="楼道堆满纸箱")
    office.report("R-1003", building_id=B10, text="单元门禁失灵", sensitive=True)
    before = system.database("issues").issues.count_documents({})

    found = office.rpc.find_similar(building_id=B10, text="门禁又失灵了,进不去")["items"]
    answer = office.rpc.report_issue(reporter="R-1005", building_id=B10, text="门禁坏了", supports=found[0]["issue_id"])

    assert [(one["issue_id"], one["why"]) for one in found] == [(gate, ["same_estate", "similar_text"])]
    assert (answer["issue_id"], answer["supporters"]) == (gate, 1)
    assert [one["issue_id"] for one in office.rpc.list_supports(person="R-1005")["items"]] == [gate]
    assert system.database("issues").issues.count_documents({}) == before


def test_supporting_twice_counts_once_and_is_taken_back_once(system, office):
    lift = office.triaged("R-1001")

    for _ in range(2):
        assert office.rpc.support(issue_id=lift, person="R-1007")["supporters"] == 1
    for _ in range(2):
        assert office.rpc.withdraw_support(issue_id=lift, person="R-1007")["supporters"] == 0
    assert system.database("issues").supports.count_documents({"issue_id": lift}) == 0


def test_each_member_of_a_group_closes_or_reopens_the_own_part(system, office):
    lead, second, third = office.at_work("R-1001"), office.report("R-1002"), office.triaged("R-1003")
    office.rpc.support(issue_id=second, person="R-1007")
    for member in (second, third):
        office.rpc.merge(issue_id=member, into=lead)
    assert office.get(lead)["group_supporters"] == 1

    office.rpc.resolve(issue_id=lead, by="P-0007")
    with pytest.raises(RemoteError, match="only the reporter"):
        office.rpc.confirm(issue_id=lead, satisfaction=5, by="R-9999")
    office.rpc.confirm(issue_id=lead, satisfaction=5, by="R-1001")
    office.rpc.confirm(issue_id=lead, satisfaction=4, by="R-1002")
    office.rpc.confirm(issue_id=third, satisfaction=1, by="R-1003", reason="还是坏的")

    states = {one: office.get(one)["state"] for one in (lead, second, third)}
    assert states == {lead: "closed", second: "closed", third: "in_progress"}
    assert office.get(third)["responsible_unit"] == "C01-G03-E07"
    assert kinds(facts_of(system, second)) == [
        "issue.reported",
        "issue.merged",
        "issue.resolved",
        "issue.confirmed",
        "issue.closed",
    ]
    assert kinds(facts_of(system, third))[-3:] == ["issue.resolved", "issue.reopened", "issue.assigned"]
    assert facts_of(system, second)[-1]["data"]["supporter_refs"] == ["R-1007"]
    members = office.rpc.list_issues(lead=lead)["items"]
    assert [one["issue_id"] for one in members] == [second, third]


def test_members_of_a_rejected_lead_come_back(office):
    lead, member = office.report("R-1001"), office.report("R-1002")
    office.rpc.merge(issue_id=member, into=lead)

    office.rpc.reject(issue_id=lead, reason="not_true", referred_to="12345", by="P-0100")

    assert [office.get(one)["state"] for one in (lead, member)] == ["rejected", "reported"]


def test_where_the_leads_reporter_withdraws_the_first_member_leads(office):
    waste = {"category": "waste_station"}
    lead, second, third = office.at_work("R-1001", **waste), office.triaged("R-1002", **waste), office.report("R-1003")
    for member in (second, third):
        office.rpc.merge(issue_id=member, into=lead)

    office.rpc.withdraw(issue_id=lead, by="R-1001")

    assert [office.get(one)["state"] for one in (lead, second, third)] == ["withdrawn", "triaged", "merged"]
    assert office.get(third)["lead_issue_id"] == second
    assert office.get(second)["members"] == [third]


def test_a_group_about_safety_goes_on_without_the_leads_reporter(office):
    lead, member = office.at_work("R-1001"), office.triaged("R-1002")
    office.rpc.merge(issue_id=member, into=lead)

    office.rpc.withdraw(issue_id=lead, by="R-1001")
    assert [office.get(one)["state"] for one in (lead, member)] == ["in_progress", "merged"]
    office.rpc.resolve(issue_id=lead, by="P-0007")

    assert office.get(member)["state"] == "resolved"


def test_a_member_closed_by_force_with_its_lead_is_reopened_by_its_reporter(system, office):
    lead, member = office.at_work("R-1001"), office.triaged("R-1002")
    office.rpc.merge(issue_id=member, into=lead)
    office.rpc.force_close(issue_id=lead, reason="not_solvable", public_reason="产权单位不同意", by="P-0007")
    office.rpc.approve(issue_id=lead, kind="force_close", by="P-0003")
    assert [office.get(one)["state"] for one in (lead, member)] == ["force_closed", "force_closed"]

    office.rpc.reopen(issue_id=member, reason="可以解决", by="R-1002")

    assert [office.get(one)["state"] for one in (lead, member)] == ["force_closed", "in_progress"]
    assert kinds(facts_of(system, member))[-2:] == ["issue.force_closed", "issue.reopened"]


def test_who_is_erased_is_named_as_a_supporter_no_more_and_still_counts(system, office):
    lift = office.triaged("R-1001")
    office.rpc.support(issue_id=lift, person="R-1066")
    assert "supports" in [one["part"] for one in office.rpc.my_data(person="R-1066")["items"]]

    office.rpc.erase_person(person="R-1066", reason="own_wish")

    assert office.get(lift)["supporters"] == 1
    assert system.database("issues").supports.count_documents({"person_id": "R-1066"}) == 0


def test_a_proxy_of_a_member_answers_under_the_leads_number_too(office):
    lead, member = office.at_work("R-1001"), office.report("R-1002")
    office.rpc.set_proxy(issue_id=member, person="R-1077", relation="child", consent="口头", by="R-1002")
    office.rpc.merge(issue_id=member, into=lead)
    office.rpc.resolve(issue_id=lead, by="P-0007")

    office.rpc.confirm(issue_id=lead, satisfaction=5, by="R-1077")

    assert [office.get(one)["state"] for one in (lead, member)] == ["resolved", "closed"]


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
        ("merge", {"issue_id": secret, "into": lead}, "what is not everybody's business is not merged"),
        ("merge", {"issue_id": member, "into": "IS-9999"}, "there is no Issue IS-9999"),
        ("merge", {"issue_id": member}, "into"),
        ("unmerge", {"issue_id": member}, "the issue is reported"),
        ("support", {"issue_id": secret, "person": "R-1007"}, "what is not everybody's business has no supporters"),
        ("support", {"issue_id": lead, "person": "R-1001"}, "the reporter need not support"),
        ("reopen", {"issue_id": lead, "reason": "x"}, "the issue is triaged"),
        ("reopen", {"issue_id": lead, "reason": "x", "by": "R-9999"}, "only the reporter"),
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
    [reopened] = [one for one in facts_of(system, issue) if one["type"] == "issue.reopened"]
    assert (reopened["data"]["satisfaction"], reopened["data"]["reason"]) == (None, "not_lasting")
    assert "又坏了" not in str(reopened)


def test_a_group_of_200_is_resolved_within_one_call(system, office):
    members, lead = merged(*range(5001, 5001 + MEMBERS), lead=at_work(5000))
    place = system.place
    settings = dataclasses.replace(config.settings(), mongodb_uri=place.mongodb_uri, database_prefix=place.prefix)
    store = Store("issues", settings)
    with store.transaction() as tx:
        for issue in (lead, *members):
            repository.issues.save(tx, issue)
    store.client.close()

    began = time.perf_counter()
    office.rpc.resolve(issue_id=lead.issue_id, by="P-0007")
    took = time.perf_counter() - began

    LINES.append(f"issues: a lead with {MEMBERS} members resolved in {took:.2f} s")
    database, group = system.database("issues"), sorted([lead.issue_id, *lead.members])
    assert {one["state"] for one in database.issues.find({"_id": {"$in": group}})} == {"resolved"}
    assert sorted(one["subject"] for one in announced(database, "issue.resolved") if one["subject"] in group) == group
    assert database.deadlines.count_documents({"key": {"$in": group}}) == MEMBERS + 1
    assert took < SLOWEST
