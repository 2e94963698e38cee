import dataclasses

import pytest

from services.issues import domain
from services.issues.events import SecretaryProjectCancelled
from shared.errors import StateNotAllowed
from tests.support.times import TIMES

GIVING = domain.Giving(reason=domain.CancelReason.NO_FUNDS, note="资金未到位", by="P-0003")


def cancel(project, issue, unit, now):
    project, [issue], facts = domain.cancel_project(project, [issue], GIVING, unit, now=now, times=TIMES)
    return project, issue, facts


def test_the_issue_goes_back_to_where_it_was_and_its_unit_has_to_act(in_project, estate, now):
    issue, project = in_project

    project, issue, [fact] = cancel(project, issue, estate, now)

    assert fact == SecretaryProjectCancelled(
        project_id="SP-0101",
        issue_ids=("IS-0101",),
        reason="no_funds",
        leader_id="P-0007",
        title="振徽苑9栋非机动车棚",
        member_refs=("P-0009",),
        reporter_refs=("R-1001",),
    )
    assert (project.state, project.cancelled_by, project.note) == ("cancelled", "P-0003", "资金未到位")
    assert (issue.state, issue.open_project_id) == (domain.IssueState.TRIAGED, None)
    assert issue.clock(domain.ClockKind.LADDER) is not None


def test_where_helpers_work_the_work_goes_on_without_the_project(in_project, estate, now):
    issue, project = in_project
    at_work = domain.dispatch_filled(issue, ("V-2001",), 1, now)

    _, issue, _ = cancel(project, at_work, estate, now)

    assert (issue.state, issue.clock(domain.ClockKind.LADDER)) == (domain.IssueState.IN_PROGRESS, None)


def test_an_issue_that_was_in_progress_before_is_so_again(in_progress, plan, estate, now):
    [issue], project, _ = domain.start_secretary_project([in_progress], plan, estate, now)

    assert cancel(project, issue, estate, now)[1].state is domain.IssueState.IN_PROGRESS


def test_an_issue_that_ended_meanwhile_stays_ended_and_is_free(in_project, estate, now):
    issue, project = in_project
    ended = dataclasses.replace(issue, state=domain.IssueState.FORCE_CLOSED)

    _, ended, [fact] = cancel(project, ended, estate, now)

    assert (ended.state, ended.open_project_id) == (domain.IssueState.FORCE_CLOSED, None)
    assert fact.reporter_refs == ()  # nothing goes on that its reporter could be told of


def test_a_reporter_who_has_withdrawn_is_not_named(in_project, estate, now):
    issue, project = in_project

    _, _, [fact] = cancel(project, dataclasses.replace(issue, reporter_ref="withdrawn"), estate, now)

    assert fact.reporter_refs == ()


def test_an_application_is_given_up_without_news(triaged, plan, estate, now):
    [issue], project = domain.apply_project([triaged], plan, estate, by="P-0007", now=now)

    project, after, facts = cancel(project, issue, estate, now)

    assert (project.state, after, facts) == ("cancelled", issue, ())


def test_what_is_over_is_not_given_up(in_project, estate, now):
    issue, project = in_project
    project, issue, _ = cancel(project, issue, estate, now)

    with pytest.raises(StateNotAllowed):
        cancel(project, issue, estate, now)


def test_after_it_a_new_project_may_begin(in_project, plan, estate, now):
    issue, project = in_project
    _, issue, _ = cancel(project, issue, estate, now)

    _, again, _ = domain.start_secretary_project([issue], plan, estate, now)

    assert again.project_id == "SP-0101-2"
