from dataclasses import replace
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueAssigned, IssueReopened
from shared.errors import Forbidden, InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import TIMES

STORY = {"issue_id": "IS-0101", "reporter_ref": "R-1001", "title": "振徽苑9栋非机动车棚"}


@pytest.fixture
def units(building, estate):
    return domain.Units(own=building, above=estate)


def plea(by="R-1001", satisfaction=None):
    return domain.Plea(by=by, remark="飞线又回来了", satisfaction=satisfaction)


def test_a_reporter_takes_a_closed_issue_up_again(closed, units):
    now = closed.closed_at + timedelta(days=10)

    issue, facts = domain.reopen(closed, plea(), units, now, TIMES)

    assert facts == (IssueReopened(**STORY, round=1, satisfaction=None, reason="not_lasting"),)
    assert (issue.state, issue.round, issue.outcome, issue.closed_at, issue.remark) == (
        domain.IssueState.IN_PROGRESS,
        2,
        domain.Outcome.NONE,
        None,
        "飞线又回来了",
    )


def test_the_new_round_has_its_own_clocks_and_no_other(closed, units):
    now = closed.closed_at + timedelta(days=10)

    issue, _ = domain.reopen(closed, plea(), units, now, TIMES)

    running = {clock.kind: (clock.round, clock.due_at) for clock in issue.clocks if clock.runs}
    assert running == {
        domain.ClockKind.RESOLVE: (2, now + timedelta(hours=2)),
        domain.ClockKind.LADDER: (2, now + timedelta(hours=2)),
    }
    assert issue.first_due_at == closed.first_due_at


def test_the_first_reopening_stays_with_the_unit_the_second_goes_one_level_up(closed, units):
    first, _ = domain.reopen(closed, plea(), units, closed.closed_at, TIMES)
    again = replace(closed, round=2)

    second, [_, assigned] = domain.reopen(again, plea(), units, closed.closed_at, TIMES)

    assert first.responsible_unit == "C01-G03-E07-B09"
    assert assigned == IssueAssigned(issue_id="IS-0101", org_unit_id="C01-G03-E07", reason="reopened")
    assert (second.responsible_unit, second.round) == ("C01-G03-E07", 3)


def test_a_bad_mark_before_counts_as_the_first_reopening(resolved, units, estate, now):
    answer = domain.Answer(by="R-1001", satisfaction=1, via=domain.Via.WECHAT, remark=None)
    issue, _ = domain.confirm(resolved, answer, estate, now, TIMES)
    issue, _ = domain.resolve(issue, by="P-0003", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)
    issue, _ = domain.confirm_automatically(issue, now, TIMES)

    _, facts = domain.reopen(issue, plea(), units, now, TIMES)

    assert [fact.type for fact in facts] == ["issue.reopened", "issue.assigned"]


def test_at_the_top_of_the_tree_the_ladder_begins_again(closed, building, now):
    top = domain.Units(own=building, above=None)

    issue, facts = domain.reopen(replace(closed, round=2), plea(), top, closed.closed_at, TIMES)

    assert [fact.type for fact in facts] == ["issue.reopened"]
    assert issue.clock(domain.ClockKind.LADDER) is not None


def test_how_satisfied_the_reporter_is_goes_along_where_it_was_said(closed, units):
    issue, [fact] = domain.reopen(closed, plea(satisfaction=2), units, closed.closed_at, TIMES)

    assert (fact.satisfaction, issue.satisfaction) == (2, 2)


def test_what_was_closed_by_force_may_be_reopened_too(closed, units):
    forced = replace(
        closed, state=domain.IssueState.FORCE_CLOSED, forced=True, end_reason="not_solvable", public_reason="无法解决"
    )

    issue, _ = domain.reopen(forced, plea(), units, closed.closed_at, TIMES)

    assert issue.state is domain.IssueState.IN_PROGRESS
    assert (issue.forced, issue.end_reason, issue.public_reason) == (False, None, None)


def test_it_may_be_reopened_for_30_days(closed, units):
    last = closed.closed_at + timedelta(days=30)

    assert domain.reopen(closed, plea(), units, last, TIMES)[0].round == 2
    with pytest.raises(domain.TooLateToReopen, match="report it anew"):
        domain.reopen(closed, plea(), units, last + timedelta(seconds=1), TIMES)


def test_nobody_but_the_reporter_reopens(closed, units):
    with pytest.raises(Forbidden, match="a proxy on record, reopens"):
        domain.reopen(closed, plea(by="R-1007"), units, closed.closed_at, TIMES)


def test_what_is_not_closed_is_not_reopened(resolved, units, now):
    with pytest.raises(StateNotAllowed, match="the issue is resolved, which allows confirm, not reopen"):
        domain.reopen(resolved, plea(), units, now, TIMES)


def test_the_words_of_the_resident_are_in_no_fact(closed, units):
    _, facts = domain.reopen(closed, plea(), units, closed.closed_at, TIMES)

    assert "飞线" not in str(facts)


@pytest.mark.parametrize("fields", [{}, {"reason": ""}, {"reason": "x", "satisfaction": 6}])
def test_a_reason_is_needed_and_a_number_is_1_to_5(fields):
    with pytest.raises(InvalidInput):
        load(schemas.Reopen, {"issue_id": "IS-0101", **fields})
