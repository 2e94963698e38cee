from dataclasses import replace

import pytest

from services.issues import domain
from shared.errors import StateNotAllowed
from tests.support.reports import merged, triaged
from tests.support.times import NOW


def test_a_supporter_is_counted():
    issue = triaged(1)

    supported, _, support = domain.support(issue, issue, "R-1007", NOW)

    assert supported == replace(issue, supporters=1)
    assert support == domain.Support(support_id="IS-0001/R-1007", issue_id="IS-0001", person_id="R-1007", since=NOW)


def test_a_supporter_of_a_member_counts_for_the_lead_while_it_is_merged():
    [member], lead = merged(2, lead=triaged(1))

    member, lead, _ = domain.support(member, lead, "R-1007", NOW)

    assert (member.supporters, lead.supporters, lead.group_supporters) == (1, 0, 1)


def test_taking_it_back_undoes_the_count():
    [member], lead = merged(2, lead=triaged(1))
    supported, supported_lead, _ = domain.support(member, lead, "R-1007", NOW)

    assert domain.withdraw_support(supported, supported_lead) == (member, lead)


def test_the_reporter_need_not_support_the_own_issue():
    with pytest.raises(domain.OwnIssue):
        domain.support(triaged(1), triaged(1), "R-1", NOW)


def test_a_sensitive_issue_has_no_supporters():
    issue = triaged(1, sensitive=True)

    with pytest.raises(domain.GuardedStaysAlone):
        domain.support(issue, issue, "R-1007", NOW)


@pytest.mark.parametrize("state", ["resolved", "closed", "withdrawn", "archived"])
def test_what_is_done_finds_no_more_supporters(state):
    issue = replace(triaged(1), state=domain.IssueState(state), supporters=1)

    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        domain.support(issue, issue, "R-1007", NOW)
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        domain.withdraw_support(issue, issue)
