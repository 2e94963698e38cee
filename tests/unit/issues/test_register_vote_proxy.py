import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from tests.support.times import TIMES


def register(deliberation, voter, now, proxy="R-1007", held=()):
    return domain.register_vote_proxy(
        deliberation, voter, proxy, held, authorisation="档案-12", by="P-0007", now=now, times=TIMES
    )


def test_a_proxy_hands_in_the_persons_one_vote(called, now):
    _, deliberation, [voter, *_], _ = called

    voter = register(deliberation, voter, now)
    voted = domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1007", now=now)

    assert (voter.proxy, voter.authorisation, voter.proxy_by) == ("R-1007", "档案-12", "P-0007")
    assert (voted.person_id, voted.cast_by, voted.via) == ("R-1001", "R-1007", domain.VoteVia.PROXY)
    with pytest.raises(domain.AlreadyVoted):
        domain.cast_vote(deliberation, voted, domain.Choice.FOR, cast_by="R-1001", now=now)


def test_who_has_a_proxy_may_still_vote_in_person(called, now):
    _, deliberation, [voter, *_], _ = called

    voted = domain.cast_vote(
        deliberation, register(deliberation, voter, now), domain.Choice.AGAINST, cast_by="R-1001", now=now
    )

    assert (voted.cast_by, voted.via) == ("R-1001", domain.VoteVia.ONLINE)


def test_one_person_holds_three_other_votes_at_most(called, now):
    _, deliberation, [voter, *_], _ = called
    held = [dataclasses.replace(voter, voter_id=f"DL-0101/R-{n}", proxy="R-1007") for n in range(3)]

    register(deliberation, voter, now, held=held[:2])
    with pytest.raises(domain.TooManyVotesInOneHand) as refused:
        register(deliberation, voter, now, held=held)
    assert refused.value.details == {"proxy": "R-1007", "most": 3}


def test_registering_the_same_proxy_again_counts_once(called, now):
    _, deliberation, [voter, *_], _ = called
    held = [dataclasses.replace(voter, voter_id=f"DL-0101/R-{n}", proxy="R-1007") for n in range(2)]
    voter = register(deliberation, voter, now, held=held)

    assert register(deliberation, voter, now, held=[*held, voter]) == voter


def test_nobody_is_their_own_proxy(called, now):
    _, deliberation, [voter, *_], _ = called

    with pytest.raises(domain.ProxyOfOneself):
        register(deliberation, voter, now, proxy="R-1001")


def test_a_stranger_needs_no_proxy(called, now):
    with pytest.raises(domain.NotOnTheRoll):
        register(called[1], None, now)


def test_after_the_vote_a_proxy_comes_too_late(called, now):
    _, deliberation, [voter, *_], _ = called
    voted = domain.cast_vote(deliberation, voter, domain.Choice.FOR, cast_by="R-1001", now=now)

    with pytest.raises(domain.AlreadyVoted):
        register(deliberation, voted, now)
    with pytest.raises(domain.VotingOver):
        register(deliberation, voter, now + timedelta(days=17))
