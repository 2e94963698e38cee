import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueSigned
from shared.clock import COMMUNITY_TIME
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


def sign(issue, unit, now, *, by="U-0071", units=("PC-0007",)):
    return domain.sign(issue, unit, by=by, units=units, now=now, times=TIMES)


def test_a_person_of_the_lead_unit_signs_and_the_ladder_stops(dispatched, now):
    at = now + timedelta(hours=2)

    issue, fact = sign(dispatched, "PC-0007", at)

    assert fact == IssueSigned(
        issue_id="IS-0101", unit="PC-0007", contact_by=datetime(2025, 3, 4, 11, 0, tzinfo=COMMUNITY_TIME)
    )
    assert (issue.state, issue.handlers, issue.orders[-1].signed_at, issue.orders[-1].signed_by) == (
        domain.IssueState.IN_PROGRESS,
        ("U-0071",),
        at,
        "U-0071",
    )
    assert {clock.kind for clock in issue.clocks if clock.runs} == {domain.ClockKind.RESOLVE, domain.ClockKind.CONTACT}
    assert issue.clock(domain.ClockKind.CONTACT).due_at == fact.contact_by


def test_who_signs_on_a_friday_evening_has_until_monday_evening_to_speak_to_the_reporter(dispatched):
    friday = datetime(2025, 3, 7, 17, 59, tzinfo=COMMUNITY_TIME)

    _, fact = sign(dispatched, "PC-0007", friday)

    assert fact.contact_by == datetime(2025, 3, 10, 17, 59, tzinfo=COMMUNITY_TIME)


def test_a_signature_that_comes_late_still_counts(dispatched, estate, now):
    issue, _ = domain.tick(dispatched, domain.Around(above=estate, times=TIMES), now + timedelta(days=1))

    issue, _ = sign(issue, "PC-0007", now + timedelta(days=1, hours=1))

    clock = next(clock for clock in issue.clocks if clock.kind is domain.ClockKind.SIGN)
    assert (clock.expired_at, clock.finished_at) == (now + timedelta(days=1), now + timedelta(days=1, hours=1))


def test_another_unit_does_not_sign(dispatched, now):
    with pytest.raises(domain.NotTheLeadUnit) as refusal:
        sign(dispatched, "UT-0001", now, by="U-0011", units=("UT-0001",))

    assert refusal.value.details == {"unit": "UT-0001", "lead_unit": "PC-0007"}


@pytest.mark.parametrize("units", [(), ("UT-0001",)])
def test_only_a_person_of_the_unit_signs_for_it(dispatched, now, units):
    with pytest.raises(domain.NotOfTheUnit, match="does not act for PC-0007"):
        sign(dispatched, "PC-0007", now, by="P-0009", units=units)


def test_who_verified_in_an_earlier_round_does_not_sign(dispatched, now):
    issue = dataclasses.replace(dispatched, verifiers=("U-0071",))

    with pytest.raises(domain.VerifierMayNotHandle):
        sign(issue, "PC-0007", now)
    assert sign(issue, "PC-0007", now, by="U-0072")


@pytest.mark.parametrize("state", ["triaged", "returned", "arbitrating", "in_progress"])
def test_only_what_is_dispatched_is_signed_for(dispatched, now, state):
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        sign(dataclasses.replace(dispatched, state=domain.IssueState(state)), "PC-0007", now)
