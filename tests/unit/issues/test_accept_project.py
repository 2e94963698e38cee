import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain.lifecycle import ProjectState
from services.issues.events import IssueResolved, SecretaryProjectAccepted, SecretaryProjectReturned
from shared.errors import StateNotAllowed
from tests.support.times import NOW, TIMES

ALL_MET = {"A1": True, "A2": True, "A3": True}


@pytest.fixture
def running(triaged, plan, estate, now):
    [issue], project, _ = domain.start_secretary_project([triaged], plan, estate, now)
    return project, issue


def test_with_every_item_met_the_project_is_accepted_and_its_issue_resolved(running, now):
    project, issue = running

    project, [issue], [accepted, resolved] = domain.accept_project(
        project, [issue], ALL_MET, by="P-0003", now=now, times=TIMES
    )

    assert accepted == SecretaryProjectAccepted(
        project_id="SP-0101",
        accepted_at=now,
        accepted_by=("P-0003",),
        leader_id="P-0007",
        title="振徽苑9栋非机动车棚",
        issue_ids=("IS-0101",),
    )
    assert resolved == IssueResolved(
        issue_id="IS-0101",
        round=1,
        resolved_by_unit="C01-G03-E07",
        resolution="solved",
        project_id="SP-0101",
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
    )
    assert (project.state, project.accepted_at) == (ProjectState.ACCEPTED, now)
    assert (issue.state, issue.open_project_id, issue.clock(domain.ClockKind.CONFIRM).due_at) == (
        domain.IssueState.RESOLVED,
        None,
        now + timedelta(days=7),
    )


def test_a_project_whose_helpers_are_at_work_can_be_accepted_too(running, now):
    project, issue = running
    at_work = domain.dispatch_filled(issue, ("V-2002", "V-2001"), 1, NOW)

    _, [issue], _ = domain.accept_project(project, [at_work], ALL_MET, by="P-0003", now=now, times=TIMES)

    assert issue.state is domain.IssueState.RESOLVED


def test_one_item_that_is_not_met_returns_the_project_and_leaves_the_issue_open(running, now):
    project, issue = running

    project, [issue], facts = domain.accept_project(
        project, [issue], {**ALL_MET, "A3": False}, by="P-0003", now=now, times=TIMES
    )

    [returned] = facts
    assert returned == SecretaryProjectReturned(
        project_id="SP-0101",
        failed_items=("A3",),
        leader_id="P-0007",
        title="振徽苑9栋非机动车棚",
        issue_ids=("IS-0101",),
    )
    assert (project.state, issue.state) == (ProjectState.RETURNED, domain.IssueState.IN_PROJECT)


def test_a_returned_project_is_accepted_when_the_rest_is_met(running, now):
    project, issue = running
    later = now + timedelta(days=3)
    project, [issue], _ = domain.accept_project(
        project, [issue], {**ALL_MET, "A3": False}, by="P-0003", now=now, times=TIMES
    )

    project, _, [accepted, _] = domain.accept_project(
        project, [issue], {"A3": True}, by="P-0001", now=later, times=TIMES
    )

    assert accepted.accepted_by == ("P-0001", "P-0003")
    assert [(item.item, item.met, item.checked_by, item.checked_at) for item in project.acceptance] == [
        ("A1", True, "P-0003", now),
        ("A2", True, "P-0003", now),
        ("A3", True, "P-0001", later),
    ]


def test_the_leader_does_not_accept(running, now):
    project, issue = running

    with pytest.raises(domain.LeaderMayNotAccept):
        domain.accept_project(project, [issue], ALL_MET, by="P-0007", now=now, times=TIMES)


def test_who_helped_does_not_accept(running, now):
    project, issue = running
    at_work = domain.dispatch_filled(issue, ("V-2002", "V-2001"), 1, NOW)

    with pytest.raises(domain.HandlerMayNotVerify):
        domain.accept_project(project, [at_work], ALL_MET, by="V-2001", now=now, times=TIMES)


def test_items_that_nobody_has_checked_are_named(running, now):
    project, issue = running

    with pytest.raises(domain.ItemsNotChecked) as refused:
        domain.accept_project(project, [issue], {"A1": True}, by="P-0003", now=now, times=TIMES)

    assert refused.value.details == {"missing": ["A2", "A3"]}


def test_an_item_that_the_project_does_not_have_is_refused(running, now):
    project, issue = running

    with pytest.raises(domain.UnknownItem) as refused:
        domain.accept_project(project, [issue], {**ALL_MET, "A4": True}, by="P-0003", now=now, times=TIMES)

    assert refused.value.details == {"unknown": ["A4"], "items": ["A1", "A2", "A3"]}


def test_a_project_is_accepted_once(running, now):
    project, issue = running
    project, [issue], _ = domain.accept_project(project, [issue], ALL_MET, by="P-0003", now=now, times=TIMES)

    with pytest.raises(StateNotAllowed, match="project is accepted"):
        domain.accept_project(project, [issue], ALL_MET, by="P-0003", now=now, times=TIMES)


def test_the_accepted_project_of_an_earlier_round_stays_accepted(running, grid, now):
    project, issue = running
    project, [issue], _ = domain.accept_project(project, [issue], ALL_MET, by="P-0003", now=now, times=TIMES)
    unhappy = domain.Answer(by="R-1001", satisfaction=2, via=domain.Via.WECHAT, remark=None)
    issue, _ = domain.confirm(issue, unhappy, grid, now, TIMES)

    with pytest.raises(StateNotAllowed, match="the secretary's project is accepted"):
        domain.accept_project(project, [issue], ALL_MET, by="P-0003", now=now, times=TIMES)


def test_who_is_or_was_a_member_does_not_accept(running, now):
    project, issue = running
    left = domain.remove_project_member(project, "P-0009", now)

    for one in (project, left):
        with pytest.raises(domain.MemberMayNotAccept):
            domain.accept_project(one, [issue], ALL_MET, by="P-0009", now=now, times=TIMES)


def test_all_its_issues_are_resolved_and_one_that_ended_meanwhile_stays_ended(triaged, plan, estate, now):
    other = dataclasses.replace(triaged, issue_id="IS-0102")
    gone = dataclasses.replace(triaged, issue_id="IS-0103")
    [one, two, three], project, _ = domain.start_secretary_project([triaged, other, gone], plan, estate, now)
    three = dataclasses.replace(three, state=domain.IssueState.FORCE_CLOSED)

    project, resolved, facts = domain.accept_project(
        project, [one, two, three], ALL_MET, by="P-0003", now=now, times=TIMES
    )

    assert project.issue_ids == ("IS-0101", "IS-0102", "IS-0103")
    assert [(issue.issue_id, issue.state) for issue in resolved] == [("IS-0101", "resolved"), ("IS-0102", "resolved")]
    assert [fact.type for fact in facts] == ["secretary_project.accepted", "issue.resolved", "issue.resolved"]
