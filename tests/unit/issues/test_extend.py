import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain import ApprovalKind, ClockKind, Proposal
from services.issues.events import IssueExtended
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import NOW, TIMES

DAY = timedelta(days=1)


@pytest.fixture
def at_work(reported, assessment, building):
    """Give an issue that is to be solved within seven days."""
    harmless = dataclasses.replace(assessment, hazard=None, deadline_class=domain.DeadlineClass.GENERAL)
    issue, _ = domain.triage(reported, harmless, building, NOW, TIMES)
    issue, _ = domain.act(issue, by="P-0009", now=NOW)
    return issue


def ask(issue, now=NOW, **end):
    proposal = Proposal(kind=ApprovalKind.EXTEND, reason="备件未到", **end)
    return domain.propose(issue, proposal, by="P-0007", now=now, times=TIMES)


def extend(issue, now=NOW, **end):
    issue, _ = ask(issue, now, **end)
    issue, _ = domain.approve(issue, ApprovalKind.EXTEND, by="P-0001", now=now, times=TIMES)
    return domain.approve(issue, ApprovalKind.EXTEND, by="P-0002", now=now, times=TIMES)


@pytest.mark.parametrize("end", [{"days": 5}, {"until": NOW + 12 * DAY}])
def test_the_due_date_moves_and_what_was_promised_stays(at_work, end):
    issue, facts = extend(at_work, **end)

    assert facts == (
        IssueExtended(
            issue_id="IS-0101",
            due_at=NOW + 12 * DAY,
            first_due_at=NOW + 7 * DAY,
            extension_no=1,
            reporter_ref="R-1001",
            title="振徽苑9栋非机动车棚",
        ),
    )
    resolve = issue.clock(ClockKind.RESOLVE)
    assert (resolve.due_at, resolve.first_due_at, issue.due_at) == (NOW + 12 * DAY, NOW + 7 * DAY, NOW + 12 * DAY)
    assert (issue.first_due_at, issue.state) == (at_work.first_due_at, at_work.state)


def test_there_are_two_extensions_and_refused_ones_do_not_count(at_work):
    issue, _ = ask(at_work, days=1)
    issue, _ = domain.decline(issue, ApprovalKind.EXTEND, by="P-0001", reason="不同意", now=NOW)
    issue, [first] = extend(issue, days=1)
    issue, [second] = extend(issue, days=1)

    with pytest.raises(domain.ExtendedTooOften) as refused:
        ask(issue, days=1)

    assert (first.extension_no, second.extension_no, second.due_at) == (1, 2, NOW + 9 * DAY)
    assert refused.value.details == {"most_extensions": 2}


def test_what_is_late_is_not_extended(at_work):
    with pytest.raises(domain.DueDatePassed):
        ask(at_work, NOW + 7 * DAY, days=5)


@pytest.mark.parametrize("until", [NOW - DAY, NOW + 7 * DAY, NOW + 37 * DAY + timedelta(seconds=1)])
def test_the_new_due_date_is_later_by_a_month_at_most(at_work, until):
    with pytest.raises(domain.EndNotAllowed) as refused:
        ask(at_work, until=until)

    assert refused.value.details == {
        "end": until.isoformat(),
        "after": (NOW + 7 * DAY).isoformat(),
        "until": (NOW + 37 * DAY).isoformat(),
    }


def test_without_a_time_to_solve_it_there_is_nothing_to_extend(at_work):
    with pytest.raises(domain.NothingToExtend):
        ask(at_work.finish(ClockKind.RESOLVE, now=NOW), days=5)


def test_only_what_is_at_work_is_extended(triaged):
    with pytest.raises(StateNotAllowed):
        ask(triaged, days=5)


@pytest.mark.parametrize("end", [{}, {"days": 3, "until": "2025-03-12T09:00:00+08:00"}])
def test_an_extension_has_one_end(end):
    with pytest.raises(InvalidInput, match="exactly one of until, days"):
        _ = load(schemas.Extend, {"issue_id": "IS-1", "reason": "备件未到", **end}).proposal


@pytest.mark.parametrize("days", [0, -1, 367, 1.5, "3", True])
def test_days_are_whole_and_at_least_one(days):
    with pytest.raises(InvalidInput) as refused:
        load(schemas.Extend, {"issue_id": "IS-1", "reason": "备件未到", "days": days})

    assert set(refused.value.details["fields"]) == {"days"}
