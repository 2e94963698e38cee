import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain.lifecycle import DeliberationState
from services.issues.events import DeliberationLapsed, DeliberationPassed, DeliberationRejected
from shared.errors import StateNotAllowed
from tests.support.categories import CATEGORIES
from tests.support.times import TIMES

STORY = {"reporter_ref": "R-1001", "title": "振徽苑9栋非机动车棚", "deliberation_id": "DL-0101", "issue_id": "IS-0101"}


def cast(voters, **numbers):
    """Let so many voters choose each, in the order of the roll; the others stay away."""
    choices = [domain.Choice(name) for name, number in numbers.items() for _ in range(number)]
    return [
        *(dataclasses.replace(voter, choice=choice) for voter, choice in zip(voters, choices, strict=False)),
        *voters[len(choices) :],
    ]


@pytest.mark.parametrize("abstain", [0, 28])
def test_a_vote_that_passes_lets_the_issue_go_on_where_it_was(deliberating, now, abstain):
    issue, deliberation, voters, _ = deliberating
    votes = cast(voters, **{"for": 132, "against": 28 - abstain, "abstain": abstain})

    deliberation, issue, fact = domain.close_vote(deliberation, issue, votes, now, TIMES)

    assert fact == DeliberationPassed(**STORY, turnout=0.8, votes_for=132, votes_against=28 - abstain)
    assert (deliberation.state, deliberation.closed_at) == (DeliberationState.PASSED, now)
    assert (issue.state, issue.deliberation_result) == (domain.IssueState.TRIAGED, DeliberationState.PASSED)


def test_119_of_160_are_rejected_and_neither_project_nor_helpers_follow(deliberating, now, plan, estate, help_wanted):
    issue, deliberation, voters, _ = deliberating
    votes = cast(voters, **{"for": 119, "against": 41})

    deliberation, issue, fact = domain.close_vote(deliberation, issue, votes, now, TIMES)

    assert fact == DeliberationRejected(**STORY, turnout=0.8, votes_for=119, votes_against=41)
    assert (deliberation.state, issue.state) == (DeliberationState.REJECTED, domain.IssueState.TRIAGED)
    with pytest.raises(domain.DeliberationNotPassed):
        domain.start_secretary_project([issue], plan, estate, now)
    with pytest.raises(domain.DeliberationNotPassed):
        domain.request_help(issue, help_wanted, CATEGORIES["bike_shed"])


def test_too_few_make_the_meeting_lapse_and_leave_the_way_to_a_second_one(deliberating, now):
    issue, deliberation, voters, _ = deliberating
    votes = cast(voters, **{"for": 133})

    deliberation, issue, fact = domain.close_vote(deliberation, issue, votes, now, TIMES)

    assert fact == DeliberationLapsed(**STORY, present=133, required=134)
    assert (deliberation.state, issue.state) == (DeliberationState.LAPSED, domain.IssueState.TRIAGED)
    assert "open_deliberation" in domain.ISSUE.allowed_in(issue.state)


def test_after_a_lapsed_vote_there_is_no_project_but_there_may_be_helpers(deliberating, now, plan, estate, help_wanted):
    issue, deliberation, voters, _ = deliberating
    _, issue, _ = domain.close_vote(deliberation, issue, voters, now, TIMES)

    with pytest.raises(domain.DeliberationNotPassed):
        domain.start_secretary_project([issue], plan, estate, now)
    domain.request_help(issue, help_wanted, CATEGORIES["bike_shed"])


def test_an_issue_in_progress_goes_on_in_progress(in_progress, owners, now):
    issue, deliberation, voters, _ = domain.open_deliberation(
        in_progress, owners, by="local-shell", now=now, times=TIMES
    )

    _, issue, _ = domain.close_vote(deliberation, issue, voters, now, TIMES)

    assert issue.state is domain.IssueState.IN_PROGRESS


def test_a_vote_is_closed_once(deliberating, now):
    issue, deliberation, voters, _ = deliberating
    deliberation, issue, _ = domain.close_vote(deliberation, issue, voters, now, TIMES)

    with pytest.raises(StateNotAllowed):
        domain.close_vote(deliberation, issue, voters, now, TIMES)


def test_the_tally_kept_with_the_deliberation_adds_up(deliberating, now):
    issue, deliberation, voters, _ = deliberating

    deliberation, _, _ = domain.close_vote(
        deliberation,
        issue,
        cast(voters, **{"for": 100, "against": 40, "abstain": 20}),
        now,
        TIMES,
    )

    assert deliberation.tally == domain.Tally(
        roll=200,
        roll_area=20_000_00,
        present=160,
        present_area=16_000_00,
        votes_for=100,
        for_area=10_000_00,
        votes_against=40,
        against_area=4_000_00,
    )


def test_voting_that_was_announced_to_go_on_is_not_closed_early(called, now):
    issue, deliberation, voters, _ = called
    votes = cast(voters, **{"for": 2})

    with pytest.raises(domain.VotingNotOver) as refused:
        domain.close_vote(deliberation, issue, votes, now + timedelta(days=16), TIMES)

    assert refused.value.details == {"until": (now + timedelta(days=17)).isoformat(), "not_voted": 1}


def test_when_everybody_has_voted_it_may_be_closed_early(called, now):
    issue, deliberation, voters, _ = called

    closed, _, fact = domain.close_vote(deliberation, issue, cast(voters, **{"for": 3}), now, TIMES, by="P-0007")

    assert fact.type == "deliberation.passed"
    assert [(done.step, done.by) for done in closed.steps][-1] == ("vote", "P-0007")


def test_the_clock_closes_at_the_moment_that_was_announced(called, now):
    issue, deliberation, voters, _ = called

    closed, issue, fact = domain.close_vote(
        deliberation, issue, cast(voters, **{"for": 1}), now + timedelta(days=17), TIMES
    )

    assert (fact.type, closed.steps[-1].by) == ("deliberation.lapsed", "automatic")
    assert issue.open_deliberation_id is None


def test_a_vote_whose_issue_ended_meanwhile_decides_nothing(called, now):
    issue, deliberation, voters, _ = called
    ended = dataclasses.replace(issue, state=domain.IssueState.FORCE_CLOSED)

    closed, ended, fact = domain.close_vote(deliberation, ended, cast(voters, **{"for": 3}), now, TIMES)

    assert (closed.state, closed.withdrawn_for, fact.type) == ("withdrawn", "issue_ended", "deliberation.withdrawn")
    assert fact.voter_refs == tuple(voter.person_id for voter in voters)
    assert (ended.state, ended.deliberation_result, ended.open_deliberation_id) == ("force_closed", None, None)


def test_a_refusal_names_the_vote_that_was_counted(deliberating, topic, now, help_wanted):
    issue, deliberation, voters, _ = deliberating
    _, issue, _ = domain.close_vote(deliberation, issue, cast(voters, **{"for": 119, "against": 41}), now, TIMES)
    issue, again = domain.propose_topic(issue, topic, by="P-0007", now=now)

    with pytest.raises(domain.DeliberationNotPassed) as refused:
        domain.request_help(issue, help_wanted, CATEGORIES["bike_shed"])

    assert (again.deliberation_id, refused.value.details) == ("DL-0101-2", {"deliberation_id": "DL-0101"})


def test_without_a_closing_moment_nobody_closes_before_the_meeting(called, now):
    issue, deliberation, voters, _ = called
    deliberation = dataclasses.replace(deliberation, closes_at=None)

    with pytest.raises(domain.VotingNotOver):
        domain.close_vote(deliberation, issue, voters, now + timedelta(days=15, seconds=-1), TIMES)
    closed, _, _ = domain.close_vote(deliberation, issue, voters, now + timedelta(days=15), TIMES)
    assert closed.state is DeliberationState.LAPSED
