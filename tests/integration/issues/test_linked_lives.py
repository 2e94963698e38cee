"""Mediations and secretaries' projects over RPC: the whole way, who sees what, lists, and documents that come back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.community import Community, attempt, community_at_work

pytestmark = [pytest.mark.server, pytest.mark.timeout(120)]
ACCEPTANCE = [{"item": "A1", "text": "修好"}]
PLAN = {"leader": "P-0007", "goal": "修好", "deadline": "2025-04-02", "acceptance": ACCEPTANCE}


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """Start it once: no test looks at anything but what it made."""
    with community_at_work(tmp_path_factory.mktemp("lives")) as made:
        yield made


def ask(community: Community, question: str, **fields: Any) -> Any:
    return community.hands[0].ask("issues", question, **fields)


def test_a_mediation_from_the_referral_to_what_a_court_may_confirm(community: Community) -> None:
    issue_id, now = community.issue("neighbour_dispute"), community.now
    community.do("act", issue_id=issue_id, by="P-0009")
    parties = [
        {"party_ref": person, "consent_via": "written", "consented_at": now.isoformat()}
        for person in ("R-1001", "R-1002")
    ]

    opened = community.do("refer_mediation", issue_id=issue_id, mediator="V-2101", parties=parties)
    key = {"mediation_id": opened["mediation_id"]}
    state = ask(community, "get_issue", issue_id=issue_id)["state"]
    community.do("record_mediation_session", **key, held_at=now.isoformat(), notes="各退一步", present=["R-1001"])
    unsigned = {**key, "agreed": True, "agreement": "协议7", "signed_by": ["R-1001"]}
    refused = attempt(community.hands[0], ("conclude_mediation", unsigned))
    community.do(
        "conclude_mediation", **{**unsigned, "signed_by": ["R-1001", "R-1002"]},
        obligations=[{"party_ref": "R-1002", "text": "挪车", "due_on": "2025-12-31"}],
    )  # fmt: skip

    number = issue_id.removeprefix("IS-")
    assert (opened["mediation_id"], state, refused) == (f"MD-{number}", "mediating", "agreement_incomplete")
    shown = ask(community, "get_mediation", **key, viewer="R-1002")
    assert (shown["state"], shown["masked"], shown["sessions"][0]["notes"]) == ("agreed", False, "各退一步")
    assert shown["confirm_in_court_until"] == (now + timedelta(days=30)).date().isoformat()
    assert shown["conclusion"]["obligations"][0]["due_on"] == "2025-12-31"
    stranger = ask(community, "get_mediation", **key, viewer="R-1009")
    assert (stranger["masked"], "各退一步" in str(stranger), "R-1002" in str(stranger)) == (True, False, False)
    issue = ask(community, "get_issue", issue_id=issue_id)
    assert (issue["state"], issue["open_mediation_id"]) == ("in_progress", None)
    assert attempt(community.hands[0], ("resolve", {"issue_id": issue_id, "by": "V-2101"})) == "handler_may_not_verify"
    assert community.facts("mediation.", opened["mediation_id"]) == {"mediation.opened": 1, "mediation.concluded": 1}
    assert "各退一步" not in str(list(community.database.outbox.find()))


def test_a_person_is_told_what_is_held_of_mediations_and_objections_and_goes_from_them(community: Community) -> None:
    issue_id, now = community.issue(), community.now
    community.do("act", issue_id=issue_id, by="P-0009")
    parties = [
        {"party_ref": person, "consent_via": "oral", "consented_at": now.isoformat()} for person in ("R-71", "R-72")
    ]
    opened = community.do("refer_mediation", issue_id=issue_id, mediator="V-2101", parties=parties)
    key = {"mediation_id": opened["mediation_id"]}
    vote = community.do(
        "open_deliberation", issue_id=community.issue(), topic="新建车棚", rule="owners_special",
        roll=[{"person_id": "R-1", "area": 1}],
    )["deliberation_id"]  # fmt: skip
    community.do("cast_vote", deliberation_id=vote, person_id="R-1", choice="for")
    community.do("close_vote", deliberation_id=vote)
    community.do("sign_resolution", deliberation_id=vote, by="R-1")
    community.do("publish_resolution", deliberation_id=vote)
    community.do("object_resolution", deliberation_id=vote, text="占了绿地", by="R-72")

    told = ask(community, "my_data", person="R-72")["items"]
    erased = community.do("erase_person", person="R-72", reason="own_wish")
    community.do("conclude_mediation", **key, agreed=False, reason="party_withdrew")
    again = community.do("erase_person", person="R-72", reason="own_wish")

    assert [(one["part"], one["id"]) for one in told] == [
        ("objections", f"{vote}/R-72"),
        ("mediations", opened["mediation_id"]),
    ]
    assert [(one["id"], one["reason"]) for one in erased["kept"]] == [(opened["mediation_id"], "open")]
    assert again["kept"] == []
    assert ask(community, "my_data", person="R-72")["items"] == []
    left = ask(community, "get_mediation", **key)
    assert ("R-72" in str(left), left["parties"][0]["party_ref"]) == (False, "R-71")


def test_a_project_from_the_application_to_its_acceptance(community: Community) -> None:
    one, two = community.issue(), community.issue()
    applied = community.do("apply_project", issue_id=one, more_issues=[two], **PLAN, members=["P-0009"], by="P-0007")
    key = {"project_id": applied["project_id"]}
    hand = community.hands[0]
    assert attempt(hand, ("approve_project", {**key, "by": "P-0007"})) == "applicant_may_not_approve"
    assert attempt(hand, ("start_approved_project", key)) == "state_not_allowed"
    community.do("approve_project", **key, by="P-0003")
    community.do("start_approved_project", **key)
    assert [ask(community, "get_issue", issue_id=issue)["state"] for issue in (one, two)] == ["in_project"] * 2
    community.do("add_project_member", **key, person_id="V-2001")
    community.do("remove_project_member", **key, person_id="P-0009")
    community.do("set_milestones", **key, milestones=[{"milestone": "M1", "text": "选址", "due_on": "2025-03-20"}])
    community.do("report_milestone", **key, milestone="M1", percent=100, note="已选", by="V-2001")
    check = {**key, "items": [{"item": "A1", "met": True}]}
    assert attempt(hand, ("accept_project", {**check, "by": "P-0009"})) == "member_may_not_accept"
    community.do("accept_project", **check, by="P-0003")

    project = ask(community, "get_project", **key)
    assert (project["state"], project["member_ids"], project["overdue"]) == ("accepted", ["V-2001"], False)
    assert project["milestones"][0]["percent"] == 100
    assert [ask(community, "get_issue", issue_id=issue)["state"] for issue in (one, two)] == ["resolved"] * 2
    assert community.facts("secretary_project.", applied["project_id"]) == {
        "secretary_project.started": 1,
        "secretary_project.accepted": 1,
    }
    assert community.facts("issue.resolved", one, two) == {"issue.resolved": 2}


def test_a_project_that_is_given_up_lets_its_issue_climb_again(community: Community) -> None:
    issue_id = community.issue()
    project = community.do("start_secretary_project", issue_id=issue_id, **PLAN)

    community.do("cancel_project", project_id=project["project_id"], reason="no_funds", note="资金未到位", by="P-0003")

    issue = ask(community, "get_issue", issue_id=issue_id)
    assert (issue["state"], issue["open_project_id"]) == ("triaged", None)
    assert [clock["kind"] for clock in issue["clocks"] if clock["next_at"]] == ["resolve", "ladder"]
    assert community.database.deadlines.count_documents({"kind": "clocks", "key": issue_id}) == 1
    assert "资金未到位" not in str(list(community.database.outbox.find()))


def test_projects_are_listed_by_unit_and_state_and_overdue_ones_stand_out(community: Community) -> None:
    leader = {**PLAN, "leader": "P-0001"}
    soon = community.now.date().isoformat()
    keys = [
        community.do("start_secretary_project", issue_id=community.issue(), **{**leader, "deadline": deadline})[
            "project_id"
        ]
        for deadline in (soon, soon, soon, "2025-12-31")
    ]
    own = {"unit": "C01"}
    assert ask(community, "list_projects", **own, overdue=True)["items"] == []
    community.system.move_clock(timedelta(days=1))

    first = ask(community, "list_projects", **own, overdue=True, limit=2)
    rest = ask(community, "list_projects", **own, overdue=True, limit=2, after=first["next"])

    assert [one["project_id"] for one in first["items"] + rest["items"]] == keys[:3]
    assert (first["next"], rest["next"], {one["overdue"] for one in first["items"]}) == (keys[1], None, {True})
    assert [one["project_id"] for one in ask(community, "list_projects", **own, overdue=False)["items"]] == keys[3:]
    assert ask(community, "list_projects", **own, state="accepted") == {"items": [], "next": None}
    for where in ({"org_unit_id": "C01"}, {"state": {"$in": ["running", "returned"]}, "deadline": {"$lt": soon}}):
        plan = community.database.projects.find(where).sort("_id", 1).explain()["queryPlanner"]["winningPlan"]
        assert "IXSCAN" in str(plan)
        assert "COLLSCAN" not in str(plan)


def test_deliberations_are_listed_by_issue_and_objections_in_pages(community: Community) -> None:
    issue_id = community.issue()
    opened = community.do(
        "open_deliberation", issue_id=issue_id, topic="新建车棚", rule="owners_special",
        roll=[{"person_id": "R-1", "area": 89.37}],
    )  # fmt: skip
    key = {"deliberation_id": opened["deliberation_id"]}
    community.do("cast_vote", **key, person_id="R-1", choice="for")
    community.do("close_vote", **key)
    assert attempt(community.hands[0], ("publish_resolution", key)) == "not_signed"
    community.do("sign_resolution", **key, by="R-1")
    community.do("publish_resolution", **key)
    for person in ("R-2", "R-3", "R-4"):
        community.do("object_resolution", **key, text="占了绿地", by=person)
    again = {**key, "text": "还是", "by": "R-2"}
    assert attempt(community.hands[0], ("object_resolution", again)) == "already_objected"
    community.do("name_executor", **key, executor="P-0009", due_on="2025-12-31")
    community.do("evaluate_deliberation", **key, solved=True, after_effects=False, by="P-0003")

    first = ask(community, "list_objections", **key, limit=2)
    rest = ask(community, "list_objections", **key, limit=2, after=first["next"])
    [listed] = ask(community, "list_deliberations", issue_id=issue_id)["items"]

    assert [one["person_id"] for one in first["items"] + rest["items"]] == ["R-2", "R-3", "R-4"]
    assert (listed["state"], listed["objections"], listed["signatures"]) == ("passed", 3, 1)
    assert [step["step"] for step in listed["steps"]] == [
        "propose", "roll", "check", "notice", "vote", "sign", "publish", "execute", "evaluate",
    ]  # fmt: skip
    assert listed["next_step"]["step"] == "meet"  # nobody recorded minutes, and that is seen
    assert ask(community, "list_deliberations", state="passed")["items"]
    assert "占了绿地" not in str(list(community.database.outbox.find()))


def test_what_may_be_decided_is_asked_before_anything_is_proposed(community: Community) -> None:
    issue_id = community.issue()

    may = ask(community, "check_topic", issue_id=issue_id)
    weak = ask(community, "check_topic", issue_id=issue_id, rule="council_simple")
    barred = ask(community, "check_topic", issue_id=issue_id, matter="cut_off_supply")

    assert (may["allowed"], may["matter"], may["rule"]) == (True, "change_common_parts", "owners_special")
    assert (weak["allowed"], weak["needed_rule"]) == (False, "owners_special")
    assert (barred["allowed"], barred["bar"], barred["source"]) == (False, "settled_by_law", "Civil Code art. 944")


def ended(community: Community, *keys: str) -> dict[str, str]:
    """End these issues by force, each by two persons, all at once; return the state of each."""
    closing = {"reason": "overtaken", "public_reason": "已拆除"}
    for key in keys:
        community.do("force_close", issue_id=key, **closing, by="P-0007")
    approving = {"kind": "force_close", "by": "P-0003"}
    assert set(community.at_once(*[("approve", {"issue_id": key, **approving}) for key in keys])) == {"done"}
    return {key: ask(community, "get_issue", issue_id=key)["state"] for key in keys}


def test_an_open_vote_ends_with_its_issue_and_a_vote_after_that_is_refused_with_the_reason(
    community: Community,
) -> None:
    issue_id, closes = community.issue(), community.now + timedelta(days=20)
    vote = community.do(
        "open_deliberation", issue_id=issue_id, topic="新建车棚", rule="owners_special", closes_at=closes.isoformat(),
        roll=[{"person_id": "R-1", "area": 1}],
    )["deliberation_id"]  # fmt: skip

    assert ended(community, issue_id) == {issue_id: "force_closed"}

    late = {"deliberation_id": vote, "person_id": "R-1", "choice": "for"}
    assert attempt(community.hands[0], ("cast_vote", late)) == "vote_withdrawn"
    shown = ask(community, "get_deliberation", deliberation_id=vote)
    assert (shown["state"], shown["withdrawn_for"]) == ("withdrawn", "issue_ended")
    assert community.facts("deliberation.", vote) == {"deliberation.opened": 1, "deliberation.withdrawn": 1}
    assert ask(community, "get_issue", issue_id=issue_id)["open_deliberation_id"] is None
    assert community.database.deadlines.count_documents({"key": vote}) == 0


def test_a_topic_that_was_only_proposed_ends_with_a_withdrawn_issue_without_a_word(community: Community) -> None:
    issue_id = community.issue()
    topic = {"topic": "新建车棚", "proposed_by": "branch"}
    key = community.do("propose_topic", issue_id=issue_id, **topic)["deliberation_id"]

    community.do("withdraw", issue_id=issue_id, by="R-1001")

    assert ask(community, "get_deliberation", deliberation_id=key)["state"] == "withdrawn"
    assert community.facts("deliberation.", key) == {}


def test_a_mediation_ends_without_an_agreement_when_its_issue_ends(community: Community) -> None:
    issue_id, now = community.issue("neighbour_dispute"), community.now
    community.do("act", issue_id=issue_id, by="P-0009")
    agreed = {"consent_via": "oral", "consented_at": now.isoformat()}
    parties = [{"party_ref": person, **agreed} for person in ("R-81", "R-82")]
    opened = community.do("refer_mediation", issue_id=issue_id, mediator="V-2101", parties=parties)
    key = {"mediation_id": opened["mediation_id"]}

    ended(community, issue_id)

    shown = ask(community, "get_mediation", **key)
    assert (shown["state"], shown["conclusion"]["reason"]) == ("failed", "issue_ended")
    assert community.facts("mediation.", key["mediation_id"]) == {"mediation.opened": 1, "mediation.concluded": 1}
    again = {**key, "agreed": False, "reason": "no_agreement"}
    assert attempt(community.hands[0], ("conclude_mediation", again)) == "state_not_allowed"
    claimed = {**key, "agreed": False, "reason": "issue_ended"}
    assert attempt(community.hands[0], ("conclude_mediation", claimed)) == "invalid_input"


def test_a_project_ends_with_the_last_of_its_issues_whichever_is_the_last(community: Community) -> None:
    first, *rest = keys = [community.issue() for _ in range(4)]
    project = community.do("start_secretary_project", issue_id=first, more_issues=rest, **PLAN)["project_id"]

    ended(community, first)
    assert ask(community, "get_project", project_id=project)["state"] == "running"
    ended(community, *rest)

    shown = ask(community, "get_project", project_id=project)
    assert (shown["state"], shown["cancelled_for"], shown["cancelled_by"]) == ("cancelled", "issue_ended", "automatic")
    assert community.facts("secretary_project.", project) == {
        "secretary_project.started": 1,
        "secretary_project.cancelled": 1,
    }
    assert [ask(community, "get_issue", issue_id=key)["open_project_id"] for key in keys] == [None] * 4
    again = community.do("reopen", issue_id=first, by="R-1001", reason="还在")
    assert (again["state"], again["open_project_id"]) == ("in_progress", None)
