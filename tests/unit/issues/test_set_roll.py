import dataclasses

import pytest

from services.issues import domain
from shared.errors import StateNotAllowed


def test_the_roll_says_who_takes_part_and_with_what_area(proposed, roll, now):
    _, deliberation = proposed

    deliberation, voters = domain.set_roll(deliberation, roll, by="P-0007", now=now)

    assert (deliberation.roll_size, deliberation.roll_area) == (3, 300_00)
    assert [(voter.voter_id, voter.area) for voter in voters] == [
        ("DL-0101/R-1001", 89_37),
        ("DL-0101/R-1002", 110_63),
        ("DL-0101/R-1003", 100_00),
    ]
    assert deliberation.next_step.step is domain.Step.CHECK


def test_the_registers_totals_are_met_to_a_hundredth_of_a_square_metre(proposed, roll, now):
    _, deliberation = proposed
    exact = dataclasses.replace(roll, total_area=300_00, total_persons=3)

    domain.set_roll(deliberation, exact, by="P-0007", now=now)
    for total in (300_01, 299_99):
        with pytest.raises(domain.RollDoesNotAddUp) as refused:
            domain.set_roll(deliberation, dataclasses.replace(exact, total_area=total), by="P-0007", now=now)
        assert refused.value.details == {
            "total_area": total / 100,
            "area": 300.0,
            "missing": round(total / 100 - 300, 2),
        }


def test_a_roll_with_another_number_of_persons_than_the_register_is_refused(proposed, roll, now):
    _, deliberation = proposed

    with pytest.raises(domain.RollDoesNotAddUp) as refused:
        domain.set_roll(deliberation, dataclasses.replace(roll, total_persons=4), by="P-0007", now=now)

    assert refused.value.details == {"total_persons": 4, "persons": 3}


def test_an_owner_without_floor_area_is_refused_by_name(proposed, roll, now):
    _, deliberation = proposed

    with pytest.raises(domain.AreaMissing) as refused:
        domain.set_roll(
            deliberation, dataclasses.replace(roll, areas={**roll.areas, "R-1004": 0}), by="P-0007", now=now
        )

    assert refused.value.details == {"persons": ["R-1004"], "count": 1}


def test_a_roll_may_be_set_again_until_the_vote_is_open(with_roll, called, now):
    _, deliberation, _ = with_roll
    other = domain.Roll(areas={"R-1009": 50_00})

    again, voters = domain.set_roll(deliberation, other, by="P-0007", now=now)

    assert (again.roll_size, [voter.person_id for voter in voters]) == (1, ["R-1009"])
    with pytest.raises(StateNotAllowed):
        domain.set_roll(called[1], other, by="P-0007", now=now)
