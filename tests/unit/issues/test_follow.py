from dataclasses import replace
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain.apart import check_neutral
from services.issues.domain.records import DispatchOrder
from services.issues.events import IssueForceClosed, IssueHandedOver, IssueMerged, IssueResolved, IssueUnmerged
from tests.support.reports import BUILDING, ESTATE, NEXT_DOOR, at_work, merged, reported, triaged
from tests.support.times import NOW, TIMES

LATER = NOW + timedelta(days=2)
AGAIN = LATER + timedelta(days=1)


def ended(lead, state, **changes):
    return replace(lead, state=domain.IssueState(state), closed_at=LATER, **changes)


def follow(lead, members):
    return domain.follow(lead, members, LATER, TIMES)


@pytest.fixture
def resolved_group():
    members, lead = merged(2, 3, lead=at_work(1))
    lead, _ = domain.resolve(lead, by="P-0007", outcome=domain.Outcome.SOLVED, now=LATER, times=TIMES)
    return follow(lead, members)


def test_every_reporter_of_a_group_is_asked(resolved_group):
    lead, members, facts = resolved_group

    assert [(fact.issue_id, fact.reporter_ref, type(fact)) for fact in facts] == [
        ("IS-0002", "R-2", IssueResolved),
        ("IS-0003", "R-3", IssueResolved),
    ]
    assert {member.state for member in members} == {domain.IssueState.RESOLVED}
    assert {member.clock(domain.ClockKind.CONFIRM).due_at for member in members} == {LATER + timedelta(days=7)}
    assert (lead.members, lead.state) == ((), domain.IssueState.RESOLVED)
    assert [member.lead_issue_id for member in members] == ["IS-0001", "IS-0001"]


def test_a_member_nobody_had_sorted_takes_over_what_was_found_of_the_lead(resolved_group):
    _, [member, _], [fact, _] = resolved_group

    assert (member.category, member.title, member.text) == (
        "lift_maintenance",
        "振徽苑9栋电梯维修",
        "9栋电梯坏了,老人下不了楼",
    )
    assert (fact.resolution, fact.resolved_by_unit, fact.round) == ("solved", BUILDING.org_unit_id, 1)


def test_a_satisfied_member_closes_its_own_part_only(resolved_group):
    lead, [member, other], _ = resolved_group
    answer = domain.Answer(by="R-2", satisfaction=5, via=domain.Via.WECHAT, remark=None)

    closed, facts = domain.confirm(member, answer, ESTATE, AGAIN, TIMES)

    assert [(fact.type, fact.issue_id) for fact in facts] == [
        ("issue.confirmed", "IS-0002"),
        ("issue.closed", "IS-0002"),
    ]
    assert (closed.state, other.state, lead.state) == ("closed", "resolved", "resolved")


def test_a_dissatisfied_member_reopens_alone_one_level_above_who_solved_it(resolved_group):
    _, [member, _], _ = resolved_group
    answer = domain.Answer(by="R-2", satisfaction=1, via=domain.Via.WECHAT, remark="还是坏的")

    again, [reopened, assigned] = domain.confirm(member, answer, ESTATE, AGAIN, TIMES)

    assert (reopened.issue_id, reopened.round, assigned.org_unit_id) == ("IS-0002", 1, ESTATE.org_unit_id)
    assert (again.state, again.round, again.lead_issue_id) == ("in_progress", 2, "IS-0001")


def test_who_handled_the_lead_verifies_no_member_in_a_later_round(resolved_group):
    _, [member, _], _ = resolved_group
    answer = domain.Answer(by="R-2", satisfaction=1, via=domain.Via.WECHAT, remark=None)
    again, _ = domain.confirm(member, answer, ESTATE, AGAIN, TIMES)

    with pytest.raises(domain.HandlerMayNotVerify):
        domain.resolve(again, by="P-0009", outcome=domain.Outcome.SOLVED, now=AGAIN, times=TIMES)


def test_nobody_of_a_unit_that_handled_the_lead_takes_down_what_a_member_says():
    members, lead = merged(2, lead=at_work(1))
    sent = DispatchOrder(
        dispatch_no=1, round=1, unit="PC-0007", by="P-0200", at=NOW, sign_by=NOW, return_by=NOW, signed_at=NOW
    )
    lead = replace(ended(lead, "resolved"), orders=(sent,), lead_unit="PC-0007", units_of_lead=("UT-0001",))

    _, [member], _ = follow(lead, members)

    assert member.units_of_lead == ("PC-0007", "UT-0001")
    for unit in member.units_of_lead:
        with pytest.raises(domain.NotNeutral) as refused:
            check_neutral(member, "P-0020", (unit,))
        assert refused.value.details == {"by": "P-0020", "units": [unit]}


def test_a_member_whose_reporter_is_silent_is_closed_by_its_own_clock(resolved_group):
    _, [member, _], _ = resolved_group

    closed, facts = domain.tick(member, domain.Around(above=None, times=TIMES), LATER + timedelta(days=7, minutes=1))

    assert closed.state is domain.IssueState.CLOSED
    assert [fact.via for fact in facts if fact.type == "issue.confirmed"] == ["automatic"]


def test_members_are_closed_by_force_with_their_lead_and_everybody_sees_why():
    members, lead = merged(2, lead=at_work(1))
    decided = {"forced": True, "end_reason": "not_solvable", "public_reason": "产权单位不同意"}

    _, [member], [fact] = follow(ended(lead, "force_closed", **decided), members)

    assert fact == IssueForceClosed(
        issue_id="IS-0002", reason="not_solvable", round=1, reporter_ref="R-2", title="振徽苑9栋电梯维修"
    )
    assert (member.state, member.closed_at) == (domain.IssueState.FORCE_CLOSED, LATER)
    assert {name: getattr(member, name) for name in decided} == decided


def test_members_go_to_the_district_under_the_number_of_their_lead():
    members, lead = merged(2, lead=triaged(1))

    _, [member], [fact] = follow(ended(lead, "handed_over", reference_no="HO-0001"), members)

    assert isinstance(fact, IssueHandedOver)
    assert (fact.issue_id, fact.reference_no, member.reference_no) == ("IS-0002", "HO-0001", "HO-0001")


def test_members_of_a_rejected_lead_come_back_as_they_came():
    members, lead = merged(2, 3, lead=reported(1))

    _, back, facts = follow(ended(lead, "rejected"), members)

    assert [type(fact) for fact in facts] == [IssueUnmerged, IssueUnmerged]
    assert [(one.state, one.lead_issue_id) for one in back] == [("reported", None), ("reported", None)]


def test_where_the_leads_reporter_withdraws_the_first_member_leads_the_others():
    members, lead = merged(2, 3, 4, lead=at_work(1))
    members[1] = replace(members[1], supporters=5)

    old, [first, *others], facts = follow(ended(lead, "withdrawn"), members)

    assert (first.state, first.lead_issue_id, first.members) == ("reported", None, ("IS-0003", "IS-0004"))
    assert first.group_supporters == 5
    assert [(one.state, one.lead_issue_id) for one in others] == [("merged", "IS-0002")] * 2
    assert [(type(fact), fact.issue_id) for fact in facts] == [
        (IssueUnmerged, "IS-0002"),
        (IssueMerged, "IS-0003"),
        (IssueMerged, "IS-0004"),
    ]
    assert old.members == ()


def test_who_does_not_fit_the_new_lead_stands_alone():
    lead = triaged(1, asset_id="GATE-1")
    first, lead, _ = domain.merge(reported(2), lead, by="P-0100", now=NOW)
    far, lead, _ = domain.merge(reported(3, building=NEXT_DOOR, asset_id="GATE-1"), lead, by="P-0100", now=NOW)

    _, [new_lead, alone], _ = follow(ended(lead, "withdrawn"), [first, far])

    assert (new_lead.members, alone.state, alone.lead_issue_id) == ((), "reported", None)


@pytest.mark.parametrize("state", ["triaged", "in_progress", "suspended", "handled"])
def test_nothing_follows_while_the_work_goes_on(state):
    _, lead = merged(2, lead=triaged(1))

    assert not domain.is_followed(replace(lead, state=domain.IssueState(state)))


def test_a_lead_without_members_is_followed_by_nobody():
    assert not domain.is_followed(replace(triaged(1), state=domain.IssueState.RESOLVED))
