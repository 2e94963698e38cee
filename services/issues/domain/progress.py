"""The team and the schedule of a secretary's project."""

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from services.issues.domain.lifecycle import PROJECT
from services.issues.domain.project import Member, Milestone, Progress, Project
from services.issues.domain.working_time import day_of
from shared.errors import Forbidden, Refusal

MOST_REPORTS = 500
DONE = 100  # percent
MONTHS = 12  # of a year


class AlreadyMember(Refusal):
    """This person is on the team."""


class NotAMember(Refusal):
    """This person is not on the team."""


class MilestoneAfterDeadline(Refusal):
    """A project's schedule ends with its deadline."""


class MilestoneUnderWay(Refusal):
    """What was reported on stays in the schedule."""


class UnknownMilestone(Refusal):
    """The project has no such milestone."""


class TooManyReports(Refusal):
    """A project reports monthly, not endlessly."""


def a_month_after(day: date) -> date:
    """Return the same day of the next month, or its last one."""
    year, month = day.year + day.month // MONTHS, day.month % MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_project_member(project: Project, person_id: str, now: datetime) -> Project:
    """Take somebody on the team; raises StateNotAllowed, AlreadyMember."""
    state = PROJECT.step(project.state, "add_project_member")
    if person_id in (*project.member_ids, project.leader_id):
        raise AlreadyMember("this person is on the team", person_id=person_id)
    joined = Member(person_id=person_id, joined_on=day_of(now))
    return replace(
        project, state=state, members=(*project.members, joined), member_ids=(*project.member_ids, person_id)
    )


def remove_project_member(project: Project, person_id: str, now: datetime) -> Project:
    """Let somebody leave the team, which stays on record; raises StateNotAllowed, NotAMember."""
    state = PROJECT.step(project.state, "remove_project_member")
    if person_id not in project.member_ids:
        raise NotAMember("this person is not on the team", person_id=person_id, members=list(project.member_ids))
    members = tuple(
        replace(one, left_on=day_of(now)) if one.person_id == person_id and one.left_on is None else one
        for one in project.members
    )
    rest = tuple(one for one in project.member_ids if one != person_id)
    return replace(project, state=state, members=members, member_ids=rest)


def set_milestones(project: Project, wanted: Sequence[Milestone]) -> Project:
    """Set the schedule anew; what was reported on stays, with its progress.

    Raises StateNotAllowed, MilestoneAfterDeadline, MilestoneUnderWay, in that order.
    """
    state = PROJECT.step(project.state, "set_milestones")
    if late := [one.milestone for one in wanted if one.due_on > project.deadline]:
        raise MilestoneAfterDeadline("due after the deadline", milestones=late, deadline=project.deadline.isoformat())
    known = {one.milestone: one.percent for one in project.milestones}
    reported = {report.milestone for report in project.reports}
    if gone := sorted(reported - {one.milestone for one in wanted}):
        raise MilestoneUnderWay("reported on before", milestones=gone)
    kept = tuple(replace(one, percent=known.get(one.milestone, 0)) for one in wanted)
    return replace(project, state=state, milestones=kept)


def report_milestone(project: Project, progress: Progress) -> Project:
    """Say how far a milestone is; the next report is due in a month.

    Raises StateNotAllowed, Forbidden, UnknownMilestone, TooManyReports, in that order.
    """
    state = PROJECT.step(project.state, "report_milestone")
    if progress.by not in (project.leader_id, *project.member_ids):
        raise Forbidden("the leader or a member reports", by=progress.by)
    known = [one.milestone for one in project.milestones]
    if progress.milestone not in known:
        raise UnknownMilestone("the project has no such milestone", milestone=progress.milestone, milestones=known)
    if len(project.reports) >= MOST_REPORTS:
        raise TooManyReports("no more reports fit", most=MOST_REPORTS)
    milestones = tuple(
        replace(one, percent=progress.percent) if one.milestone == progress.milestone else one
        for one in project.milestones
    )
    return replace(
        project,
        state=state,
        milestones=milestones,
        reports=(*project.reports, progress),
        report_due_on=a_month_after(day_of(progress.at)),
    )
