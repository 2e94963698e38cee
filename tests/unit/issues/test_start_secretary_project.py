import dataclasses
from datetime import date

import pytest

from services.issues import domain
from services.issues.domain.lifecycle import ProjectState
from services.issues.events import AcceptanceCriterion, SecretaryProjectStarted
from shared.errors import StateNotAllowed
from tests.support.times import NOW, TIMES


def test_the_leaders_unit_answers_for_the_issue_from_now_on(triaged, plan, estate, now):
    [issue], project, fact = domain.start_secretary_project([triaged], plan, estate, now)

    assert fact == SecretaryProjectStarted(
        project_id="SP-0101",
        issue_ids=("IS-0101",),
        leader_id="P-0007",
        goal="新增40个车位并配充电设施",
        deadline=date(2025, 4, 2),
        acceptance=(
            AcceptanceCriterion(item="A1", text="车位>=40"),
            AcceptanceCriterion(item="A2", text="充电口>=40"),
            AcceptanceCriterion(item="A3", text="消防设施到位"),
        ),
        title="振徽苑9栋非机动车棚",
    )
    assert (issue.state, issue.open_project_id) == (domain.IssueState.IN_PROJECT, "SP-0101")
    assert (issue.responsible_unit, project.org_unit_id) == ("C01-G03-E07", "C01-G03-E07")
    assert (project.state, project.member_ids) == (ProjectState.RUNNING, ("P-0009",))


def test_only_a_secretary_leads_a_project(triaged, plan, now):
    with pytest.raises(domain.NotASecretary):
        domain.start_secretary_project([triaged], plan, None, now)


def test_the_deadline_may_be_today_but_not_yesterday(triaged, plan, estate, now):
    domain.start_secretary_project([triaged], dataclasses.replace(plan, deadline=date(2025, 3, 3)), estate, now)

    with pytest.raises(domain.DeadlinePassed):
        domain.start_secretary_project([triaged], dataclasses.replace(plan, deadline=date(2025, 3, 2)), estate, now)


def test_an_issue_has_one_project_at_a_time(triaged, plan, estate, now):
    [issue], _, _ = domain.start_secretary_project([triaged], plan, estate, now)
    at_work = domain.dispatch_filled(issue, ("V-2001",), 1, NOW)

    with pytest.raises(domain.ProjectUnderWay):
        domain.start_secretary_project([at_work], plan, estate, now)


def test_an_issue_that_nobody_has_looked_at_becomes_no_project(reported, plan, estate, now):
    with pytest.raises(StateNotAllowed):
        domain.start_secretary_project([reported], plan, estate, now)


def test_the_next_round_may_have_a_project_of_its_own(triaged, plan, estate, grid, now):
    [issue], project, _ = domain.start_secretary_project([triaged], plan, estate, now)
    _, [issue], _ = domain.accept_project(
        project, [issue], {"A1": True, "A2": True, "A3": True}, by="P-0003", now=now, times=TIMES
    )
    unhappy = domain.Answer(by="R-1001", satisfaction=1, via=domain.Via.WECHAT, remark=None)
    issue, _ = domain.confirm(issue, unhappy, grid, now, TIMES)

    [issue], project, _ = domain.start_secretary_project([issue], plan, estate, now)

    assert (project.project_id, issue.project_ids) == ("SP-0101-2", ("SP-0101", "SP-0101-2"))
