from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueResolved
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


def test_a_resolved_issue_waits_for_the_resident(in_progress, now):
    issue, fact = domain.resolve(in_progress, by="P-0009", outcome=domain.Outcome.PARTLY, now=now, times=TIMES)

    assert fact == IssueResolved(
        issue_id="IS-0101",
        round=1,
        resolved_by_unit="C01-G03-E07-B09",
        resolution="partly",
        project_id=None,
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
    )
    assert (issue.state, issue.outcome, issue.resolved_by, issue.resolved_at) == (
        domain.IssueState.RESOLVED,
        domain.Outcome.PARTLY,
        "P-0009",
        now,
    )
    assert issue.clock(domain.ClockKind.CONFIRM).due_at == now + timedelta(days=7)


def test_who_handled_the_issue_does_not_verify_it(in_progress, now):
    with pytest.raises(domain.HandlerMayNotVerify):
        domain.resolve(in_progress, by="V-2001", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)


def test_an_issue_with_a_project_is_resolved_by_its_acceptance_only(triaged, plan, estate, now):
    [issue], _, _ = domain.start_secretary_project([triaged], plan, estate, now)

    with pytest.raises(domain.ProjectUnderWay):
        domain.resolve(issue, by="P-0009", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)


def test_an_issue_on_which_nobody_worked_is_not_resolved(triaged, now):
    with pytest.raises(StateNotAllowed):
        domain.resolve(triaged, by="P-0009", outcome=domain.Outcome.SOLVED, now=now, times=TIMES)
