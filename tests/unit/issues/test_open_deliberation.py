import dataclasses

import pytest

from services.issues import domain
from services.issues.domain.lifecycle import DeliberationState
from services.issues.events import DeliberationOpened
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


def test_everybody_on_the_roll_may_vote_and_the_issue_waits_for_the_result(triaged, owners, now):
    issue, deliberation, voters, fact = domain.open_deliberation(
        triaged, owners, by="local-shell", now=now, times=TIMES
    )

    assert fact == DeliberationOpened(
        deliberation_id="DL-0101",
        issue_id="IS-0101",
        rule="owners_special",
        roll_size=200,
        meets_at=None,
        voter_refs=tuple(owners.roll),
        title="振徽苑9栋非机动车棚",
    )
    assert (issue.state, issue.state_after_vote) == (domain.IssueState.DELIBERATING, domain.IssueState.TRIAGED)
    assert (deliberation.state, deliberation.roll_size, deliberation.roll_area) == (
        DeliberationState.OPEN,
        200,
        20_000_00,
    )
    assert [voter.voter_id for voter in voters[:2]] == ["DL-0101/R-1001", "DL-0101/R-1002"]


def test_a_second_deliberation_of_the_issue_has_a_number_of_its_own(deliberating, owners, now):
    issue, deliberation, voters, _ = deliberating
    _, issue, _ = domain.close_vote(deliberation, issue, voters, now, TIMES)

    issue, deliberation, voters, fact = domain.open_deliberation(issue, owners, by="local-shell", now=now, times=TIMES)

    assert (fact.deliberation_id, voters[0].voter_id) == ("DL-0101-2", "DL-0101-2/R-1001")
    assert issue.deliberation_ids == ("DL-0101", "DL-0101-2")


def test_owners_without_floor_area_cannot_vote_by_area(triaged, owners, now):
    question = dataclasses.replace(owners, roll={**owners.roll, "R-9999": 0})

    with pytest.raises(domain.AreaMissing) as refused:
        domain.open_deliberation(triaged, question, by="local-shell", now=now, times=TIMES)

    assert refused.value.details == {"persons": ["R-9999"], "count": 1}


def test_a_council_votes_without_floor_area(triaged, owners, now):
    question = dataclasses.replace(
        owners, matter=domain.Matter.COUNCIL_MATTER, rule=domain.VotingRule.COUNCIL_SIMPLE, roll={"R-1": 0, "R-2": 0}
    )

    _, deliberation, _, _ = domain.open_deliberation(triaged, question, by="local-shell", now=now, times=TIMES)

    assert (deliberation.roll_size, deliberation.roll_area) == (2, 0)


def test_an_issue_is_deliberated_once_at_a_time(deliberating, owners, now):
    issue, *_ = deliberating

    with pytest.raises(StateNotAllowed):
        domain.open_deliberation(issue, owners, by="local-shell", now=now, times=TIMES)
