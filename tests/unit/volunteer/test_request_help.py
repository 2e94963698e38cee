from dataclasses import replace
from datetime import timedelta

import pytest

from services.volunteer import domain
from services.volunteer.domain import Level, Policy
from services.volunteer.events import DispatchOffered, DispatchUnfilled


def names(facts):
    return [fact.volunteer_id for fact in facts]


def test_the_qualified_of_the_building_are_asked_first_and_the_one_with_fewer_hours_before(requested, rings, now):
    dispatch, facts = domain.fill(requested, rings(requested), now)

    assert names(facts) == ["V-2002", "V-2001"]
    assert facts[0] == DispatchOffered(
        dispatch_id="DP-0101",
        issue_id="IS-0101",
        volunteer_id="V-2002",
        wave=1,
        scope="building",
        expires_at=now + timedelta(hours=12),
        person_id="V-2002",
        title="振徽苑9栋非机动车棚",
        hours_estimate=3.0,
    )
    assert dispatch.state is domain.DispatchState.OFFERING
    assert dispatch.free_seats == 0
    assert dispatch.offers[0].reasons == (
        "scope=building",
        "qualified=true",
        "open_jobs=0",
        "hours=12.0",
        "party_member=false",
    )


def test_an_urgent_offer_ends_after_half_an_hour(requested, rings, now):
    _, facts = domain.fill(replace(requested, urgent=True), rings(requested), now)

    assert {fact.expires_at for fact in facts} == {now + timedelta(minutes=30)}


def test_open_offers_and_jobs_come_before_hours(requested, people, rings, now):
    for number in ("V-2001", "V-2002"):
        people[number] = domain.burden(people[number], offers=0, jobs=1)
    plain = replace(requested, policy=Policy.NONE, qualification=None)

    _, facts = domain.fill(plain, rings(plain), now)

    assert names(facts) == ["V-2004", "V-2003"]


def test_a_wider_scope_is_looked_into_only_for_the_seats_that_are_left(requested, people, rings, now):
    del people["V-2001"]
    required = replace(requested, policy=Policy.REQUIRED)

    _, facts = domain.fill(required, rings(required), now)

    assert [(fact.volunteer_id, fact.scope, fact.wave) for fact in facts] == [
        ("V-2002", "building", 1),
        ("V-2005", "estate", 2),
    ]


def test_only_the_near_ring_is_read_when_it_suffices(requested, rings, now):
    read = []

    def watched():
        for near, ring in zip(requested.reach, rings(requested), strict=True):
            read.append(near.scope)
            yield ring

    domain.fill(requested, watched(), now)

    assert read == [Level.BUILDING]


def test_a_building_of_party_members_only_is_left_for_a_non_member_farther_away(requested, people, rings, now):
    del people["V-2002"], people["V-2004"]

    _, facts = domain.fill(requested, rings(requested), now)

    assert names(facts) == ["V-2001", "V-2006"]


def test_nobody_is_asked_when_the_lead_rule_cannot_be_met(requested, people, rings, now):
    for number in ("V-2002", "V-2004", "V-2006"):
        del people[number]

    dispatch, [unfilled] = domain.fill(requested, rings(requested), now)

    assert unfilled == DispatchUnfilled(
        dispatch_id="DP-0101", issue_id="IS-0101", category="bike_shed", reason="lead_rule_unmet", missing=2
    )
    assert dispatch.state is domain.DispatchState.UNFILLED
    assert dispatch.offers == ()


@pytest.mark.parametrize(
    ("policy", "reason"), [(Policy.REQUIRED, "no_qualified_volunteer"), (Policy.NONE, "no_candidate")]
)
def test_without_any_candidate_the_dispatch_says_why_it_stays_unfilled(requested, now, policy, reason):
    dispatch, [unfilled] = domain.fill(replace(requested, policy=policy), [], now)

    assert (unfilled.reason, unfilled.missing) == (reason, 2)
    assert dispatch.state is domain.DispatchState.UNFILLED


def test_fewer_candidates_than_seats_are_asked_all_the_same(requested, people, rings, now):
    for number in ("V-2002", "V-2003", "V-2005"):
        del people[number]
    three = replace(requested, needed=4, policy=Policy.NONE)

    dispatch, facts = domain.fill(three, rings(three), now)

    assert sorted(names(facts)) == ["V-2001", "V-2004", "V-2006"]
    assert (dispatch.state, dispatch.free_seats) == (domain.DispatchState.OFFERING, 1)


def test_the_dispatch_bears_the_number_of_its_issue():
    assert domain.dispatch_id_for("IS-0101", 1) == "DP-0101"
    assert domain.dispatch_id_for("IS-0101", 2) == "DP-0101-2"
