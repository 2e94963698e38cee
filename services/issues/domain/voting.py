"""The three voting rules of glossary.md, computed exactly.

Areas are whole square decimetres (0.01 m²), shares are compared as products of whole numbers: no rounding anywhere.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.issues.domain.lifecycle import DeliberationState


class VotingRule(StrEnum):
    """Which majority a question needs."""

    COUNCIL_SIMPLE = "council_simple"
    OWNERS_ORDINARY = "owners_ordinary"
    OWNERS_SPECIAL = "owners_special"


class Choice(StrEnum):
    """What a voter says; whoever abstains takes part without agreeing."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


QUORUM = Fraction(2, 3)  # of the roll must take part; Civil Code art. 278, for the council an assumption


@dataclass(frozen=True, kw_only=True)
class Majority:
    """The share of those taking part that must agree, in persons and, `by_area`, in floor area too."""

    share: Fraction
    or_equal: bool
    by_area: bool


MAJORITIES: dict[VotingRule, Majority] = {
    VotingRule.COUNCIL_SIMPLE: Majority(share=Fraction(1, 2), or_equal=False, by_area=False),
    VotingRule.OWNERS_ORDINARY: Majority(share=Fraction(1, 2), or_equal=False, by_area=True),
    VotingRule.OWNERS_SPECIAL: Majority(share=Fraction(3, 4), or_equal=True, by_area=True),
}


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Persons and square decimetres: on the roll, taking part (`present`), and by what they said."""

    roll: int
    roll_area: int
    present: int = 0
    present_area: int = 0
    votes_for: int = 0
    for_area: int = 0
    votes_against: int = 0
    against_area: int = 0


def required(roll: int) -> int:
    """Return how many persons of the roll must take part at least."""
    return -(-roll * QUORUM.numerator // QUORUM.denominator)


def turnout(tally: Tally) -> float:
    """Return the share of persons taking part, rounded to four places for people to read."""
    return float(round(Fraction(tally.present, tally.roll), 4))


def decide(rule: VotingRule, tally: Tally) -> DeliberationState:
    """Say how the vote ends: lapsed without a quorum, else passed or rejected."""
    majority = MAJORITIES[rule]
    quorum = _reaches(tally.present, tally.roll, QUORUM, or_equal=True)
    agreed = _reaches(tally.votes_for, tally.present, majority.share, or_equal=majority.or_equal)
    if majority.by_area:
        quorum = quorum and _reaches(tally.present_area, tally.roll_area, QUORUM, or_equal=True)
        agreed = agreed and _reaches(tally.for_area, tally.present_area, majority.share, or_equal=majority.or_equal)
    if not quorum:
        return DeliberationState.LAPSED
    return DeliberationState.PASSED if agreed else DeliberationState.REJECTED


def _reaches(part: int, whole: int, share: Fraction, *, or_equal: bool) -> bool:
    left, right = part * share.denominator, whole * share.numerator
    return left > right or (or_equal and left == right)
