import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain.closing import is_sampled
from services.issues.domain.records import DispatchOrder
from services.issues.events import IssueAssigned, IssueReopened
from shared.errors import StateNotAllowed
from tests.support.lives import Life, S
from tests.support.times import NOW, TIMES

CALL_BACK = domain.ClockKind.CALL_BACK
NOTHING_SAID = {"contacted": None, "solved": None, "satisfied": None}


@pytest.fixture
def silent(in_progress):
    """Closed by the clock; somebody is to call the resident on the next working day."""
    return Life(in_progress).resolve().fall_silent()


def test_what_the_resident_says_on_the_call_is_kept_raw(silent):
    issue = (
        silent.after(hours=4)
        .call(contacted=True, solved=domain.Solved.PARTLY, satisfied=domain.Satisfied.BASICALLY)
        .issue
    )

    assert issue.feedback == (
        domain.GivenAnswer(
            kind=domain.AnswerKind.CALL_BACK,
            round=1,
            at=NOW + timedelta(days=7, hours=4),
            by="P-0020",
            channel="voice",
            contacted=True,
            solved=domain.Solved.PARTLY,
            satisfied=domain.Satisfied.BASICALLY,
        ),
    )
    assert (issue.state, issue.clock(CALL_BACK)) == (S.CLOSED, None)


def test_nobody_reached_it_is_tried_again_on_the_next_working_day_three_times_at_most(silent):
    lives = [silent.issue, *(silent.after(days=1).call(reached=False).issue for _ in range(2))]
    due = [one.clock(CALL_BACK).due_at for one in lives]

    issue = silent.after(days=1).call(reached=False).issue

    assert due == [NOW + timedelta(days=days) for days in (8, 9, 10)]
    assert (issue.clock(CALL_BACK), len(issue.feedback)) == (None, 3)


def test_whoever_handled_it_does_not_call(silent):
    with pytest.raises(domain.HandlerMayNotVerify):
        silent.call("V-2001", solved=domain.Solved.YES)


def test_a_second_call_is_made_by_somebody_else(silent):
    silent.call("P-0020", solved=domain.Solved.YES)

    with pytest.raises(domain.SameCallerTwice):
        silent.call("P-0020", solved=domain.Solved.NO)

    assert silent.call("P-0021", solved=domain.Solved.PARTLY).issue.record.solved is domain.Solved.PARTLY


def test_the_same_person_may_try_again_where_nobody_was_reached(silent):
    silent.call("P-0020", reached=False)

    assert silent.call("P-0020", solved=domain.Solved.YES).issue.record.solved is domain.Solved.YES


def test_whoever_was_not_reached_has_said_nothing(silent):
    with pytest.raises(domain.AnswerWithoutResident, match="leave out contacted, solved and satisfied"):
        silent.call(reached=False, solved=domain.Solved.YES)


@pytest.mark.parametrize("state", [S.RESOLVED, S.IN_PROGRESS, S.REJECTED, S.MERGED])
def test_nobody_calls_about_an_issue_that_is_not_closed(in_progress, state):
    with pytest.raises(StateNotAllowed):
        Life(in_progress).go(state).call()


def test_some_of_those_who_confirmed_are_called_all_the_same():
    moments = [NOW + timedelta(milliseconds=number) for number in range(2000)]

    drawn = sum(is_sampled("IS-0101", moment, 5) for moment in moments)

    assert 60 <= drawn <= 140  # 5 % of 2,000 are 100
    assert not any(is_sampled("IS-0101", moment, 0) for moment in moments)


def test_a_confirmed_issue_that_is_drawn_waits_for_a_call(in_progress):
    moment = next(
        NOW + timedelta(seconds=n) for n in range(1000) if is_sampled("IS-0101", NOW + timedelta(seconds=n), 5)
    )
    life = Life(in_progress, moment).resolve()

    assert life.confirm(5).issue.clock(CALL_BACK) is not None


def test_a_confirmation_is_kept_as_the_three_answers_that_it_means(in_progress):
    said = {step: Life(in_progress).resolve().confirm(step).issue.feedback[0] for step in (1, 2, 3, 4, 5)}

    assert {step: (one.contacted, one.solved, one.satisfied) for step, one in said.items()} == {
        1: (True, "no", "dissatisfied"),
        2: (True, "partly", "dissatisfied"),
        3: (True, "yes", "basically"),
        4: (True, "yes", "satisfied"),
        5: (True, "yes", "satisfied"),
    }
    assert {(one.kind, one.by, one.channel, one.at) for one in said.values()} == {
        ("confirmation", "R-1001", "sms", NOW)
    }


@pytest.mark.parametrize(
    "said", [{"solved": domain.Solved.NO}, {"satisfied": domain.Satisfied.DISSATISFIED, "solved": domain.Solved.PARTLY}]
)
def test_a_no_on_the_phone_begins_the_next_round_one_level_up_as_a_one_does(silent, said, grid, now):
    call = domain.CallBack(by="P-0020", reached=True, channel=domain.Via.VOICE, **{**NOTHING_SAID, **said})

    issue, facts = domain.record_call_back(silent.issue, call, grid, silent.at + timedelta(days=30), TIMES)

    assert facts == (
        IssueReopened(
            issue_id="IS-0101",
            round=1,
            satisfaction=None,
            reason="dissatisfied",
            reporter_ref="R-1001",
            title="振徽苑9栋非机动车棚",
        ),
        IssueAssigned(issue_id="IS-0101", org_unit_id="C01-G03", reason="reopened"),
    )
    assert (issue.state, issue.round, issue.responsible_unit) == (S.IN_PROGRESS, 2, "C01-G03")
    assert (issue.satisfaction, issue.confirmed_by, issue.closed_at, len(issue.feedback)) == (None, None, None, 1)
    assert {clock.kind for clock in issue.clocks if clock.runs} == {
        domain.ClockKind.RESOLVE, domain.ClockKind.LADDER,
    }  # fmt: skip


def test_a_no_that_comes_too_late_only_counts(silent):
    issue = silent.after(days=30, seconds=1).call(solved=domain.Solved.NO).issue

    assert (issue.state, issue.round, issue.record.solved) == (S.CLOSED, 1, domain.Solved.NO)


def test_a_no_about_what_ended_by_force_changes_no_decision(in_progress):
    issue = Life(in_progress).go(S.FORCE_CLOSED).call(solved=domain.Solved.NO).issue

    assert (issue.state, issue.round) == (S.FORCE_CLOSED, 1)


def test_whoever_checked_it_or_acts_for_its_units_does_not_take_the_answer_down(silent):
    sent = DispatchOrder(
        dispatch_no=1, round=1, unit="PC-0007", by="P-0200", at=NOW, sign_by=NOW, return_by=NOW, signed_at=NOW
    )
    issue = dataclasses.replace(silent.issue, orders=(sent,))
    refused = []
    for by, units in (("P-0009", ()), ("P-0020", ("PC-0007",)), ("P-0020", ("C01-G03-E07-B09",))):
        call = domain.CallBack(by=by, reached=True, channel=domain.Via.VOICE, units=units, **NOTHING_SAID)
        with pytest.raises(domain.NotNeutral) as caught:
            domain.record_call_back(issue, call, None, silent.at, TIMES)
        refused.append(caught.value.details)

    assert refused == [
        {"by": "P-0009", "units": []},
        {"by": "P-0020", "units": ["PC-0007"]},
        {"by": "P-0020", "units": ["C01-G03-E07-B09"]},
    ]
