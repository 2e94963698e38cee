import pytest

from services.volunteer import domain
from services.volunteer.events import DispatchExpired


def test_an_offer_without_an_answer_goes_to_the_next_at_once(offering, rings, now):
    dispatch, expired = domain.expire(offering, "V-2001")
    dispatch, [offered] = domain.fill(dispatch, rings(dispatch), now)

    assert expired == DispatchExpired(
        dispatch_id="DP-0101", issue_id="IS-0101", volunteer_id="V-2001", person_id="V-2001"
    )
    assert offered.volunteer_id == "V-2003"
    assert dispatch.offers[1].state is domain.OfferState.EXPIRED


def test_an_accepted_offer_does_not_expire(filled):
    with pytest.raises(domain.OfferAnswered):
        domain.expire(filled, "V-2001")
