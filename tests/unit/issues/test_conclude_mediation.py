import dataclasses
from datetime import date, timedelta

import pytest

from services.issues import domain
from services.issues.events import MediationConcluded
from shared.errors import StateNotAllowed
from tests.support.times import TIMES

FACT = {"mediation_id": "MD-0101", "issue_id": "IS-0101", "reporter_ref": "R-1001", "title": "振徽苑9栋非机动车棚"}


@pytest.fixture
def agreement():
    return domain.Conclusion(
        agreed=True,
        agreement="调解协议 2025-7",
        obligations=(domain.Obligation(party_ref="R-1007", text="挪车", due_on=date(2025, 3, 20)),),
        signed_by=("R-1001", "R-1007"),
        effective_on=None,
        reason=None,
    )


@pytest.fixture
def failure():
    return domain.Conclusion(
        agreed=False,
        agreement=None,
        obligations=(),
        signed_by=(),
        effective_on=None,
        reason=domain.FailureReason.NO_AGREEMENT,
    )


@pytest.fixture
def then(now):
    return now + timedelta(days=10)


def conclude(mediating, end, then, by="V-2101"):
    issue, mediation = mediating
    return domain.conclude_mediation(mediation, issue, end, by=by, now=then, times=TIMES)


def test_an_agreement_may_be_confirmed_in_court_for_thirty_days_from_its_effect(mediating, agreement, then):
    mediation, issue, fact = conclude(mediating, agreement, then)

    assert fact == MediationConcluded(**FACT, agreed=True, confirm_in_court_until=date(2025, 4, 12))
    assert (mediation.state, mediation.concluded_at) == (domain.MediationState.AGREED, then)
    assert (mediation.conclusion.effective_on, mediation.confirm_in_court_until) == (
        date(2025, 3, 13),
        date(2025, 4, 12),
    )
    assert (issue.state, issue.open_mediation_id) == (domain.IssueState.IN_PROGRESS, None)


def test_the_time_to_solve_it_runs_on_where_it_rested(mediating, failure, then):
    left = timedelta(hours=1)  # of two, since the referral came after one

    _, issue, _ = conclude(mediating, failure, then)

    clock = issue.clock(domain.ClockKind.RESOLVE)
    assert (clock.rests, clock.due_at, clock.pauses[0].ended_at) == (False, then + left, then)


def test_a_failure_has_a_reason_and_nothing_to_confirm(mediating, failure, then):
    mediation, issue, fact = conclude(mediating, failure, then)

    assert fact == MediationConcluded(**FACT, agreed=False)
    assert (mediation.state, mediation.confirm_in_court_until) == (domain.MediationState.FAILED, None)
    assert issue.state is domain.IssueState.IN_PROGRESS


@pytest.mark.parametrize(
    "change",
    [
        {"agreement": None},
        {"signed_by": ("R-1001",)},
        {"signed_by": ()},
        {"reason": domain.FailureReason.TIME_OVER},
    ],
)
def test_an_agreement_is_in_writing_and_signed_by_every_party(mediating, agreement, then, change):
    with pytest.raises(domain.AgreementIncomplete):
        conclude(mediating, dataclasses.replace(agreement, **change), then)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": None},
        {"agreement": "调解协议 2025-7"},
        {"signed_by": ("R-1001",)},
        {"effective_on": date(2025, 3, 13)},
    ],
)
def test_a_failure_has_nothing_signed(mediating, failure, then, change):
    with pytest.raises(domain.AgreementIncomplete):
        conclude(mediating, dataclasses.replace(failure, **change), then)


def test_a_stranger_is_obliged_to_nothing(mediating, agreement, then):
    owed = domain.Obligation(party_ref="R-1009", text="挪车", due_on=date(2025, 3, 20))

    with pytest.raises(domain.UnknownParty) as refused:
        conclude(mediating, dataclasses.replace(agreement, obligations=(owed,)), then)

    assert refused.value.details == {"unknown": ["R-1009"], "parties": ["R-1001", "R-1007"]}


@pytest.mark.parametrize("day", [date(2025, 3, 2), date(2025, 3, 14)])
def test_an_agreement_takes_effect_between_the_referral_and_today(mediating, agreement, then, day):
    with pytest.raises(domain.DatesDoNotFit):
        conclude(mediating, dataclasses.replace(agreement, effective_on=day), then)


def test_an_obligation_is_due_after_the_agreement(mediating, agreement, then):
    owed = domain.Obligation(party_ref="R-1007", text="挪车", due_on=date(2025, 3, 12))

    with pytest.raises(domain.DatesDoNotFit):
        conclude(mediating, dataclasses.replace(agreement, obligations=(owed,)), then)


def test_only_its_own_mediator_ends_it_and_once(mediating, failure, then):
    with pytest.raises(domain.NotTheMediator):
        conclude(mediating, failure, then, by="V-2102")
    mediation, issue, _ = conclude(mediating, failure, then)
    with pytest.raises(StateNotAllowed):
        conclude((issue, mediation), failure, then)


def test_an_issue_that_ended_meanwhile_stays_ended(mediating, agreement, then):
    issue, mediation = mediating
    ended = dataclasses.replace(issue, state=domain.IssueState.HANDED_OVER)

    mediation, ended, _ = conclude((ended, mediation), agreement, then)

    assert (mediation.state, ended.state) == (domain.MediationState.AGREED, domain.IssueState.HANDED_OVER)
