from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.lifecycle import DeliberationState
from services.issues.domain.voting import Choice, Tally, VotingRule, decide, required, turnout

PASSED, REJECTED, LAPSED = DeliberationState.PASSED, DeliberationState.REJECTED, DeliberationState.LAPSED


def tally(*, roll=300, roll_area=30_000_00, present, present_area=None, votes_for, for_area=None):
    """Areas default to 100 m² a person."""
    return Tally(
        roll=roll,
        roll_area=roll_area,
        present=present,
        present_area=present * 100_00 if present_area is None else present_area,
        votes_for=votes_for,
        for_area=votes_for * 100_00 if for_area is None else for_area,
        votes_against=present - votes_for,
    )


def test_the_bike_shed_of_story_1_passes():
    votes = tally(roll=200, roll_area=20_000_00, present=160, present_area=16_400_00, votes_for=132, for_area=13_448_00)

    assert (decide(VotingRule.OWNERS_SPECIAL, votes), turnout(votes)) == (PASSED, 0.8)


def test_with_119_of_160_owners_the_bike_shed_is_rejected_whatever_their_area():
    votes = tally(roll=200, roll_area=20_000_00, present=160, present_area=16_400_00, votes_for=119, for_area=13_448_00)

    assert decide(VotingRule.OWNERS_SPECIAL, votes) is REJECTED


@pytest.mark.parametrize("rule", list(VotingRule))
def test_exactly_two_thirds_of_the_roll_are_a_quorum(rule):
    assert decide(rule, tally(present=200, votes_for=200)) is PASSED
    assert decide(rule, tally(present=199, votes_for=199)) is LAPSED


@pytest.mark.parametrize("rule", [VotingRule.OWNERS_ORDINARY, VotingRule.OWNERS_SPECIAL])
def test_the_quorum_counts_floor_area_to_the_square_decimetre(rule):
    assert decide(rule, tally(present=250, present_area=20_000_00, votes_for=250, for_area=20_000_00)) is PASSED
    assert decide(rule, tally(present=250, present_area=19_999_99, votes_for=250, for_area=19_999_99)) is LAPSED


def test_the_council_counts_persons_only():
    assert decide(VotingRule.COUNCIL_SIMPLE, tally(present=250, present_area=0, votes_for=250, for_area=0)) is PASSED


def test_exactly_three_quarters_in_favour_are_enough_for_a_special_matter():
    assert decide(VotingRule.OWNERS_SPECIAL, tally(present=240, votes_for=180)) is PASSED
    assert decide(VotingRule.OWNERS_SPECIAL, tally(present=240, votes_for=179, for_area=24_000_00)) is REJECTED


def test_a_square_decimetre_less_than_three_quarters_of_the_area_is_not_enough():
    assert decide(VotingRule.OWNERS_SPECIAL, tally(present=240, votes_for=240, for_area=18_000_00)) is PASSED
    assert decide(VotingRule.OWNERS_SPECIAL, tally(present=240, votes_for=240, for_area=17_999_99)) is REJECTED


@pytest.mark.parametrize("rule", [VotingRule.COUNCIL_SIMPLE, VotingRule.OWNERS_ORDINARY])
def test_exactly_half_in_favour_is_not_more_than_half(rule):
    assert decide(rule, tally(present=240, votes_for=120)) is REJECTED
    assert decide(rule, tally(present=240, votes_for=121)) is PASSED


def test_an_ordinary_matter_needs_more_than_half_of_the_area_too():
    assert decide(VotingRule.OWNERS_ORDINARY, tally(present=240, votes_for=200, for_area=12_000_00)) is REJECTED
    assert decide(VotingRule.OWNERS_ORDINARY, tally(present=240, votes_for=200, for_area=12_000_01)) is PASSED


def test_nobody_taking_part_is_no_quorum():
    assert decide(VotingRule.COUNCIL_SIMPLE, tally(present=0, votes_for=0)) is LAPSED


@pytest.mark.parametrize(("roll", "present"), [(31, 21), (3, 2), (1, 1), (200, 134), (2, 2)])
def test_the_required_number_is_the_smallest_that_makes_a_quorum(roll, present):
    assert required(roll) == present


def test_turnout_is_rounded_for_people_to_read_only():
    assert turnout(tally(roll=31, present=18, votes_for=0)) == 0.5806


VOTERS = st.lists(
    st.tuples(st.integers(1, 500_00), st.sampled_from([None, *Choice])),
    min_size=1,
    max_size=40,
)


@given(rule=st.sampled_from(list(VotingRule)), voters=VOTERS)
def test_every_result_equals_a_count_in_fractions(rule, voters):
    present = [(area, choice) for area, choice in voters if choice is not None]
    agreeing = [area for area, choice in present if choice is Choice.FOR]
    areas = Fraction(sum(area for area, _ in present)), Fraction(sum(area for area, _ in voters))
    votes = Tally(
        roll=len(voters),
        roll_area=int(areas[1]),
        present=len(present),
        present_area=int(areas[0]),
        votes_for=len(agreeing),
        for_area=sum(agreeing),
    )

    assert decide(rule, votes) is _by_hand(rule, (len(present), len(voters), len(agreeing)), (*areas, sum(agreeing)))
    assert (len(present) >= required(len(voters))) == (Fraction(len(present), len(voters)) >= Fraction(2, 3))


def _by_hand(rule, persons, areas):
    (present, roll, agreeing), (present_area, roll_area, for_area) = persons, areas
    shares = [Fraction(present, roll)]
    if rule is not VotingRule.COUNCIL_SIMPLE:
        shares.append(present_area / roll_area)
    if any(share < Fraction(2, 3) for share in shares):
        return LAPSED
    in_favour = [Fraction(agreeing, present)]
    if rule is not VotingRule.COUNCIL_SIMPLE:
        in_favour.append(for_area / present_area)
    if rule is VotingRule.OWNERS_SPECIAL:
        return PASSED if all(share >= Fraction(3, 4) for share in in_favour) else REJECTED
    return PASSED if all(share > Fraction(1, 2) for share in in_favour) else REJECTED
