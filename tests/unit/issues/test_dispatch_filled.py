import dataclasses

import pytest

from services.issues import domain
from shared.errors import StateNotAllowed
from tests.support.reports import merged
from tests.support.reports import triaged as triaged_report
from tests.support.times import NOW, TIMES


@pytest.mark.parametrize("state", ["triaged", "in_project", "in_progress"])
def test_with_the_helpers_found_the_work_begins(triaged, state):
    issue = dataclasses.replace(triaged, state=domain.IssueState(state))

    issue = domain.dispatch_filled(issue, ("V-2002", "V-2001"), 1, NOW)

    assert (issue.state, issue.helpers) == (domain.IssueState.IN_PROGRESS, ("V-2002", "V-2001"))


@pytest.mark.parametrize("state", ["reported", "resolved", "closed"])
def test_helpers_found_too_late_change_nothing(triaged, state):
    issue = dataclasses.replace(triaged, state=domain.IssueState(state))

    with pytest.raises(StateNotAllowed):
        domain.dispatch_filled(issue, ("V-2001",), 1, NOW)


def test_helpers_found_for_an_earlier_round_change_nothing(triaged):
    issue = dataclasses.replace(triaged, state=domain.IssueState.IN_PROJECT, round=2)

    with pytest.raises(domain.DispatchOfEarlierRound):
        domain.dispatch_filled(issue, ("V-2001",), 1, NOW)


def test_without_a_round_the_present_one_is_meant(triaged):
    assert domain.dispatch_filled(triaged, ("V-2001",), None, NOW).state is domain.IssueState.IN_PROGRESS


def test_a_vote_under_way_goes_on_and_the_work_begins_after_it(deliberating, now):
    issue, deliberation, voters, _ = deliberating

    issue = domain.dispatch_filled(issue, ("V-2001",), 1, NOW)
    assert issue.state is domain.IssueState.DELIBERATING

    _, issue, _ = domain.close_vote(deliberation, issue, voters, now, TIMES)
    assert issue.state is domain.IssueState.IN_PROGRESS


def test_the_same_helper_counts_once(in_progress):
    issue = domain.dispatch_filled(in_progress, ("V-2001", "V-2003"), 1, NOW)

    assert issue.helpers == ("V-2002", "V-2001", "V-2003")


def test_volunteers_found_for_a_member_wait_with_it_and_it_comes_back_as_begun():
    [member], lead = merged(2, lead=triaged_report(1))
    member = dataclasses.replace(member, state_before=domain.IssueState.TRIAGED)

    helped = domain.dispatch_filled(member, ("V-2001",), 1, NOW)
    back, _, _ = domain.unmerge(helped, lead, now=NOW, times=TIMES)

    assert (helped.state, helped.helpers) == (domain.IssueState.MERGED, ("V-2001",))
    assert (back.state, back.helpers) == (domain.IssueState.IN_PROGRESS, ("V-2001",))
