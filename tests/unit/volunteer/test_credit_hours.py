from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.volunteer import domain
from services.volunteer.events import HoursCredited, StarAwarded
from shared.errors import StateNotAllowed

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def a_service(number, hours):
    """Return a completed dispatch of V-2001 alone."""
    asked = domain.Offer(
        volunteer_id="V-2001",
        person_id="P-1",
        is_party_member=True,
        qualified=False,
        wave=1,
        scope=domain.Level.BUILDING,
        reasons=(),
        offered_at=NOW,
        expires_at=NOW,
        state=domain.OfferState.ACCEPTED,
        hundredths=round(hours * 100),
    )
    return domain.Dispatch(
        dispatch_id=f"DP-{number}",
        issue_id=f"IS-{number}",
        round=1,
        category="waste_station",
        needed=1,
        hours_estimate=hours,
        qualification=None,
        policy=domain.Policy.NONE,
        dual_lead=False,
        urgent=False,
        reach=(),
        requested_at=NOW,
        state=domain.DispatchState.COMPLETED,
        offers=(asked,),
    )


def served(completed, hours):
    """Return the completed dispatch as if V-2001 had served so many hours."""
    offers = tuple(replace(offer, hundredths=round(hours * 100)) for offer in completed.offers)
    return replace(completed, offers=offers)


def with_hours(hours):
    return domain.register("V-2001", "P-1", ("C01",), is_party_member=True, opening_hours=hours)[0]


def test_served_hours_are_added_to_the_total(people, completed, now):
    volunteer, row, [credited] = domain.credit(people["V-2001"], completed, now)

    assert credited == HoursCredited(
        ledger_id="DP-0101/V-2001",
        dispatch_id="DP-0101",
        volunteer_id="V-2001",
        hours=3.0,
        total_hours=43.0,
        person_id="V-2001",
        title="振徽苑9栋非机动车棚",
    )
    assert (row.ledger_id, row.hundredths, row.total_hundredths) == ("DP-0101/V-2001", 300, 4300)
    assert (volunteer.hundredths, volunteer.star) == (4300, 0)


def test_reaching_a_hundred_hours_gives_the_first_star(completed, now):
    volunteer, _, [_, star] = domain.credit(with_hours(97.0), served(completed, 4.0), now)

    assert star == StarAwarded(volunteer_id="V-2001", star=1, total_hours=101.0, person_id="P-1")
    assert volunteer.star == 1


def test_a_star_is_awarded_once(completed, now):
    volunteer, _, _ = domain.credit(with_hours(97.0), served(completed, 4.0), now)

    _, _, facts = domain.credit(volunteer, served(completed, 2.0), now)

    assert [fact.type for fact in facts] == ["hours.credited"]


def test_stars_from_earlier_records_are_held_and_not_awarded_again(completed, now):
    volunteer = with_hours(299.0)
    assert volunteer.star == 1

    _, _, [_, star] = domain.credit(volunteer, served(completed, 1.0), now)

    assert (star.star, star.total_hours) == (2, 300.0)


def test_a_verified_dispatch_is_not_credited_again(completed):
    verified = domain.mark_verified(completed)

    with pytest.raises(StateNotAllowed):
        domain.mark_verified(verified)


def test_hours_to_the_next_star_are_known_up_to_the_last():
    assert domain.hours_to_next_star(4300) == 57.0
    assert domain.hours_to_next_star(150_000) is None


@given(
    opening=st.integers(0, 200_000).map(lambda hundredths: hundredths / 100),
    services=st.lists(st.integers(50, 800).map(lambda hundredths: hundredths / 100), max_size=40),
)
def test_the_total_is_the_opening_hours_and_the_sum_of_the_ledger_and_each_star_comes_once(opening, services):
    volunteer = with_hours(opening)
    before, rows, stars = volunteer.star, [], []
    for number, hours in enumerate(services):
        volunteer, row, facts = domain.credit(volunteer, a_service(number, hours), NOW)
        rows.append(row)
        stars += [fact.star for fact in facts if isinstance(fact, StarAwarded)]

    assert volunteer.hundredths == volunteer.opening_hundredths + sum(row.hundredths for row in rows)
    assert stars == list(range(before + 1, volunteer.star + 1))
    assert volunteer.star == sum(1 for step in (100, 300, 600, 1000, 1500) if volunteer.hundredths >= step * 100)
