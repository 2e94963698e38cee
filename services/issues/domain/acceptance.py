"""A project is accepted when every item is met, as found by nobody who led it or worked on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.issues.domain.lifecycle import PROJECT, ProjectState
from services.issues.domain.project import AcceptanceItem, Project
from services.issues.events import SecretaryProjectAccepted, SecretaryProjectReturned
from shared.errors import Refusal


class LeaderMayNotAccept(Refusal):
    """Who leads the project does not accept it."""


class MemberMayNotAccept(Refusal):
    """Who is or was a member of the project does not accept it."""


class UnknownItem(Refusal):
    """The project has no such acceptance item."""


class ItemsNotChecked(Refusal):
    """Some acceptance items have never been checked."""


def check_acceptor(project: Project, by: str) -> None:
    """Let anybody but its leader and members check it while it is under way.

    Raises StateNotAllowed, LeaderMayNotAccept, MemberMayNotAccept, in that order.
    """
    PROJECT.step(project.state, "accept_project")
    if by == project.leader_id:
        raise LeaderMayNotAccept("who leads the project does not accept it", leader_id=by)
    if by in (*project.member_ids, *(member.person_id for member in project.members)):
        raise MemberMayNotAccept("who is or was a member does not accept it", by=by)


def check_project(
    project: Project, findings: Mapping[str, bool], by: str, now: datetime
) -> tuple[Project, SecretaryProjectAccepted | SecretaryProjectReturned]:
    """Accept the project when every item is met, else return it; an earlier finding stands until checked again.

    Raises UnknownItem, ItemsNotChecked, in that order.
    """
    checked = _check(project, findings, by, now)
    failed = tuple(item.item for item in checked if not item.met)
    state = PROJECT.step(project.state, "accept_project", ProjectState.RETURNED if failed else ProjectState.ACCEPTED)
    if failed:
        return replace(project, state=state, acceptance=checked), SecretaryProjectReturned(
            project_id=project.project_id,
            failed_items=failed,
            leader_id=project.leader_id,
            title=project.title,
            issue_ids=project.issue_ids,
        )
    done = replace(project, state=state, acceptance=checked, accepted_at=now)
    return done, SecretaryProjectAccepted(
        project_id=project.project_id,
        accepted_at=now,
        accepted_by=tuple(sorted({item.checked_by for item in checked if item.checked_by})),
        leader_id=project.leader_id,
        title=project.title,
        issue_ids=project.issue_ids,
    )


def _check(project: Project, findings: Mapping[str, bool], by: str, now: datetime) -> tuple[AcceptanceItem, ...]:
    known = [item.item for item in project.acceptance]
    if unknown := sorted(set(findings) - set(known)):
        raise UnknownItem("the project has no such item", unknown=unknown, items=known)
    checked = tuple(
        replace(item, met=findings[item.item], checked_by=by, checked_at=now) if item.item in findings else item
        for item in project.acceptance
    )
    if missing := [item.item for item in checked if item.met is None]:
        raise ItemsNotChecked("every item needs a finding", missing=missing)
    return checked
