import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import MediationOpened
from services.issues.schemas import mediation_view
from shared.actor import Actor
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


def refer(issue, parties, now, mediator="V-2101"):
    return domain.refer_mediation(issue, mediator, parties, by="P-0007", now=now, times=TIMES)


def test_both_parties_agreed_and_the_time_to_solve_it_rests(in_progress, parties, now):
    issue, mediation, fact = refer(in_progress, parties, now)

    assert fact == MediationOpened(
        mediation_id="MD-0101",
        issue_id="IS-0101",
        mediator_id="V-2101",
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
    )
    assert (mediation.state, mediation.party_refs) == (domain.MediationState.OPEN, ("R-1001", "R-1007"))
    assert (issue.state, issue.open_mediation_id) == (domain.IssueState.MEDIATING, "MD-0101")
    clock = issue.clock(domain.ClockKind.RESOLVE)
    assert (clock.open_pause.reason, clock.open_pause.until) == ("mediating", now + timedelta(days=30))


def test_the_mediator_worked_on_it_and_verifies_nothing(in_progress, parties, now):
    assert "V-2101" in refer(in_progress, parties, now)[0].workers


@pytest.mark.parametrize("mediator", ["R-1001", "R-1007"])
def test_a_party_does_not_mediate(in_progress, parties, now, mediator):
    with pytest.raises(domain.MediatorNotNeutral):
        refer(in_progress, parties, now, mediator)


def test_the_reporter_does_not_mediate_although_no_party(in_progress, parties, now):
    others = tuple(dataclasses.replace(one, party_ref=f"R-200{n}") for n, one in enumerate(parties))

    with pytest.raises(domain.MediatorNotNeutral):
        refer(in_progress, others, now, "R-1001")


def test_a_consent_that_is_still_to_come_is_none(in_progress, parties, now):
    later = (parties[0], dataclasses.replace(parties[1], consented_at=now + timedelta(seconds=1)))

    with pytest.raises(domain.ConsentInTheFuture) as refused:
        refer(in_progress, later, now)

    assert refused.value.details["parties"] == ["R-1007"]


def test_only_what_is_in_progress_is_mediated_and_once_at_a_time(triaged, mediating, parties, now):
    for issue in (triaged, mediating[0]):
        with pytest.raises(StateNotAllowed):
            refer(issue, parties, now)


@pytest.mark.parametrize(
    ("person", "roles", "whole"),
    [
        ("R-1001", (), True),
        ("R-1007", (), True),
        ("V-2101", ("mediator",), True),
        ("V-2102", ("mediator",), False),
        ("P-0100", ("triage",), True),
        ("P-0007", ("secretary",), False),
    ],
)
def test_parties_mediator_and_triage_see_it_and_nobody_else(mediating, person, roles, whole):
    _, mediation = mediating

    assert domain.may_see_mediation(mediation, Actor(id=person, roles=roles), None) is whole
    assert mediation_view(mediation, whole=False) == {
        "mediation_id": "MD-0101",
        "issue_id": "IS-0101",
        "state": "open",
        "opened_at": mediation.opened_at.isoformat(),
        "concluded_at": None,
        "revision": 0,
        "masked": True,
    }


def test_an_administrator_may_look_with_the_eyes_of_somebody(mediating, administrator):
    _, mediation = mediating

    assert domain.may_see_mediation(mediation, administrator, None)
    assert not domain.may_see_mediation(mediation, administrator, "R-1009")


def test_helpers_found_meanwhile_leave_the_mediation_under_way(mediating, now):
    issue = domain.dispatch_filled(mediating[0], ("V-2009",), 1, now)

    assert (issue.state, "V-2009" in issue.helpers) == (domain.IssueState.MEDIATING, True)
