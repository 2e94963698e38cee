import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain import ApprovalKind, ClockKind, IssueState, Proposal
from services.issues.events import IssueResumed, IssueSuspended
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import NOW, TIMES

DAY = timedelta(days=1)
AROUND = domain.Around(above=None, times=TIMES)


def proposal(until, reason="parts"):
    return Proposal(kind=ApprovalKind.SUSPEND, reason=reason, public_reason="等待电梯配件", until=until)


@pytest.fixture
def at_work(reported, assessment, building):
    harmless = dataclasses.replace(assessment, hazard=None, deadline_class=domain.DeadlineClass.GENERAL)
    issue, _ = domain.triage(reported, harmless, building, NOW, TIMES)
    issue, _ = domain.act(issue, by="P-0009", now=NOW)
    return issue


def suspend(issue, until, now=NOW):
    issue, _ = domain.propose(issue, proposal(until), by="P-0007", now=now, times=TIMES)
    return domain.approve(issue, ApprovalKind.SUSPEND, by="P-0002", now=now, times=TIMES)


def test_it_rests_until_the_date_with_a_reason_for_everybody(at_work):
    issue, facts = suspend(at_work, NOW + 10 * DAY)

    assert facts == (
        IssueSuspended(
            issue_id="IS-0101",
            until=NOW + 10 * DAY,
            reason="parts",
            reporter_ref="R-1001",
            title="振徽苑9栋非机动车棚",
        ),
    )
    resolve = issue.clock(ClockKind.RESOLVE)
    assert (issue.state, issue.public_reason, resolve.rests) == (IssueState.SUSPENDED, "等待电梯配件", True)
    assert (resolve.open_pause.reason, resolve.open_pause.by) == ("suspended", "P-0007")
    assert issue.clock(ClockKind.SUSPENSION).due_at == NOW + 10 * DAY
    assert issue.next_due_at is None
    assert (
        schemas.issue_view(dataclasses.replace(issue, sensitive=True), whole=False)["public_reason"] == "等待电梯配件"
    )


def test_it_goes_on_by_itself_at_the_date_with_what_was_left(at_work):
    issue, _ = suspend(at_work, NOW + 10 * DAY, now=NOW + DAY)

    early, nothing = domain.tick(issue, AROUND, NOW + 10 * DAY - timedelta(seconds=1))
    on_time, facts = domain.tick(issue, AROUND, NOW + 10 * DAY)

    assert (early, nothing) == (issue, ())
    assert facts == (IssueResumed(issue_id="IS-0101", due_at=NOW + 16 * DAY),)
    assert (on_time.state, on_time.public_reason) == (IssueState.IN_PROGRESS, None)
    resolve = on_time.clock(ClockKind.RESOLVE)
    assert (resolve.due_at, resolve.first_due_at, resolve.rests) == (NOW + 16 * DAY, NOW + 7 * DAY, False)
    assert on_time.clock(ClockKind.SUSPENSION) is None


def test_whoever_looks_late_finds_the_same_end(at_work):
    issue, _ = suspend(at_work, NOW + 10 * DAY)

    late, facts = domain.tick(issue, AROUND, NOW + 12 * DAY)

    assert late == domain.tick(issue, AROUND, NOW + 10 * DAY)[0]
    assert [fact.type for fact in facts] == ["issue.resumed"]


def test_meanwhile_commands_are_refused_with_what_is_allowed(at_work):
    issue, _ = suspend(at_work, NOW + 10 * DAY)

    with pytest.raises(StateNotAllowed, match="the issue is suspended") as refused:
        domain.resolve(issue, by="P-0001", outcome=domain.Outcome.SOLVED, now=NOW, times=TIMES)

    assert "force_close" in refused.value.details["allowed"]


def test_it_rests_once(at_work):
    issue, _ = suspend(at_work, NOW + DAY)
    issue, _ = domain.tick(issue, AROUND, NOW + DAY)

    with pytest.raises(domain.SuspendedBefore):
        domain.propose(issue, proposal(NOW + 3 * DAY), by="P-0007", now=NOW + DAY, times=TIMES)


def test_a_declined_suspension_was_none(at_work):
    issue, _ = domain.propose(at_work, proposal(NOW + DAY), by="P-0007", now=NOW, times=TIMES)
    issue, _ = domain.decline(issue, ApprovalKind.SUSPEND, by="P-0002", reason="不同意", now=NOW)

    issue, _ = suspend(issue, NOW + DAY)

    assert issue.state is IssueState.SUSPENDED


@pytest.mark.parametrize("until", [NOW - DAY, NOW, NOW + 365 * DAY + timedelta(seconds=1)])
def test_the_date_lies_ahead_and_within_a_year(at_work, until):
    with pytest.raises(domain.EndNotAllowed) as refused:
        domain.propose(at_work, proposal(until), by="P-0007", now=NOW, times=TIMES)

    assert refused.value.details == {
        "end": until.isoformat(),
        "after": NOW.isoformat(),
        "until": (NOW + 365 * DAY).isoformat(),
    }


def test_the_last_day_of_the_year_is_allowed(at_work):
    issue, _ = suspend(at_work, NOW + 365 * DAY)

    assert issue.state is IssueState.SUSPENDED


def test_only_what_is_at_work_can_rest(triaged):
    with pytest.raises(StateNotAllowed, match="the issue is triaged"):
        domain.propose(triaged, proposal(NOW + DAY), by="P-0007", now=NOW, times=TIMES)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": "2025-03-10"}, "until"),
        ({"until": "2025-03-10T09:00:00"}, "until"),
        ({"reason": "等配件"}, "reason"),
        ({"public_reason": ""}, "public_reason"),
        ({"public_reason": None}, "public_reason"),
    ],
)
def test_bad_input_is_refused_by_the_field(change, field):
    good = {"issue_id": "IS-1", "until": "2025-03-10T09:00:00+08:00", "reason": "parts", "public_reason": "等待配件"}
    load(schemas.Suspend, good)

    with pytest.raises(InvalidInput) as refused:
        load(schemas.Suspend, {**good, **change})

    assert set(refused.value.details["fields"]) == {field}
