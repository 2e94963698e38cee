import dataclasses
from datetime import timedelta

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


def test_the_short_path_takes_the_first_four_steps_at_once(deliberating, now):
    _, deliberation, _, _ = deliberating

    assert [(done.step, done.by, done.at) for done in deliberation.steps] == [
        (step, "local-shell", now) for step in ("propose", "roll", "check", "notice")
    ]
    assert deliberation.next_step.command == "record_minutes"


def test_a_proposed_topic_is_opened_with_its_roll(called, now):
    issue, deliberation, _, fact = called

    assert (fact.deliberation_id, fact.roll_size, fact.voter_refs) == ("DL-0101", 3, ("R-1001", "R-1002", "R-1003"))
    assert (fact.meets_at, fact.closes_at) == (now + timedelta(days=15), now + timedelta(days=17))
    assert (deliberation.state, deliberation.notice_at, deliberation.material) == (
        DeliberationState.OPEN,
        now,
        ("平面图",),
    )
    assert (issue.state, issue.open_deliberation_id) == (domain.IssueState.DELIBERATING, "DL-0101")
    assert issue.clock(domain.ClockKind.RESOLVE).rests


def test_what_was_proposed_is_not_asked_otherwise(with_roll, owners, now):
    with pytest.raises(domain.TopicProposed) as refused:
        domain.open_proposed(*with_roll, owners, by="P-0007", now=now, times=TIMES)

    assert refused.value.details == {"deliberation_id": "DL-0101", "repeated": ["rule", "topic", "roll"]}


def test_without_a_roll_nobody_can_be_asked(proposed, asking, now):
    with pytest.raises(domain.QuestionIncomplete) as refused:
        domain.open_proposed(*proposed, (), asking, by="P-0007", now=now, times=TIMES)

    assert refused.value.details == {"missing": ["roll"]}


def test_without_a_proposal_topic_and_roll_are_needed(triaged, asking, now):
    with pytest.raises(domain.QuestionIncomplete) as refused:
        domain.open_deliberation(triaged, asking, by="P-0007", now=now, times=TIMES)

    assert refused.value.details == {"missing": ["topic", "roll"]}


def test_a_rule_below_what_the_matter_needs_is_refused_by_name(triaged, owners, now):
    question = dataclasses.replace(owners, rule=domain.VotingRule.COUNCIL_SIMPLE)

    with pytest.raises(domain.RuleTooWeak) as refused:
        domain.open_deliberation(triaged, question, by="P-0007", now=now, times=TIMES)

    assert refused.value.details["needed_rule"] == "owners_special"


def test_a_roll_that_does_not_add_up_opens_nothing(triaged, owners, now):
    question = dataclasses.replace(owners, total_area=20_000_01)

    with pytest.raises(domain.RollDoesNotAddUp):
        domain.open_deliberation(triaged, question, by="P-0007", now=now, times=TIMES)


@pytest.mark.parametrize(("rule", "days"), [("owners_special", 15), ("council_simple", 3)])
def test_a_meeting_has_the_notice_that_its_rule_needs(triaged, owners, now, rule, days):
    question = dataclasses.replace(
        owners,
        rule=domain.VotingRule(rule),
        matter=None if rule == "owners_special" else domain.Matter.COUNCIL_MATTER,
        meets_at=now + timedelta(days=days),
    )
    early = dataclasses.replace(question, meets_at=now + timedelta(days=days, seconds=-1))

    domain.open_deliberation(triaged, question, by="P-0007", now=now, times=TIMES)
    with pytest.raises(domain.NoticeTooShort) as refused:
        domain.open_deliberation(triaged, early, by="P-0007", now=now, times=TIMES)
    assert refused.value.details["earliest"] == (now + timedelta(days=days)).isoformat()


def test_a_meeting_in_the_past_is_refused(triaged, owners, now):
    question = dataclasses.replace(owners, meets_at=now)

    with pytest.raises(domain.MeetingInThePast):
        domain.open_deliberation(triaged, question, by="P-0007", now=now, times=TIMES)


@pytest.mark.parametrize(("meets", "closes"), [(None, 0), (None, -1), (20, 19)])
def test_voting_ends_in_the_future_and_not_before_the_meeting(triaged, owners, now, meets, closes):
    question = dataclasses.replace(
        owners, meets_at=meets and now + timedelta(days=meets), closes_at=now + timedelta(days=closes)
    )

    with pytest.raises(domain.ClosesTooEarly):
        domain.open_deliberation(triaged, question, by="P-0007", now=now, times=TIMES)
