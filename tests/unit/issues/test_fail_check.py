import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueCheckFailed
from shared.clock import COMMUNITY_TIME
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import TIMES


def fail(issue, now, *, by="P-0300"):
    return domain.fail_check(issue, domain.CheckReason.NOT_DONE, "门仍打不开", by=by, now=now, times=TIMES)


def resolve_clock(issue):
    return next(clock for clock in issue.clocks if clock.kind is domain.ClockKind.RESOLVE)


def test_the_work_goes_on_with_what_was_left_of_its_time(handled, now):
    at = now + timedelta(days=2)  # a day after it was said to be done

    issue, fact = fail(handled, at)

    assert fact == IssueCheckFailed(issue_id="IS-0101", round=1, reason="not_done")
    assert issue.state is domain.IssueState.IN_PROGRESS
    assert {clock.kind for clock in issue.clocks if clock.runs} == {domain.ClockKind.RESOLVE}
    clock = resolve_clock(issue)
    assert (clock.first_due_at, clock.due_at, clock.finished_at) == (
        now + timedelta(days=7),
        now + timedelta(days=8),
        None,
    )
    assert issue.due_at == now + timedelta(days=8)


def test_it_counts_as_rework_and_the_remark_stays_here(handled, now):
    issue, fact = fail(handled, now + timedelta(days=2))

    [found] = issue.failed_checks
    assert (found.round, found.by, found.reason, found.remark) == (
        1,
        "P-0300",
        domain.CheckReason.NOT_DONE,
        "门仍打不开",
    )
    assert (issue.verifiers, "打不开" in str(fact)) == (("P-0300",), False)


def test_the_time_is_over_to_the_minute_though_it_stood_still(handled, estate, now):
    issue, _ = fail(handled, now + timedelta(days=2))
    around = domain.Around(above=estate, times=TIMES)

    issue, before = domain.tick(issue, around, now + timedelta(days=8) - timedelta(minutes=1))
    _, [expired] = domain.tick(issue, around, now + timedelta(days=8))

    assert [fact.type for fact in before] == ["issue.clock_warned"]
    assert (expired.type, expired.clock) == ("issue.clock_expired", "resolve")


def test_what_was_overdue_when_it_was_done_is_overdue_again_and_says_so_no_second_time(signed, done, estate, now):
    around = domain.Around(above=estate, times=TIMES)
    late, _ = domain.tick(signed, around, now + timedelta(days=8))
    issue, _ = domain.report_done(
        late, done, domain.Standard(), by="U-0071", units=("PC-0007",), now=now + timedelta(days=9), times=TIMES
    )

    issue, _ = fail(issue, now + timedelta(days=10))
    _, facts = domain.tick(issue, around, now + timedelta(days=11))

    assert (resolve_clock(issue).due_at, resolve_clock(issue).expired_at) == (
        now + timedelta(days=7),
        now + timedelta(days=8),
    )
    assert facts == ()


def test_a_second_report_is_checked_again(handled, done, now):
    issue, _ = fail(handled, now + timedelta(days=2))

    issue, _ = domain.report_done(
        issue, done, domain.Standard(), by="U-0072", units=("PC-0007",), now=now + timedelta(days=3), times=TIMES
    )

    assert (issue.state, len(issue.reports), issue.workers) == (
        domain.IssueState.HANDLED,
        2,
        ("U-0071", "U-0072"),
    )
    assert issue.clock(domain.ClockKind.VERIFY).due_at == datetime(2025, 3, 7, 9, 0, tzinfo=COMMUNITY_TIME)


def test_nobody_checks_their_own_work(handled, now):
    with pytest.raises(domain.HandlerMayNotVerify):
        fail(handled, now, by="U-0071")


def test_nobody_who_worked_on_it_in_an_earlier_round_checks_it_nor_resolves_it(handled, now):
    issue = dataclasses.replace(handled, round=3, helpers=("V-2001",))

    for worker in ("U-0071", "V-2001"):
        with pytest.raises(domain.HandlerMayNotVerify):
            fail(issue, now, by=worker)
        with pytest.raises(domain.HandlerMayNotVerify):
            domain.resolve(issue, by=worker, outcome=domain.Outcome.SOLVED, now=now, times=TIMES)


def test_who_failed_a_check_may_check_again(handled, done, now):
    issue, _ = fail(handled, now + timedelta(days=2))
    issue, _ = domain.report_done(
        issue, done, domain.Standard(), by="U-0071", units=("PC-0007",), now=now + timedelta(days=3), times=TIMES
    )

    issue, _ = domain.resolve(
        issue, by="P-0300", outcome=domain.Outcome.SOLVED, now=now + timedelta(days=3), times=TIMES
    )

    assert (issue.state, issue.verifiers) == (domain.IssueState.RESOLVED, ("P-0300",))


def test_who_failed_a_check_does_not_take_the_work_on(handled, now):
    issue, _ = fail(handled, now + timedelta(days=2))

    with pytest.raises(domain.VerifierMayNotHandle):
        domain.act(issue, by="P-0300", now=now)


def test_who_resolved_the_first_round_does_not_handle_the_second(resolved, estate, now):
    one = domain.Answer(by="R-1001", satisfaction=1, via=domain.Via.WECHAT, remark="没解决")
    reopened, _ = domain.confirm(resolved, one, estate, now, TIMES)

    with pytest.raises(domain.VerifierMayNotHandle) as refusal:
        domain.act(reopened, by="P-0009", now=now)
    assert refusal.value.details == {"by": "P-0009"}
    assert domain.act(reopened, by="P-0007", now=now)


@pytest.mark.parametrize("state", ["in_progress", "resolved", "dispatched"])
def test_only_what_is_said_to_be_done_is_checked(handled, now, state):
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        fail(dataclasses.replace(handled, state=domain.IssueState(state)), now)


@pytest.mark.parametrize(("field", "wrong"), [("reason", "ugly"), ("reason", None), ("remark", "")])
def test_a_failed_check_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    with pytest.raises(InvalidInput) as error:
        load(schemas.FailCheck, {"issue_id": "IS-1", "reason": "not_done", field: wrong})

    assert list(error.value.details["fields"]) == [field]
