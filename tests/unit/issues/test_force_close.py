import dataclasses

import pytest

from services.issues import domain, schemas
from services.issues.domain import ApprovalKind, IssueState, Outcome, Proposal
from services.issues.domain.states import UNSOLVED
from services.issues.events import IssueForceClosed
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import NOW, TIMES

PROPOSAL = Proposal(kind=ApprovalKind.FORCE_CLOSE, reason="access_refused", public_reason="多次无法入户")


def force_close(issue):
    issue, _ = domain.propose(issue, PROPOSAL, by="P-0007", now=NOW, times=TIMES)
    return domain.approve(issue, ApprovalKind.FORCE_CLOSE, by="P-0001", now=NOW, times=TIMES)


def test_two_persons_end_it_unsolved_and_nothing_is_due_any_more(in_progress):
    issue, facts = force_close(in_progress)

    assert facts == (
        IssueForceClosed(
            issue_id="IS-0101", reason="access_refused", round=1, reporter_ref="R-1001", title="振徽苑9栋非机动车棚"
        ),
    )
    assert (issue.state, issue.outcome, issue.closed_at) == (IssueState.FORCE_CLOSED, Outcome.NOT_SOLVABLE, NOW)
    assert (domain.next_moment(issue.clocks), issue.next_due_at) == (None, None)


def test_everybody_sees_that_it_was_forced_and_why(in_progress):
    issue, _ = force_close(dataclasses.replace(in_progress, sensitive=True))

    shown = schemas.issue_view(issue, whole=False)

    assert (shown["forced"], shown["public_reason"], shown["end_reason"]) == (True, "多次无法入户", "access_refused")
    assert "approvals" not in shown


@pytest.mark.parametrize("state", UNSOLVED)
def test_whatever_is_not_solved_may_be_ended(in_progress, state):
    issue, _ = force_close(dataclasses.replace(in_progress, state=state))

    assert issue.state is IssueState.FORCE_CLOSED


def test_taken_up_again_it_is_not_forced_any_more_and_the_record_stays(in_progress, building, estate):
    forced, _ = force_close(in_progress)
    plea = domain.Plea(by="R-1001", remark="还在漏")

    issue, _ = domain.reopen(forced, plea, domain.Units(own=building, above=estate), NOW, TIMES)

    assert (issue.state, issue.forced, issue.end_reason, issue.public_reason) == (
        IssueState.IN_PROGRESS,
        False,
        None,
        None,
    )
    assert [one.state.value for one in issue.approvals] == ["granted"]


def test_what_waits_for_the_resident_or_is_over_may_not(resolved, closed):
    for issue in (resolved, closed):
        with pytest.raises(StateNotAllowed):
            domain.propose(issue, PROPOSAL, by="P-0007", now=NOW, times=TIMES)


@pytest.mark.parametrize(
    ("change", "field"), [({"reason": "懒得处理"}, "reason"), ({"public_reason": "长" * 201}, "public_reason")]
)
def test_bad_input_is_refused_by_the_field(change, field):
    good = {"issue_id": "IS-1", "reason": "overtaken", "public_reason": "已拆除"}
    load(schemas.ForceClose, good)

    with pytest.raises(InvalidInput) as refused:
        load(schemas.ForceClose, {**good, **change})

    assert set(refused.value.details["fields"]) == {field}
