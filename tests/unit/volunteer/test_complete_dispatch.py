import pytest

from services.volunteer import domain
from services.volunteer.events import DispatchCompleted
from shared.errors import StateNotAllowed


def test_the_hours_of_everybody_who_served_are_recorded(filled, now):
    dispatch, fact = domain.complete(filled, {"V-2001": 3.0, "V-2002": 2.5}, now)

    assert fact == DispatchCompleted(
        dispatch_id="DP-0101", issue_id="IS-0101", hours_by_volunteer={"V-2001": 3.0, "V-2002": 2.5}, round=1
    )
    assert dispatch.state is domain.DispatchState.COMPLETED
    assert {offer.volunteer_id: offer.hundredths for offer in dispatch.offers} == {"V-2001": 300, "V-2002": 250}


@pytest.mark.parametrize("hours", [{"V-2001": 3.0}, {"V-2001": 3.0, "V-2002": 3.0, "V-2003": 3.0}])
def test_hours_are_given_for_exactly_those_who_serve(filled, now, hours):
    with pytest.raises(domain.HoursNotForAssigned) as refused:
        domain.complete(filled, hours, now)

    assert refused.value.details["assigned"] == ["V-2001", "V-2002"]


def test_a_dispatch_that_still_looks_for_people_cannot_be_completed(offering, now):
    with pytest.raises(StateNotAllowed) as refused:
        domain.complete(offering, {"V-2001": 3.0}, now)

    assert refused.value.details["state"] == "offering"
    assert refused.value.details["allowed"] == ["fill", "give_up", "widen", "withdraw"]


def test_a_dispatch_is_completed_once(completed, now):
    with pytest.raises(StateNotAllowed):
        domain.complete(completed, {"V-2001": 3.0, "V-2002": 3.0}, now)
