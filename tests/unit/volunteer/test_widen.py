import pytest

from services.volunteer import domain
from services.volunteer.domain import Level
from shared.errors import AlreadyHandled, StateNotAllowed

FROM_ESTATE = (
    domain.Reach(scope=Level.ESTATE, org_unit_id="C01-G03-E07"),
    domain.Reach(scope=Level.GRID, org_unit_id="C01-G03"),
    domain.Reach(scope=Level.COMMUNITY, org_unit_id="C01"),
)


def test_an_issue_that_goes_up_widens_the_scope_step_by_step():
    copy = domain.IssueCopy(issue_id="IS-0401")
    for scope in (Level.ESTATE, Level.GRID, Level.COMMUNITY):
        copy = domain.widen(copy, scope)
        assert domain.widest(copy, Level.BUILDING) is scope


def test_an_earlier_step_that_arrives_late_narrows_nothing():
    copy = domain.widen(domain.IssueCopy(issue_id="IS-0401"), Level.GRID)
    with pytest.raises(AlreadyHandled):
        domain.widen(copy, Level.ESTATE)


def test_a_wider_request_stays_as_wide_as_it_is():
    copy = domain.widen(domain.IssueCopy(issue_id="IS-0401"), Level.ESTATE)
    assert domain.widest(copy, Level.COMMUNITY) is Level.COMMUNITY


def test_a_dispatch_that_found_nobody_looks_further_out(offering):
    dispatch = domain.widen_reach(offering, FROM_ESTATE)
    assert (dispatch.state, dispatch.reach) == (domain.DispatchState.OFFERING, FROM_ESTATE)
    assert dispatch.offers == offering.offers
    community = (FROM_ESTATE[-1],)
    assert domain.widen_reach(domain.widen_reach(dispatch, community), FROM_ESTATE).reach == community


def test_people_who_are_at_work_are_not_looked_for_again(filled):
    with pytest.raises(StateNotAllowed):
        domain.widen_reach(filled, FROM_ESTATE)
