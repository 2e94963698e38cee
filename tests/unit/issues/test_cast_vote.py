from datetime import timedelta

import pytest

from services.issues import domain
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


def test_a_vote_is_one_small_document(deliberating, now):
    _, deliberation, [voter, *_], _ = deliberating

    voted = domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1001", now=now)

    assert (voted.choice, voted.cast_at, voted.cast_by) == (domain.Choice.FOR, now, "R-1001")


def test_a_second_vote_is_refused(deliberating, now):
    _, deliberation, [voter, *_], _ = deliberating
    voted = domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1001", now=now)

    with pytest.raises(domain.AlreadyVoted):
        domain.cast_vote(deliberation, voted, domain.Choice.AGAINST, cast_by="R-1001", now=now)


def test_a_stranger_has_no_vote(deliberating, now):
    _, deliberation, _, _ = deliberating

    with pytest.raises(domain.NotOnTheRoll):
        domain.cast_vote(deliberation, None, domain.Choice.FOR, cast_by="R-9999", now=now)


def test_after_the_close_nobody_votes(deliberating, now):
    issue, deliberation, voters, _ = deliberating
    closed, _, _ = domain.close_vote(deliberation, issue, voters, now, TIMES)

    with pytest.raises(StateNotAllowed, match="the deliberation is lapsed, which allows record_minutes, not cast_vote"):
        domain.cast_vote(closed, voters[0], domain.Choice.FOR, cast_by="R-1001", now=now)


def test_from_the_closing_moment_on_nobody_votes(called, now):
    _, deliberation, [voter, *_], _ = called
    end = now + timedelta(days=17)

    domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1001", now=end - timedelta(microseconds=1))
    with pytest.raises(domain.VotingOver) as refused:
        domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1001", now=end)
    assert refused.value.details == {"closes_at": end.isoformat()}


def test_a_vote_on_paper_says_who_handed_it_in(called, now):
    _, deliberation, [voter, *_], _ = called

    voted = domain.cast_vote(
        deliberation, voter, domain.Choice.FOR, cast_by="P-0007", now=now, via=domain.VoteVia.PAPER
    )

    assert (voted.cast_by, voted.via) == ("P-0007", domain.VoteVia.PAPER)


def test_a_topic_that_is_only_proposed_takes_no_votes(with_roll, now):
    _, deliberation, [voter, *_] = with_roll

    with pytest.raises(StateNotAllowed, match="the deliberation is proposed"):
        domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1001", now=now)
