import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from tests.support.lives import Life, S
from tests.support.times import NOW


def test_the_end_of_an_issue_is_noted_whatever_it_is(triaged):
    for state in domain.ENDED:
        issue = Life(triaged).after(days=3, hours=23).go(state).issue

        assert (issue.ended_at, issue.days_open, issue.record.ended_as) == (NOW + timedelta(days=3, hours=23), 3, state)


def test_an_issue_that_goes_on_has_not_ended(triaged):
    issue = Life(triaged).go(S.IN_PROGRESS).resolve().confirm(5).go(S.IN_PROGRESS).issue

    assert (issue.ended_at, issue.days_open, issue.record.ended_as) == (None, None, None)


def test_what_happens_after_the_end_does_not_move_it(triaged):
    life = Life(triaged).go(S.IN_PROGRESS).resolve().fall_silent()

    issue = life.after(days=1).call(solved=domain.Solved.YES).after(days=900).go(S.ARCHIVED).issue

    assert (issue.ended_at, issue.record.ended_as) == (NOW + timedelta(days=7), S.CLOSED)
    assert issue.record.solved is domain.Solved.YES


def test_a_step_that_changes_no_state_counts_nothing(triaged):
    issue = Life(triaged).go(S.DISPATCHED, S.DISPATCHED, S.RETURNED, S.RETURNED).issue

    assert (issue.record.dispatches, issue.record.returns) == (1, 1)


def test_it_says_which_clock_the_next_due_date_belongs_to(triaged):
    issue = Life(triaged).issue

    assert (issue.next_due_kind, issue.next_due_at) == (domain.ClockKind.LADDER, NOW + timedelta(hours=2))


@pytest.mark.parametrize("state", [S.REJECTED, S.WITHDRAWN])
def test_whoever_was_sent_away_is_not_judged_by_a_due_date(triaged, state):
    assert Life(triaged).go(state).issue.record.on_time is None


def test_a_line_holds_no_person_and_no_moment(triaged):
    line = Life(triaged).go(S.IN_PROGRESS).resolve().confirm(5).issue.record

    assert {type(value) for value in dataclasses.astuple(line)} <= {
        type(None), bool, int, S, domain.Solved, domain.Satisfied,
    }  # fmt: skip


def test_counted_anew_the_line_is_the_same(triaged):
    issue = Life(triaged).go(S.DISPATCHED, S.RETURNED, S.DISPATCHED, S.IN_PROGRESS).resolve().confirm(3).issue

    assert domain.recount(issue) == issue.record
    assert domain.recount(dataclasses.replace(issue, feedback=())) != issue.record
