from dataclasses import replace
from datetime import timedelta

import pytest

from services.volunteer import domain
from services.volunteer.events import DispatchAccepted, DispatchDeclined, DispatchFilled
from shared.errors import NotFound


def test_who_accepts_takes_the_seat(offering, now):
    dispatch, [accepted] = domain.accept(offering, "V-2002", now)

    assert accepted == DispatchAccepted(
        dispatch_id="DP-0101", issue_id="IS-0101", volunteer_id="V-2002", person_id="V-2002"
    )
    assert [offer.volunteer_id for offer in dispatch.assigned] == ["V-2002"]
    assert (dispatch.state, dispatch.missing) == (domain.DispatchState.OFFERING, 1)


def test_the_last_seat_fills_the_dispatch(offering, now):
    dispatch, _ = domain.accept(offering, "V-2002", now)

    dispatch, [_, filled] = domain.accept(dispatch, "V-2001", now)

    assert filled == DispatchFilled(
        dispatch_id="DP-0101",
        issue_id="IS-0101",
        volunteer_ids=("V-2002", "V-2001"),
        qualified_count=2,
        lead_rule_waived=False,
        round=1,
    )
    assert dispatch.state is domain.DispatchState.FILLED


def test_who_declines_frees_the_seat_for_the_best_of_the_same_kind(offering, rings, now):
    dispatch, declined = domain.decline(offering, "V-2002", "上班", now)
    dispatch, [offered] = domain.fill(dispatch, rings(dispatch), now)

    assert declined == DispatchDeclined(
        dispatch_id="DP-0101", issue_id="IS-0101", volunteer_id="V-2002", reason="stated", person_id="V-2002"
    )
    assert offered.volunteer_id == "V-2004"
    assert dispatch.offers[0].answer_reason == "上班"
    assert [offer.volunteer_id for offer in dispatch.open_offers] == ["V-2001", "V-2004"]


def test_nobody_is_asked_twice_and_the_dispatch_is_given_up_when_all_have_declined(requested, rings, now):
    dispatch = replace(requested, needed=1, policy=domain.Policy.REQUIRED)
    asked = []
    while dispatch.state is domain.DispatchState.OFFERING:
        dispatch, [fact] = domain.fill(dispatch, rings(dispatch), now)
        for offer in dispatch.open_offers:
            asked.append((offer.volunteer_id, offer.scope.value, offer.wave))
            dispatch, _ = domain.decline(dispatch, offer.volunteer_id, None, now)

    assert asked == [
        ("V-2002", "building", 1),
        ("V-2001", "building", 1),
        ("V-2005", "estate", 2),
        ("V-2006", "grid", 3),
    ]
    assert (fact.type, fact.reason, fact.missing) == ("dispatch.unfilled", "no_one_accepted", 1)


def test_while_an_offer_is_open_the_dispatch_is_not_given_up(offering, people, rings, now):
    people.clear()
    dispatch, _ = domain.decline(offering, "V-2002", None, now)

    dispatch, facts = domain.fill(dispatch, rings(dispatch), now)

    assert facts == ()
    assert dispatch.state is domain.DispatchState.OFFERING


def test_a_seat_that_only_the_other_kind_may_take_stays_empty(offering, people, rings, now):
    dispatch, _ = domain.accept(offering, "V-2001", now)
    dispatch, _ = domain.decline(dispatch, "V-2002", None, now)
    for number in ("V-2004", "V-2006"):
        del people[number]

    dispatch, [unfilled] = domain.fill(dispatch, rings(dispatch), now)

    assert (unfilled.reason, unfilled.missing) == ("lead_rule_unmet", 1)
    assert [offer.volunteer_id for offer in dispatch.assigned] == ["V-2001"]


def test_after_its_end_an_offer_is_expired_even_before_the_clock_has_come_round(offering, now):
    with pytest.raises(domain.OfferExpired):
        domain.accept(offering, "V-2001", now + timedelta(hours=12))


def test_an_expired_offer_stays_expired_when_others_have_filled_the_dispatch(requested, rings, now):
    one = replace(requested, needed=1, dual_lead=False)
    dispatch, _ = domain.fill(one, rings(one), now)
    dispatch, _ = domain.expire(dispatch, "V-2002")
    dispatch, _ = domain.fill(dispatch, rings(dispatch), now)
    dispatch, _ = domain.accept(dispatch, "V-2001", now)

    with pytest.raises(domain.OfferExpired):
        domain.accept(dispatch, "V-2002", now)


@pytest.mark.parametrize("answer", [domain.accept, lambda *args: domain.decline(*args[:2], None, args[2])])
def test_an_offer_is_answered_once(filled, now, answer):
    with pytest.raises(domain.OfferAnswered) as refused:
        answer(filled, "V-2001", now)

    assert refused.value.details["answer"] == "accepted"


def test_who_was_not_asked_cannot_take_a_seat(offering, now):
    with pytest.raises(NotFound):
        domain.accept(offering, "V-2003", now)


def test_who_was_not_asked_hears_that_every_seat_is_taken(filled, now):
    with pytest.raises(domain.AlreadyFilled):
        domain.accept(filled, "V-2003", now)
