import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueAssigned, IssueClosed, IssueConfirmed, IssueReopened
from shared.errors import Forbidden, StateNotAllowed
from tests.support.times import TIMES

STORY = {"issue_id": "IS-0101", "reporter_ref": "R-1001", "title": "振徽苑9栋非机动车棚"}


def answer(satisfaction, by="R-1001", remark=None):
    return domain.Answer(by=by, satisfaction=satisfaction, via=domain.Via.SMS, remark=remark)


@pytest.mark.parametrize("satisfaction", [3, 4, 5])
def test_a_satisfied_resident_closes_the_issue(resolved, estate, now, satisfaction):
    later = now + timedelta(days=2, hours=23)

    issue, facts = domain.confirm(resolved, answer(satisfaction), estate, later, TIMES)

    confirmed, closed = facts
    assert confirmed == IssueConfirmed(**STORY, round=1, satisfaction=satisfaction, via="sms")
    assert closed == IssueClosed(**STORY, rounds=1, days_open=2, satisfaction=satisfaction, via="sms")
    assert (issue.state, issue.confirmed_by, issue.closed_at, issue.round) == (
        domain.IssueState.CLOSED,
        "R-1001",
        later,
        1,
    )


@pytest.mark.parametrize("satisfaction", [1, 2])
def test_a_dissatisfied_resident_reopens_it_one_level_up(resolved, estate, now, satisfaction):
    issue, facts = domain.confirm(resolved, answer(satisfaction, remark="飞线还在"), estate, now, TIMES)

    reopened, assigned = facts
    assert reopened == IssueReopened(**STORY, round=1, satisfaction=satisfaction, reason="dissatisfied")
    assert assigned == IssueAssigned(issue_id="IS-0101", org_unit_id="C01-G03-E07", reason="reopened")
    assert (issue.state, issue.round, issue.responsible_unit) == (domain.IssueState.IN_PROGRESS, 2, "C01-G03-E07")
    assert (issue.outcome, issue.clock(domain.ClockKind.CONFIRM), issue.remark) == (
        domain.Outcome.NONE,
        None,
        "飞线还在",
    )


def test_the_next_round_has_a_due_date_of_its_own_and_keeps_the_first_one(resolved, estate, now):
    later = now + timedelta(days=1)

    issue, _ = domain.confirm(resolved, answer(1), estate, later, TIMES)

    assert (issue.first_due_at, issue.due_at) == (now + timedelta(hours=2), later + timedelta(hours=4))


def test_what_the_resident_says_is_in_no_fact(resolved, estate, now):
    _, facts = domain.confirm(resolved, answer(1, remark="飞线还在"), estate, now, TIMES)

    assert "飞线还在" not in str(facts)


def test_at_the_top_of_the_tree_the_issue_stays_where_it_is(resolved, now):
    top = dataclasses.replace(resolved, responsible_unit="C01")

    issue, [_, assigned] = domain.confirm(top, answer(2), None, now, TIMES)

    assert (issue.responsible_unit, assigned.org_unit_id) == ("C01", "C01")


def test_the_second_round_closes_with_two_rounds(resolved, estate, now):
    issue, _ = domain.confirm(resolved, answer(2), estate, now, TIMES)
    issue, _ = domain.resolve(issue, by="P-0003", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)

    _, [confirmed, closed] = domain.confirm(issue, answer(4), estate, now, TIMES)

    assert (confirmed.round, confirmed.satisfaction, closed.rounds) == (2, 4, 2)


def test_nobody_but_the_reporter_confirms(resolved, estate, now):
    with pytest.raises(Forbidden):
        domain.confirm(resolved, answer(5, by="R-1007"), estate, now, TIMES)


def test_an_answer_counts_once(resolved, estate, now):
    issue, _ = domain.confirm(resolved, answer(5), estate, now, TIMES)

    with pytest.raises(
        StateNotAllowed,
        match="the issue is closed, which allows answer_durability, record_call_back, reopen, not confirm",
    ):
        domain.confirm(issue, answer(5), estate, now, TIMES)


def test_there_is_nothing_to_confirm_while_the_work_goes_on(in_progress, estate, now):
    with pytest.raises(StateNotAllowed):
        domain.confirm(in_progress, answer(5), estate, now, TIMES)
