import pytest

from services.volunteer import domain
from shared.errors import StateNotAllowed


def test_open_offers_are_withdrawn_when_the_issue_closes(offering, now):
    dispatch, _ = domain.accept(offering, "V-2002", now)

    dispatch = domain.withdraw(dispatch)

    assert dispatch.state is domain.DispatchState.WITHDRAWN
    assert [offer.state.value for offer in dispatch.offers] == ["accepted", "withdrawn"]
    assert +domain.commitments(dispatch) == {}


def test_a_withdrawn_offer_cannot_be_accepted(offering, now):
    with pytest.raises(domain.OfferWithdrawn):
        domain.accept(domain.withdraw(offering), "V-2002", now)


def test_work_that_is_staffed_goes_on(filled):
    with pytest.raises(StateNotAllowed):
        domain.withdraw(filled)
