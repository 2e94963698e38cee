import dataclasses
from collections import Counter
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain import clocks
from services.issues.domain.states import OPEN
from tests.support.lives import Life, S
from tests.support.times import NOW, TIMES

RULES = domain.Rules()
YES, PARTLY, NO = domain.Solved.YES, domain.Solved.PARTLY, domain.Solved.NO
CONTENT, UNHAPPY = domain.Satisfied.SATISFIED, domain.Satisfied.DISSATISFIED
HANDED_IN_BY_STAFF = {"source": domain.Source.PATROL}
LIFT = {"asset_id": "LIFT-9-1"}


@pytest.fixture
def begin(triaged):
    """Begin a life at triage, with two hours to handle it (it is a hazard)."""

    def made(*, repeated=False, **changes):
        return Life(dataclasses.replace(triaged, **changes), repeated=repeated)

    return made


@pytest.fixture
def lives(begin):
    """Every outcome there is; the comments are the hand count."""
    sent = (S.DISPATCHED, S.IN_PROGRESS)
    back = (S.DISPATCHED, S.RETURNED, S.DISPATCHED, S.IN_PROGRESS)
    return [
        # 1: sent right, checked at once, on time; 5: contacted, solved, satisfied
        begin().go(*sent, S.HANDLED).resolve().confirm(5),
        # 2: sent back once, late for the first due date only; 4: contacted, solved, satisfied
        begin().move(hours=4).go(*back).after(hours=3).resolve().confirm(4),
        # 3: one failed check of two, on time; 3: contacted, solved, basically
        begin().go(S.IN_PROGRESS, S.HANDLED, S.IN_PROGRESS, S.HANDLED).resolve().confirm(3),
        # 4: two rounds, 2 then 4; counts once, by the 4: contacted, solved, satisfied; on time
        begin().go(S.IN_PROGRESS).resolve().confirm(2).resolve().confirm(4),
        # 5: two rounds, 1 then silence: the 1 is the first, nothing is final; automatic, no answer; on time
        begin().go(S.IN_PROGRESS).resolve().confirm(1).resolve().fall_silent(),
        # 6: silence, called in vain: unreachable; automatic; late for both
        begin().go(S.IN_PROGRESS).after(hours=3).resolve().fall_silent().call(reached=False),
        # 7: silence, reached: not contacted, solved, satisfied; automatic all the same; on time
        begin().go(S.IN_PROGRESS).resolve().fall_silent().call(contacted=False, solved=YES, satisfied=CONTENT),
        # 8: 5, then a second call says no, too late to reopen: contacted (at first), not solved, dissatisfied; on time
        begin().go(S.IN_PROGRESS).resolve().confirm(5).after(days=31).call(solved=NO, satisfied=UNHAPPY),
        # 9: by force: unsolved, no answer; not on time
        begin().go(S.FORCE_CLOSED),
        # 10: by force, and the resident says yes on the phone: unsolved all the same; satisfied; not on time
        begin().go(S.FORCE_CLOSED).call(solved=YES, satisfied=CONTENT),
        # 11: handed to the district: no answer; sent back three times; not on time
        begin().go(*(S.DISPATCHED, S.RETURNED) * 2, S.DISPATCHED, S.ARBITRATING, S.DISPATCHED, S.HANDED_OVER),
        # 12: 5, and archived since: contacted, solved, satisfied; on time; found by staff
        begin(**HANDED_IN_BY_STAFF).go(S.IN_PROGRESS).resolve().confirm(5).go(S.ARCHIVED),
        # 13: done in part, and the resident is content with it: contacted, partly, satisfied; on time
        begin().go(S.IN_PROGRESS).resolve(domain.Outcome.PARTLY).confirm(4),
        # 14: again on the same lift, 3 without contact: not contacted, solved, basically; on time; found by staff
        begin(repeated=True, **LIFT, **HANDED_IN_BY_STAFF).go(S.IN_PROGRESS).resolve().confirm(3, contacted=False),
        # 15: the lift for the first time, silence and no call yet: automatic, no answer; on time
        begin(**LIFT).go(S.IN_PROGRESS).resolve().fall_silent(),
        # 16, 17: rejected and withdrawn, in no rate
        begin().go(S.REJECTED),
        begin().go(S.WITHDRAWN),
        # 18: a member of a group: its lead counts, it does not
        begin().go(S.MERGED),
        # 19 …: one in each open state, which have not ended
        *(begin().go(state) for state in OPEN if state is not S.TRIAGED),
        begin(),
    ]


@pytest.fixture
def counted(lives):
    ended = Counter(life.issue.record for life in lives if life.issue.ended_at is not None)
    return domain.rates(ended, RULES)


def test_the_lives_are_in_each_of_the_twenty_states(lives):
    assert {life.issue.state for life in lives} == set(S)


def test_the_three_rates_equal_a_hand_count(counted):
    # asked whether contacted: 1 2 3 4 7 8 12 13 14; not in 7 and 14
    assert counted.responded == domain.Rate(count=7, of=9, percent=77.8)
    # asked whether solved: 1 2 3 4 7 8 12 13 14, and 9 10 by force; yes in 1 2 3 4 7 12 14
    assert counted.solved == domain.Rate(count=7, of=11, percent=63.6)
    # asked whether satisfied: 1 2 3 4 7 8 10 12 13 14; whole in 1 2 4 7 10 12 13, basically in 3 14: (7 + 2 × 0.9) / 10
    assert counted.satisfied == domain.Rate(count=9, of=10, percent=88.0)
    # 0.1 × 77.8 + 0.5 × 63.6 + 0.4 × 88.0 = 74.78
    assert counted.composite == 74.8
    assert (counted.partly_solved, counted.basically_satisfied) == (1, 2)  # 13; 3 and 14


def test_how_far_the_answers_reach_equals_a_hand_count(counted):
    assert (counted.cases, counted.rejected_or_withdrawn) == (15, 2)  # 1 to 15; 16 17
    # closed: 1 to 8, 12 to 15; no answer in 5 6 15
    assert counted.answered == domain.Rate(count=9, of=12, percent=75.0)
    # called in vain: 6; with an answer: 1 2 3 4 7 8 10 12 13 14
    assert counted.unreachable == domain.Rate(count=1, of=11, percent=9.1)
    assert counted.automatic == 4  # 5 6 7 15
    assert counted.forced == domain.Rate(count=2, of=15, percent=13.3)  # 9 10


def test_the_rates_of_the_work_equal_a_hand_count(counted):
    # not on time: 6, and 9 10 11, which nobody handled
    assert counted.on_time == domain.Rate(count=11, of=15, percent=73.3)
    assert counted.on_first_time == domain.Rate(count=10, of=15, percent=66.7)  # nor 2
    assert counted.right_first_dispatch == domain.Rate(count=1, of=3, percent=33.3)  # 1 of 1 2 11
    assert counted.returns == 4  # one in 2, three in 11
    assert counted.rework == domain.Rate(count=1, of=2, percent=50.0)  # 3 of 1 3
    assert counted.reopened == domain.Rate(count=2, of=15, percent=13.3)  # 4 5
    assert counted.repeated == domain.Rate(count=1, of=2, percent=50.0)  # 14 of 14 15
    assert counted.found_by_staff == domain.Rate(count=2, of=15, percent=13.3)  # 12 14
    assert counted.held == domain.Rate(count=0, of=0, percent=None)  # nobody was asked yet


def test_each_case_counts_once_with_its_first_and_its_final_satisfaction(counted):
    # final: 5 in 1 8 12, 4 in 2 4 13, 3 in 3 14; first: 2 in 4, 1 in 5 instead
    assert counted.final == {"1": 0, "2": 0, "3": 2, "4": 3, "5": 3}
    assert counted.first == {"1": 1, "2": 1, "3": 2, "4": 2, "5": 3}


def test_without_a_case_there_is_no_rate_and_no_zero():
    counted = domain.rates({}, RULES)

    assert (counted.cases, counted.solved, counted.composite) == (
        0,
        domain.Rate(count=0, of=0, percent=None),
        None,
    )


def test_where_one_of_the_three_rates_is_unknown_there_is_no_composite(begin):
    life = begin().go(S.FORCE_CLOSED)

    counted = domain.rates({life.issue.record: 1}, RULES)

    assert (counted.solved.percent, counted.responded.percent, counted.composite) == (0.0, None, None)


def test_the_office_sets_the_weights(begin):
    life = begin().go(S.IN_PROGRESS).resolve().confirm(3, contacted=False)
    rules = domain.Rules(weight_responded=50, weight_solved=25, weight_satisfied=25, basically_percent=80)

    counted = domain.rates({life.issue.record: 3}, rules)

    assert (counted.satisfied.percent, counted.composite) == (80.0, 45.0)


def test_lines_of_several_units_add_up(begin):
    one = begin().go(S.IN_PROGRESS).resolve().confirm(5).issue.record
    other = begin().go(S.FORCE_CLOSED).issue.record

    assert domain.total([{one: 2}, {one: 1, other: 4}]) == {one: 3, other: 4}


@pytest.fixture
def forced_at_rest(begin):
    """Begin work, rest after one of the two hours for nine at most, end by force, and solve it in time afterwards."""
    closing = domain.Proposal(kind=domain.ApprovalKind.FORCE_CLOSE, reason="overtaken", public_reason="已拆除")

    def made(**after):
        life = begin().go(S.IN_PROGRESS).after(hours=1)
        rest = {"reason": "suspended", "by": "P-0007", "now": life.at, "until": life.at + timedelta(hours=9)}
        resting = clocks.pause(life.issue.clocks, **rest, times=TIMES)
        life.take(dataclasses.replace(life.issue, state=S.SUSPENDED).with_clocks(resting)).after(**after)
        asked, _ = domain.propose(life.issue, closing, by="P-0007", now=life.at, times=TIMES)
        forced, _ = domain.approve(asked, closing.kind, by="P-0003", now=life.at, times=TIMES)
        life.take(forced).after(days=1)
        plea = domain.Plea(by="R-1001", remark="还在")
        again, _ = domain.reopen(life.issue, plea, domain.Units(own=None, above=None), life.at, TIMES)
        return life.take(again).after(hours=1).resolve().confirm(5)

    return made


def test_what_ended_at_rest_is_judged_by_the_end_that_it_would_have_had(forced_at_rest):
    lives = [forced_at_rest(hours=6), forced_at_rest(hours=10), forced_at_rest(hours=10, minutes=1)]

    first, second, third = (next(c for c in life.issue.clocks if c.kind is domain.ClockKind.RESOLVE) for life in lives)
    counted = domain.rates(Counter(life.issue.record for life in lives), RULES)

    assert first.due_at == NOW + timedelta(hours=8)  # ended after seven hours, with one of the two left
    assert second.due_at == third.due_at == NOW + timedelta(hours=11)  # the pause was over after ten
    assert {one.first_due_at for one in (first, second, third)} == {NOW + timedelta(hours=2)}
    assert counted.on_time == domain.Rate(count=2, of=3, percent=66.7)  # the third ended a minute after it was due
    assert counted.on_first_time == domain.Rate(count=0, of=3, percent=0.0)
