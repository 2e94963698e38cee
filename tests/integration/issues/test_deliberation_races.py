"""Two processes of issues, and many callers at once: of whatever can happen once only, exactly one happens."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.community import CALLERS, Community, Deed, attempt, community_at_work
from tests.support.eventually import eventually

pytestmark = [pytest.mark.server, pytest.mark.timeout(120)]
COUNCIL = {"rule": "council_simple", "matter": "council_matter", "topic": "修不修"}


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """Start it once: no test looks at anything but what it made."""
    with community_at_work(tmp_path_factory.mktemp("races")) as made:
        yield made


def vote(community: Community, voters: int, **asked: Any) -> str:
    """Open a vote of so many voters."""
    roll = [{"person_id": f"R-{n}", "area": 1} for n in range(voters)]
    opened = community.do("open_deliberation", issue_id=community.issue(), roll=roll, **COUNCIL, **asked)
    return str(opened["deliberation_id"])


def ends(community: Community, *keys: str) -> Counter[str]:
    """Count how these votes ended, as announced."""
    found = community.facts("deliberation.", *keys)
    del found["deliberation.opened"]
    return found


def test_the_tally_is_exactly_the_votes_that_were_accepted_before_the_close(community: Community) -> None:
    key = vote(community, 40)
    deeds: list[Deed] = [
        ("cast_vote", {"deliberation_id": key, "person_id": f"R-{n}", "choice": ("for", "against")[n % 2]})
        for n in range(40)
    ]
    deeds[20:20] = [("close_vote", {"deliberation_id": key})] * 4

    answers = community.at_once(*deeds)

    votes, closes = answers[:20] + answers[24:], answers[20:24]
    deliberation = _deliberation(community, key)
    cast = list(community.database.voters.find({"deliberation_id": key, "choice": {"$ne": None}}))
    assert Counter(closes) == {"done": 1, "state_not_allowed": 3}
    assert set(votes) <= {"done", "state_not_allowed"}
    assert deliberation["tally"]["present"] == len(cast) == votes.count("done")
    assert deliberation["tally"]["votes_for"] == sum(1 for one in cast if one["choice"] == "for")
    assert sum(ends(community, key).values()) == 1


def test_the_clock_and_several_hands_close_a_vote_once(community: Community) -> None:
    end = community.now + timedelta(days=1)
    keys = [vote(community, 3, closes_at=end.isoformat()) for _ in range(CALLERS)]
    for key in keys:
        community.do("cast_vote", deliberation_id=key, person_id="R-0", choice="for")
    assert attempt(community.hands[0], ("close_vote", {"deliberation_id": keys[0]})) == "voting_not_over"
    community.system.move_clock(end)

    answers = community.at_once(*[("close_vote", {"deliberation_id": key}) for key in keys for _ in range(2)])

    eventually(lambda: sum(ends(community, *keys).values()) == len(keys))
    assert ends(community, *keys) == {"deliberation.lapsed": len(keys)}
    assert set(answers) <= {"done", "state_not_allowed"}
    closed_by = [_deliberation(community, key)["steps"][-1]["by"] for key in keys]
    assert closed_by.count("local-shell") == answers.count("done")
    assert closed_by.count("local-shell") + closed_by.count("automatic") == len(keys)
    assert community.database.deadlines.count_documents({"kind": "vote_closing"}) == 0


def test_without_a_hand_the_clocks_of_two_processes_close_it_once(community: Community) -> None:
    end = community.now + timedelta(days=1)
    keys = [vote(community, 3, closes_at=end.isoformat()) for _ in range(5)]
    community.system.move_clock(end)

    eventually(lambda: sum(ends(community, *keys).values()) == len(keys))

    assert [_deliberation(community, key)["steps"][-1]["by"] for key in keys] == ["automatic"] * len(keys)
    late = ("cast_vote", {"deliberation_id": keys[0], "person_id": "R-0", "choice": "for"})
    assert attempt(community.hands[0], late) == "state_not_allowed"
    assert ends(community, *keys) == {"deliberation.lapsed": len(keys)}


def test_of_projects_started_at_once_exactly_one_begins(community: Community) -> None:
    issue_id = community.issue()
    plan = {
        "issue_id": issue_id, "goal": "修好", "deadline": "2025-12-31", "acceptance": [{"item": "A1", "text": "修好"}],
    }  # fmt: skip
    leaders = ("P-0001", "P-0003", "P-0007", "P-0009")

    answers = community.at_once(
        *[("start_secretary_project", {**plan, "leader": leaders[n % len(leaders)]}) for n in range(CALLERS)]
    )

    assert Counter(answers) == {"done": 1, "state_not_allowed": CALLERS - 1}
    [project] = community.database.projects.find({"issue_ids": issue_id})
    issue = community.database.issues.find_one({"_id": issue_id})
    assert (issue["state"], issue["project_ids"], issue["open_project_id"]) == (
        "in_project", [project["_id"]], project["_id"],
    )  # fmt: skip
    assert issue["responsible_unit"] == project["org_unit_id"]
    assert community.facts("secretary_project.", project["_id"]) == {"secretary_project.started": 1}


def test_of_topics_proposed_and_votes_opened_at_once_exactly_one_wins(community: Community) -> None:
    issue_id = community.issue()
    topic = {"issue_id": issue_id, "topic": "修不修", "proposed_by": "branch", "matter": "council_matter"}
    roll = [{"person_id": "R-1", "area": 1}]

    answers = community.at_once(
        *[("propose_topic", topic)] * (CALLERS // 2),
        *[("open_deliberation", {"issue_id": issue_id, "roll": roll, **COUNCIL})] * (CALLERS // 2),
    )

    assert answers.count("done") == 1
    assert set(answers) <= {"done", "deliberation_under_way", "topic_proposed", "state_not_allowed"}
    [deliberation] = community.database.deliberations.find({"issue_id": issue_id})
    opened = answers[CALLERS // 2 :].count("done")
    assert sum(community.facts("deliberation.", deliberation["_id"]).values()) == opened
    assert community.database.voters.count_documents({"deliberation_id": deliberation["_id"]}) == opened


def test_one_person_never_holds_more_votes_than_the_rules_allow(community: Community) -> None:
    key = vote(community, CALLERS)
    paper = {"deliberation_id": key, "proxy": "R-900", "authorisation": "档案-1"}

    answers = community.at_once(*[("register_vote_proxy", {**paper, "person_id": f"R-{n}"}) for n in range(CALLERS)])

    assert Counter(answers) == {"done": 3, "too_many_votes_in_one_hand": CALLERS - 3}
    assert community.database.voters.count_documents({"deliberation_id": key, "proxy": "R-900"}) == 3
    plan = community.database.voters.find({"proxy": "R-900", "deliberation_id": key}).explain()["queryPlanner"]
    assert "proxy_1_deliberation_id_1" in str(plan["winningPlan"])


def test_what_is_refused_changes_nothing(community: Community) -> None:
    issue_id = community.issue()
    proposed = community.do("propose_topic", issue_id=issue_id, topic="新建车棚", proposed_by="branch")
    key = {"deliberation_id": proposed["deliberation_id"]}
    roll = [{"person_id": "R-1", "area": 89.37}, {"person_id": "R-2", "area": 10.63}]
    community.do("set_roll", **key, roll=roll, total_area=100, total_persons=2)
    before = _everything(community)

    refused = community.at_once(
        ("set_roll", {**key, "roll": roll, "total_area": 100.01}),
        ("set_roll", {**key, "roll": [{"person_id": "R-1", "area": 0}]}),
        ("set_roll", {**key, "roll": roll + roll[:1]}),
        ("propose_topic", {"issue_id": issue_id, "topic": "再议", "proposed_by": "branch"}),
        ("open_deliberation", {"issue_id": issue_id, "meets_at": (community.now + timedelta(days=14)).isoformat()}),
        ("open_deliberation", {"issue_id": issue_id, "meets_at": (community.now - timedelta(days=1)).isoformat()}),
        ("open_deliberation", {"issue_id": issue_id, "rule": "council_simple"}),
        ("cast_vote", {**key, "person_id": "R-1", "choice": "for"}),
    )

    assert refused == [
        "roll_does_not_add_up", "area_missing", "invalid_input", "deliberation_under_way", "notice_too_short",
        "meeting_in_the_past", "topic_proposed", "state_not_allowed",
    ]  # fmt: skip
    assert _everything(community) == before


def test_the_whole_way_of_an_owners_matter_over_rpc(community: Community) -> None:
    issue_id, owners = community.issue(), [f"R-{n}" for n in range(2500)]
    proposed = community.do("propose_topic", issue_id=issue_id, topic="新建车棚", proposed_by="residents_committee")
    key = {"deliberation_id": proposed["deliberation_id"]}
    lines = [{"person_id": owner, "area": 89.37} for owner in owners]
    community.do("set_roll", **key, roll=lines[:2])
    community.do("set_roll", **key, roll=lines, total_area=223_425, total_persons=2500)
    assert community.database.voters.count_documents(key) == 2500
    meets, closes = community.now + timedelta(days=15), community.now + timedelta(days=16)
    community.do("open_deliberation", issue_id=issue_id, meets_at=meets.isoformat(), closes_at=closes.isoformat())
    community.do("cast_vote", **key, person_id="R-0", choice="for", via="paper")
    community.system.move_clock(meets)
    community.do(
        "record_minutes", **key, held_at=meets.isoformat(), place="一楼见", host="P-0007", recorder="P-0009",
        present=owners[:3], result="改日再议",
    )  # fmt: skip
    community.do("withdraw_topic", **key, reason="另有办法")

    shown = _deliberation(community, key["deliberation_id"])
    assert [step["step"] for step in shown["steps"]] == ["propose", "roll", "check", "notice", "meet"]
    assert (shown["state"], shown["next_step"], shown["minutes"]["result"]) == ("withdrawn", None, "改日再议")
    assert community.database.issues.find_one({"_id": issue_id})["state"] == "triaged"
    assert community.database.deadlines.count_documents({"kind": "vote_closing"}) == 0
    paper = community.database.voters.find_one({"_id": f"{key['deliberation_id']}/R-0"})
    assert (paper["via"], paper["cast_by"]) == ("paper", "local-shell")


def _deliberation(community: Community, key: str) -> Any:
    return community.hands[0].ask("issues", "get_deliberation", deliberation_id=key)


def _everything(community: Community) -> list[Any]:
    names = ("issues", "deliberations", "voters", "objections", "deadlines")
    return [list(community.database[name].find(sort=[("_id", 1)])) for name in names]
