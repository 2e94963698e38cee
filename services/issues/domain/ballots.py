"""Votes: cast once by the voter, by a proxy on record, or handed in on paper by an officer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.issues.domain.deliberation import Deliberation, Voter, VoteVia
from services.issues.domain.lifecycle import DELIBERATION
from services.issues.domain.rules import Times
from services.issues.domain.topics import ISSUE_ENDED
from services.issues.domain.voting import Choice
from shared.errors import Refusal

BY_OFFICER = (VoteVia.PAPER, VoteVia.HANDS)  # what an officer hands in for others


class NotOnTheRoll(Refusal):
    """Who is not on the roll has no vote here."""


class AlreadyVoted(Refusal):
    """A vote is cast once."""


class VotingOver(Refusal):
    """The closing moment has passed."""


class VoteWithdrawn(Refusal):
    """There is nothing to vote on any more: the issue has ended, and its vote with it."""


class ProxyOfOneself(Refusal):
    """Nobody authorises themselves."""


class TooManyVotesInOneHand(Refusal):
    """One person holds only so many other votes."""


def cast_vote(
    deliberation: Deliberation,
    voter: Voter | None,
    choice: Choice,
    *,
    cast_by: str,
    now: datetime,
    via: VoteVia = VoteVia.ONLINE,
) -> Voter:
    """Write one vote down.

    Raises VoteWithdrawn, StateNotAllowed, VotingOver, NotOnTheRoll, AlreadyVoted, in that order.
    """
    voter = _may_vote(deliberation, voter, now, "cast_vote")
    by_proxy = cast_by == voter.proxy and via not in BY_OFFICER
    return replace(voter, choice=choice, cast_at=now, cast_by=cast_by, via=VoteVia.PROXY if by_proxy else via)


def register_vote_proxy(
    deliberation: Deliberation,
    voter: Voter | None,
    proxy: str,
    held: Sequence[Voter],
    *,
    authorisation: str,
    by: str,
    now: datetime,
    times: Times,
) -> Voter:
    """Let somebody else hand in this person's one vote; `held` are the lines that the proxy holds already.

    Raises VoteWithdrawn, StateNotAllowed, VotingOver, NotOnTheRoll, AlreadyVoted, ProxyOfOneself,
    TooManyVotesInOneHand, in that order.
    """
    voter = _may_vote(deliberation, voter, now, "register_vote_proxy")
    if proxy == voter.person_id:
        raise ProxyOfOneself("nobody authorises themselves", person_id=proxy)
    others = [one for one in held if one.voter_id != voter.voter_id]
    if len(others) >= times.rules.most_proxy_votes:
        raise TooManyVotesInOneHand(
            "this person holds as many votes as one may", proxy=proxy, most=times.rules.most_proxy_votes
        )
    return replace(voter, proxy=proxy, authorisation=authorisation, proxy_by=by)


def _may_vote(deliberation: Deliberation, voter: Voter | None, now: datetime, command: str) -> Voter:
    if deliberation.withdrawn_for == ISSUE_ENDED:
        raise VoteWithdrawn(
            "the issue has ended, and its vote was withdrawn with it",
            deliberation_id=deliberation.deliberation_id,
            issue_id=deliberation.issue_id,
            reason=ISSUE_ENDED,
        )
    DELIBERATION.step(deliberation.state, command)
    if deliberation.closes_at is not None and now >= deliberation.closes_at:
        raise VotingOver("the closing moment has passed", closes_at=deliberation.closes_at.isoformat())
    if voter is None:
        raise NotOnTheRoll("this person is not on the roll", deliberation_id=deliberation.deliberation_id)
    if voter.choice is not None:
        raise AlreadyVoted("this person has voted", deliberation_id=deliberation.deliberation_id)
    return voter
