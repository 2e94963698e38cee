import dataclasses
from datetime import date

import pytest

from services.issues import domain
from services.issues.events import SecretaryProjectStarted
from shared.errors import StateNotAllowed


@pytest.fixture
def other(triaged):
    return dataclasses.replace(triaged, issue_id="IS-0102")


@pytest.fixture
def applied(triaged, other, plan, estate, now):
    return domain.apply_project([triaged, other], plan, estate, by="P-0007", now=now)


def decide(project, now, *, approved=True, by="P-0003"):
    return domain.approve_project(project, domain.Decision(approved=approved, note=None, by=by), now)


def test_an_application_names_its_issues_which_go_on_as_they_are(applied, triaged, now):
    issues, project = applied

    assert (project.project_id, project.state, project.issue_ids) == ("SP-0101", "draft", ("IS-0101", "IS-0102"))
    assert (project.applied_by, project.applied_at, project.leader_level) == ("P-0007", now, "estate")
    assert [(issue.state, issue.open_project_id, issue.project_ids) for issue in issues] == [
        (triaged.state, None, ("SP-0101",))
    ] * 2


def test_somebody_else_than_leader_and_applicant_decides(applied, now):
    _, project = applied
    by_other = dataclasses.replace(project, applied_by="P-0009")

    assert (decide(project, now).state, decide(project, now).decided_by) == ("approved", "P-0003")
    for one, by in ((project, "P-0007"), (by_other, "P-0007"), (by_other, "P-0009")):
        with pytest.raises(domain.ApplicantMayNotApprove):
            decide(one, now, by=by)


def test_a_refused_application_is_over(applied, now):
    _, project = applied

    refused = decide(project, now, approved=False)

    assert (refused.state, refused.cancelled_for, refused.cancelled_by) == ("cancelled", "not_approved", "P-0003")
    with pytest.raises(StateNotAllowed):
        decide(refused, now)


def test_an_approved_project_takes_all_its_issues_on_at_once(applied, estate, now):
    issues, project = applied

    issues, project, fact = domain.start_approved_project(decide(project, now), issues, estate, now)

    assert isinstance(fact, SecretaryProjectStarted)
    assert (fact.project_id, fact.issue_ids) == ("SP-0101", ("IS-0101", "IS-0102"))
    assert (project.state, project.started_at, project.report_due_on) == ("running", now, date(2025, 4, 3))
    assert [(issue.state, issue.open_project_id, issue.responsible_unit) for issue in issues] == [
        (domain.IssueState.IN_PROJECT, "SP-0101", "C01-G03-E07")
    ] * 2


def test_what_is_not_approved_does_not_begin(applied, estate, now):
    issues, project = applied

    with pytest.raises(StateNotAllowed, match="the secretary's project is draft"):
        domain.start_approved_project(project, issues, estate, now)


def test_one_issue_with_another_project_stops_the_beginning(applied, plan, estate, now):
    issues, project = applied
    [busy], _, _ = domain.start_secretary_project([issues[1]], plan, estate, now)

    with pytest.raises(StateNotAllowed):
        domain.start_approved_project(decide(project, now), [issues[0], busy], estate, now)


def test_a_leader_who_is_no_secretary_any_more_does_not_begin(applied, now):
    issues, project = applied

    with pytest.raises(domain.NotASecretary):
        domain.start_approved_project(decide(project, now), issues, None, now)
