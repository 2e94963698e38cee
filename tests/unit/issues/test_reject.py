import dataclasses

import pytest

from services.issues import domain, schemas
from services.issues.domain import ApprovalKind, IssueState, Outcome, Proposal, RequestType
from services.issues.domain.decisions import OUTCOMES
from services.issues.events import IssueRejected
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import NOW, TIMES

NOT_OURS = Proposal(kind=ApprovalKind.REJECT, reason="not_ours", referred_to="district_platform")
REJECTED = IssueRejected(
    issue_id="IS-0101",
    reason="not_ours",
    referred_to="district_platform",
    reporter_ref="R-1001",
    title="振徽苑9栋事项",
)


def test_one_person_rejects_and_says_where_to_go_instead(reported):
    issue, facts = domain.propose(reported, NOT_OURS, by="P-0100", now=NOW, times=TIMES)

    assert facts == (REJECTED,)
    assert (issue.state, issue.outcome, issue.closed_at) == (IssueState.REJECTED, Outcome.NOT_OURS, NOW)
    assert (issue.end_reason, issue.referred_to, issue.approvals) == ("not_ours", "district_platform", ())
    assert domain.next_moment(issue.clocks) is None


def test_a_complaint_needs_a_second_person(reported):
    complaint = dataclasses.replace(reported, request_type=RequestType.COMPLAINT)

    waiting, [requested] = domain.propose(complaint, NOT_OURS, by="P-0100", now=NOW, times=TIMES)
    with pytest.raises(domain.AnotherPersonNeeded):
        domain.approve(waiting, ApprovalKind.REJECT, by="P-0100", now=NOW, times=TIMES)
    rejected, facts = domain.approve(waiting, ApprovalKind.REJECT, by="P-0101", now=NOW, times=TIMES)

    assert (requested.type, requested.roles) == ("issue.approval_requested", ("triage",))
    assert (waiting.state, rejected.state, facts) == (IssueState.REPORTED, IssueState.REJECTED, (REJECTED,))


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("not_ours", "not_ours"),
        ("other_procedure", "not_ours"),
        ("settled_in_court", "not_ours"),
        ("not_true", "not_true"),
        ("duplicate", "duplicate"),
        ("no_new_facts", "duplicate"),
    ],
)
def test_each_reason_has_its_outcome(reported, reason, outcome):
    issue, [fact] = domain.propose(
        reported, dataclasses.replace(NOT_OURS, reason=reason), by="P-0100", now=NOW, times=TIMES
    )

    assert (fact.reason, issue.outcome) == (reason, Outcome(outcome))


def test_every_reason_on_the_list_has_an_outcome():
    assert set(OUTCOMES) == set(domain.RejectReason)


def test_what_is_accepted_is_not_rejected_any_more(triaged):
    with pytest.raises(StateNotAllowed, match="the issue is triaged"):
        domain.propose(triaged, NOT_OURS, by="P-0100", now=NOW, times=TIMES)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "not_ours"}, "referred_to"),
        ({"reason": "not_ours", "referred_to": "区 平台"}, "referred_to"),
        ({"reason": "no_idea", "referred_to": "district"}, "reason"),
        ({"referred_to": "district"}, "reason"),
    ],
)
def test_a_rejection_has_a_reason_of_the_list_and_names_who_takes_it(values, field):
    with pytest.raises(InvalidInput) as refused:
        load(schemas.Reject, {"issue_id": "IS-0101", **values})

    assert set(refused.value.details["fields"]) == {field}


def test_a_refused_reason_says_which_there_are():
    with pytest.raises(InvalidInput) as refused:
        load(schemas.Reject, {"issue_id": "IS-0101", "reason": "x", "referred_to": "district"})

    assert "settled_in_court" in str(refused.value.details["fields"]["reason"])
