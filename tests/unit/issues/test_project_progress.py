"""add_project_member, remove_project_member, set_milestones, report_milestone, and when a project is overdue."""

import dataclasses
from datetime import date, timedelta

import pytest

from services.issues import domain
from services.issues.domain.progress import a_month_after
from shared.errors import Forbidden, StateNotAllowed

SCHEDULE = (
    domain.Milestone(milestone="M1", text="选址", due_on=date(2025, 3, 15)),
    domain.Milestone(milestone="M2", text="施工", due_on=date(2025, 4, 2)),
)


@pytest.fixture
def project(in_project):
    return domain.set_milestones(in_project[1], SCHEDULE)


def report(now, milestone="M1", percent=50, by="P-0009"):
    return domain.Progress(milestone=milestone, percent=percent, note="已量尺寸", by=by, at=now)


def test_members_come_and_go_with_their_dates(project, now):
    joined = domain.add_project_member(project, "V-2001", now)
    left = domain.remove_project_member(joined, "V-2001", now + timedelta(days=9))

    assert joined.member_ids == ("P-0009", "V-2001")
    assert left.member_ids == ("P-0009",)
    assert left.members[-1] == domain.Member(person_id="V-2001", joined_on=date(2025, 3, 3), left_on=date(2025, 3, 12))


@pytest.mark.parametrize("person", ["P-0009", "P-0007"])
def test_nobody_is_on_the_team_twice(project, now, person):
    with pytest.raises(domain.AlreadyMember):
        domain.add_project_member(project, person, now)


def test_who_is_not_on_the_team_does_not_leave_it(project, now):
    with pytest.raises(domain.NotAMember) as refused:
        domain.remove_project_member(project, "V-2001", now)

    assert refused.value.details == {"person_id": "V-2001", "members": ["P-0009"]}


@pytest.mark.parametrize("by", ["P-0007", "P-0009"])
def test_leader_and_members_report_and_the_next_report_is_due_in_a_month(project, now, by):
    reported = domain.report_milestone(project, report(now, by=by))

    assert [(one.milestone, one.percent) for one in reported.milestones] == [("M1", 50), ("M2", 0)]
    assert (reported.reports[0].by, reported.report_due_on) == (by, date(2025, 4, 3))


def test_nobody_else_reports(project, now):
    with pytest.raises(Forbidden):
        domain.report_milestone(project, report(now, by="P-0003"))


def test_an_unknown_milestone_is_refused_with_those_there_are(project, now):
    with pytest.raises(domain.UnknownMilestone) as refused:
        domain.report_milestone(project, report(now, milestone="M3"))

    assert refused.value.details == {"milestone": "M3", "milestones": ["M1", "M2"]}


def test_a_new_schedule_keeps_what_was_reported(project, now):
    reported = domain.report_milestone(project, report(now))
    moved = dataclasses.replace(SCHEDULE[0], due_on=date(2025, 3, 20))

    assert domain.set_milestones(reported, (moved,)).milestones == (dataclasses.replace(moved, percent=50),)
    with pytest.raises(domain.MilestoneUnderWay) as refused:
        domain.set_milestones(reported, SCHEDULE[1:])
    assert refused.value.details == {"milestones": ["M1"]}


def test_a_schedule_ends_with_the_deadline(project):
    late = dataclasses.replace(SCHEDULE[1], due_on=date(2025, 4, 3))

    with pytest.raises(domain.MilestoneAfterDeadline):
        domain.set_milestones(project, (late,))


def test_before_the_start_nothing_is_reported(triaged, plan, estate, now):
    _, project = domain.apply_project([triaged], plan, estate, by="P-0007", now=now)

    with pytest.raises(StateNotAllowed):
        domain.report_milestone(domain.set_milestones(project, SCHEDULE), report(now))


@pytest.mark.parametrize(
    ("day", "next_month"),
    [
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2025, 12, 5), date(2026, 1, 5)),
        (date(2025, 11, 30), date(2025, 12, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day, next_month):
    assert a_month_after(day) == next_month


@pytest.mark.parametrize(
    ("state", "overdue"),
    [("draft", False), ("running", True), ("returned", True), ("accepted", False), ("cancelled", False)],
)
def test_only_what_runs_on_after_its_deadline_is_overdue(project, state, overdue, now):
    project = dataclasses.replace(project, state=domain.ProjectState(state))

    assert project.is_overdue(now.replace(month=4, day=3)) is overdue
    assert not project.is_overdue(now.replace(month=4, day=2))
