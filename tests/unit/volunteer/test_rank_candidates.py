from hypothesis import given
from hypothesis import strategies as st

from services.volunteer import domain
from services.volunteer.domain import Level

KINDS = frozenset({True, False})


@st.composite
def candidates(draw):
    """Some people in a building and its estate."""
    count = draw(st.integers(0, 12))
    return [
        domain.Candidate(
            volunteer_id=f"V-{number:04d}",
            person_id=f"P-{number:04d}",
            is_party_member=draw(st.booleans()),
            qualified=draw(st.booleans()),
            scope=Level.ESTATE if (steps := draw(st.integers(0, 1))) else Level.BUILDING,
            steps=steps,
            load=draw(st.integers(0, 3)),
            hundredths=draw(st.integers(0, 3)) * 100,
        )
        for number in range(count)
    ]


def in_rings(people):
    return [[one for one in people if one.steps == steps] for steps in (0, 1)]


@given(people=candidates(), order=st.randoms())
def test_the_same_people_are_ranked_the_same_in_whatever_order_they_are_found(people, order):
    shuffled = list(people)
    order.shuffle(shuffled)

    assert domain.rank(shuffled) == domain.rank(people)


@given(people=candidates(), seats=st.integers(1, 4))
def test_without_a_lead_rule_the_best_ranked_are_chosen(people, seats):
    assert domain.choose(in_rings(people), seats).chosen == domain.rank(people)[:seats]


@given(people=candidates(), seats=st.integers(2, 4))
def test_the_lead_rule_is_met_whenever_it_can_be(people, seats):
    choice = domain.choose(in_rings(people), seats, KINDS)

    both = {one.is_party_member for one in people} == KINDS
    assert {one.is_party_member for one in choice.chosen} == (KINDS if both else set())
    assert len(choice.chosen) == (min(seats, len(people)) if both else 0)
    assert choice.lead_rule_unmet == (bool(people) and not both)


@given(people=candidates(), seats=st.integers(2, 4))
def test_the_lead_rule_costs_no_more_than_the_last_place(people, seats):
    chosen = domain.choose(in_rings(people), seats, KINDS).chosen

    ranked = domain.rank(people)
    assert chosen[:-1] == ranked[: max(0, len(chosen) - 1)]
    if chosen and chosen[-1] != ranked[len(chosen) - 1]:
        assert chosen[-1] == next(one for one in ranked if one.is_party_member is chosen[-1].is_party_member)
