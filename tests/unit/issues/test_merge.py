from dataclasses import replace
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain.group import MOST_MEMBERS
from services.issues.events import IssueMerged, IssueUnmerged
from shared.actor import Actor
from shared.errors import Forbidden, StateNotAllowed
from tests.support.reports import NEXT_DOOR, at_work, merged, reported, triaged
from tests.support.times import NOW, TIMES

LATER = NOW + timedelta(hours=3)


def merge(issue, lead):
    return domain.merge(issue, lead, by="P-0100", now=NOW)


def unmerge(issue, lead, now=NOW):
    return domain.unmerge(issue, lead, now=now, times=TIMES)


def test_a_member_waits_for_its_lead_and_keeps_what_is_its_own():
    before = replace(reported(2), supporters=3)

    member, lead, fact = merge(before, triaged(1))

    assert fact == IssueMerged(issue_id="IS-0002", into_issue_id="IS-0001", reporter_ref="R-2", title="振徽苑9栋事项")
    assert (member.state, member.state_before, member.lead_issue_id) == (
        domain.IssueState.MERGED,
        domain.IssueState.REPORTED,
        "IS-0001",
    )
    assert (member.text, member.building_id, member.reporter_ref, member.supporters) == (
        before.text,
        before.building_id,
        "R-2",
        3,
    )
    assert (lead.members, lead.group_supporters, lead.supporters) == (("IS-0002",), 3, 0)


def test_no_clock_of_a_member_does_anything_while_it_waits():
    member, _, _ = merge(triaged(2), triaged(1))

    assert domain.next_moment(member.clocks) is None
    assert domain.tick(member, domain.Around(above=None, times=TIMES), NOW + timedelta(days=400)) == (member, ())
    assert member.next_due_at is None


def test_one_asset_of_two_buildings_is_one_place():
    member, lead, _ = merge(reported(2, building=NEXT_DOOR, asset_id="LIFT-9"), triaged(1, asset_id="LIFT-9"))

    assert (member.lead_issue_id, lead.members) == ("IS-0001", ("IS-0002",))


def test_an_issue_leads_others_not_itself():
    with pytest.raises(domain.MergedIntoItself):
        merge(triaged(1), triaged(1))


def test_another_building_is_another_problem():
    with pytest.raises(domain.NotTheSameProblem, match="neither the building nor the asset is the same"):
        merge(reported(2, building=NEXT_DOOR), triaged(1))


def test_another_category_is_another_problem():
    with pytest.raises(domain.NotTheSameProblem, match="the categories differ"):
        merge(triaged(2, category="waste_station"), triaged(1))


@pytest.mark.parametrize("state", ["resolved", "closed", "force_closed", "handed_over", "withdrawn", "rejected"])
def test_a_lead_that_is_not_worked_on_takes_no_members(state):
    with pytest.raises(domain.LeadNotOpen, match=f"IS-0001 is {state}"):
        merge(reported(2), replace(triaged(1), state=domain.IssueState(state)))


def test_there_are_no_chains():
    [member], lead = merged(2, lead=triaged(1))

    with pytest.raises(domain.LeadNotOpen, match="IS-0002 is merged"):
        merge(reported(3), member)
    with pytest.raises(domain.LeadsAGroup):
        merge(lead, triaged(3))
    with pytest.raises(StateNotAllowed, match="the issue is merged, which allows"):
        merge(member, triaged(3))


def test_two_issues_cannot_lead_each_other():
    [member], lead = merged(2, lead=reported(1))

    with pytest.raises(domain.LeadNotOpen):
        merge(lead, member)


def test_work_that_has_begun_is_not_merged_away():
    with pytest.raises(StateNotAllowed, match="the issue is in_progress"):
        merge(at_work(2), triaged(1))


def test_a_group_has_at_most_200_members():
    full = replace(triaged(1), members=tuple(f"IS-{number:04d}" for number in range(2, 2 + MOST_MEMBERS)))

    with pytest.raises(domain.GroupIsFull):
        merge(reported(999), full)


@pytest.mark.parametrize(("member", "lead"), [(True, False), (False, True), (True, True)])
def test_a_sensitive_issue_stays_alone(member, lead):
    with pytest.raises(domain.GuardedStaysAlone):
        merge(reported(2, sensitive=member), replace(triaged(1), sensitive=lead))


def test_what_is_not_public_stays_alone_too():
    with pytest.raises(domain.GuardedStaysAlone):
        merge(reported(2), replace(triaged(1), visibility=domain.Visibility.HIDDEN))


def test_a_reporter_who_agrees_is_noted_as_the_reporter_not_by_name():
    member, _, _ = domain.merge(reported(2), triaged(1), by="R-2", now=NOW)

    assert member.merged_by == "reporter"


def test_leaving_at_once_restores_both_issues_exactly():
    issue, lead = replace(triaged(2), supporters=2), at_work(1)
    member, group, _ = merge(issue, lead)

    came_back, alone, fact = unmerge(member, group)

    assert (came_back, alone) == (issue, lead)
    assert fact == IssueUnmerged(
        issue_id="IS-0002", from_issue_id="IS-0001", reporter_ref="R-2", title="振徽苑9栋电梯维修"
    )


def test_the_time_apart_does_not_count_for_the_staff_but_for_the_resident_it_does():
    issue = triaged(2)
    member, lead, _ = merge(issue, triaged(1))

    came_back, _, _ = unmerge(member, lead, LATER)

    ladder, promised = came_back.clock(domain.ClockKind.LADDER), came_back.clock(domain.ClockKind.RESOLVE)
    assert ladder.due_at == issue.clock(domain.ClockKind.LADDER).due_at + timedelta(hours=3)
    assert ladder.first_due_at == issue.clock(domain.ClockKind.LADDER).first_due_at
    assert [(pause.reason, pause.by, pause.since, pause.ended_at) for pause in ladder.pauses] == [
        ("merged", "P-0100", NOW, LATER)
    ]
    assert promised == issue.clock(domain.ClockKind.RESOLVE)


def test_a_promise_that_ran_out_meanwhile_is_overdue_at_once():
    member, lead, _ = merge(triaged(2), triaged(1))
    late = NOW + timedelta(days=16)

    came_back, _, _ = unmerge(member, lead, late)
    _, facts = domain.tick(came_back, domain.Around(above=None, times=TIMES), late)

    assert [fact.clock for fact in facts] == ["resolve"]


def test_only_a_member_leaves():
    issue = triaged(2)

    with pytest.raises(StateNotAllowed, match="the issue is triaged"):
        unmerge(issue, issue)


@pytest.mark.parametrize("command", ["merge", "unmerge"])
def test_triage_and_the_reporter_may_a_stranger_may_not(command, administrator):
    issue = reported(2)

    for actor in (administrator, Actor(id="P-0100", roles=("triage",)), Actor(id="R-2", roles=("resident",))):
        domain.authorise_or_reporter(actor, command, issue, actor.id, NOW)
    with pytest.raises(Forbidden, match=f"{command} needs one of the roles administrator, triage"):
        domain.authorise_or_reporter(Actor(id="R-9", roles=("resident",)), command, issue, "R-9", NOW)
