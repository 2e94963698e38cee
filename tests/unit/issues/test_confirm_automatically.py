from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueClosed, IssueConfirmed
from shared.errors import StateNotAllowed
from tests.support.times import TIMES

WEEK = timedelta(days=7)


def test_after_seven_days_the_clock_closes_without_a_rating(resolved, now):
    issue, facts = domain.confirm_automatically(resolved, now + WEEK, TIMES)

    [confirmed, closed] = facts
    known = {"issue_id": "IS-0101", "reporter_ref": "R-1001", "title": "振徽苑9栋非机动车棚"}
    assert confirmed == IssueConfirmed(**known, round=1, satisfaction=None, via="automatic")
    assert closed == IssueClosed(**known, rounds=1, days_open=7, satisfaction=None, via="automatic")
    assert (issue.state, issue.confirmed_by, issue.closed_at) == (domain.IssueState.CLOSED, None, now + WEEK)


def test_the_clock_waits_for_the_end_of_the_seventh_day(resolved, estate, now):
    around = domain.Around(above=estate, times=TIMES)

    early, facts = domain.tick(resolved, around, now + WEEK - timedelta(seconds=1))
    late, more = domain.tick(early, around, now + WEEK)

    assert (early.state, {fact.type for fact in facts}) == (domain.IssueState.RESOLVED, {"issue.answer_reminded"})
    assert (late.state, [fact.type for fact in more]) == (
        domain.IssueState.CLOSED,
        ["issue.confirmed", "issue.closed"],
    )


def test_a_clock_that_comes_after_the_answer_finds_nothing_to_do(closed, now):
    with pytest.raises(StateNotAllowed):
        domain.confirm_automatically(closed, now + WEEK, TIMES)


def test_a_rating_of_an_earlier_round_is_not_carried_into_an_automatic_confirmation(resolved, estate, now):
    unhappy = domain.Answer(by="R-1001", satisfaction=1, via=domain.Via.SMS, remark=None)
    issue, _ = domain.confirm(resolved, unhappy, estate, now, TIMES)
    issue, _ = domain.resolve(issue, by="P-0003", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)

    issue, [confirmed, _] = domain.confirm_automatically(issue, now + WEEK, TIMES)

    assert (confirmed.satisfaction, confirmed.round, issue.confirmed_by) == (None, 2, None)
