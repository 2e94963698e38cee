"""Four eyes: proposed by one, approved by others, carried out with the last approval."""

import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.domain import ApprovalKind, ApprovalState, ClockKind, IssueState, Proposal
from services.issues.events import IssueApprovalDeclined, IssueApprovalRequested
from shared.actor import Actor
from shared.errors import Forbidden, StateNotAllowed
from tests.support.times import NOW, TIMES

DAY = timedelta(days=1)
SUSPEND = Proposal(kind=ApprovalKind.SUSPEND, reason="parts", public_reason="等待配件", until=NOW + 5 * DAY)
EXTEND = Proposal(kind=ApprovalKind.EXTEND, reason="备件未到", days=3)
FORCE_CLOSE = Proposal(kind=ApprovalKind.FORCE_CLOSE, reason="not_solvable", public_reason="无法处理")
EACH = pytest.mark.parametrize("proposal", [SUSPEND, EXTEND, FORCE_CLOSE], ids=lambda one: one.kind.value)


@pytest.fixture
def at_work(reported, assessment, building):
    """Give an issue with a week to solve it, and somebody at work."""
    harmless = dataclasses.replace(assessment, hazard=None, deadline_class=domain.DeadlineClass.GENERAL)
    issue, _ = domain.triage(reported, harmless, building, NOW, TIMES)
    issue, _ = domain.act(issue, by="P-0009", now=NOW)
    return issue


def proposed(issue, proposal, by="P-0007"):
    return domain.propose(issue, proposal, by=by, now=NOW, times=TIMES)


def approved(issue, kind, *persons, now=NOW):
    facts = ()
    for person in persons:
        issue, facts = domain.approve(issue, kind, by=person, now=now, times=TIMES)
    return issue, facts


@EACH
def test_a_proposal_waits_and_changes_nothing_else(at_work, proposal):
    issue, [fact] = proposed(at_work, proposal)

    needed = 2 if proposal.kind is ApprovalKind.EXTEND else 1
    assert isinstance(fact, IssueApprovalRequested)
    assert (fact.kind, fact.asked_by, fact.needed) == (proposal.kind, "P-0007", needed)
    assert dataclasses.replace(issue, approvals=()) == at_work
    [waiting] = issue.approvals
    assert (waiting.proposal, waiting.state, waiting.approved_by) == (proposal, ApprovalState.PENDING, ())


@EACH
def test_the_same_proposal_of_the_same_person_again_is_no_second_one(at_work, proposal):
    issue, _ = proposed(at_work, proposal)

    assert proposed(issue, proposal) == (issue, ())


@EACH
def test_another_proposal_of_the_kind_has_to_wait(at_work, proposal):
    issue, _ = proposed(at_work, proposal)
    other = dataclasses.replace(proposal, reason="funds" if proposal.kind is ApprovalKind.SUSPEND else "overtaken")

    for another, by in ((other, "P-0007"), (proposal, "P-0008")):
        with pytest.raises(domain.ApprovalPending) as refused:
            proposed(issue, another, by)
        assert refused.value.details == {"kind": proposal.kind.value, "by": "P-0007"}


def test_proposals_of_different_kinds_wait_side_by_side(at_work):
    issue, _ = proposed(at_work, SUSPEND)
    issue, _ = proposed(issue, EXTEND)

    assert [domain.pending(issue, kind) is not None for kind in ApprovalKind] == [False, True, True, False]


@EACH
def test_nobody_approves_what_they_proposed(at_work, proposal):
    issue, _ = proposed(at_work, proposal)

    with pytest.raises(domain.AnotherPersonNeeded) as refused:
        approved(issue, proposal.kind, "P-0007")

    assert refused.value.details["asked_by"] == "P-0007"


def test_nobody_counts_twice(at_work):
    issue, _ = proposed(at_work, EXTEND)
    issue, facts = approved(issue, ApprovalKind.EXTEND, "P-0001")

    with pytest.raises(domain.AnotherPersonNeeded) as refused:
        approved(issue, ApprovalKind.EXTEND, "P-0001")

    assert facts == ()
    assert refused.value.details["approved_by"] == ["P-0001"]
    assert issue.clock(ClockKind.RESOLVE) == at_work.clock(ClockKind.RESOLVE)


@pytest.mark.parametrize(
    ("proposal", "persons", "state", "type_"),
    [
        (SUSPEND, ["P-0002"], IssueState.SUSPENDED, "issue.suspended"),
        (EXTEND, ["P-0001", "P-0002"], IssueState.IN_PROGRESS, "issue.extended"),
        (FORCE_CLOSE, ["P-0002"], IssueState.FORCE_CLOSED, "issue.force_closed"),
    ],
)
def test_the_last_approval_carries_the_decision_out(at_work, proposal, persons, state, type_):
    issue, _ = proposed(at_work, proposal)

    issue, facts = approved(issue, proposal.kind, *persons)

    [approval] = issue.approvals
    assert (issue.state, [fact.type for fact in facts]) == (state, [type_])
    assert (approval.state, approval.approved_by, approval.ended_at) == (ApprovalState.GRANTED, tuple(persons), NOW)


def test_what_is_granted_cannot_be_approved_nor_declined_again(at_work):
    issue, _ = approved(proposed(at_work, EXTEND)[0], ApprovalKind.EXTEND, "P-0001", "P-0002")

    with pytest.raises(domain.NothingToApprove):
        approved(issue, ApprovalKind.EXTEND, "P-0003")
    with pytest.raises(domain.NothingToApprove):
        domain.decline(issue, ApprovalKind.EXTEND, by="P-0003", reason="不同意", now=NOW)


def test_a_refusal_says_what_waits(at_work):
    issue, _ = proposed(at_work, SUSPEND)

    with pytest.raises(domain.NothingToApprove) as refused:
        approved(issue, ApprovalKind.EXTEND, "P-0001")

    assert refused.value.details == {"kind": "extend", "waiting": ["suspend"]}


def test_the_decision_meets_the_issue_as_it_is_by_then(at_work, owners):
    issue, _ = proposed(at_work, SUSPEND)
    issue, *_ = domain.open_deliberation(issue, owners, by="P-0007", now=NOW, times=TIMES)

    with pytest.raises(StateNotAllowed, match="the issue is deliberating"):
        approved(issue, ApprovalKind.SUSPEND, "P-0002")

    assert domain.pending(issue, ApprovalKind.SUSPEND) is not None


def test_a_date_that_has_passed_meanwhile_is_refused_with_the_reason(at_work):
    issue, _ = proposed(at_work, SUSPEND)

    with pytest.raises(domain.EndNotAllowed) as refused:
        approved(issue, ApprovalKind.SUSPEND, "P-0002", now=NOW + 6 * DAY)

    assert refused.value.details["end"] == (NOW + 5 * DAY).isoformat()


def test_a_due_date_that_has_passed_meanwhile_is_refused_with_the_reason(at_work):
    issue, _ = approved(proposed(at_work, EXTEND)[0], ApprovalKind.EXTEND, "P-0001")

    with pytest.raises(domain.DueDatePassed) as refused:
        approved(issue, ApprovalKind.EXTEND, "P-0002", now=NOW + 7 * DAY)

    assert refused.value.details["due_at"] == (NOW + 7 * DAY).isoformat()


@EACH
def test_declined_it_stays_on_record_and_another_may_be_proposed(at_work, proposal):
    issue, _ = proposed(at_work, proposal)

    issue, [fact] = domain.decline(issue, proposal.kind, by="P-0002", reason="理由不足", now=NOW)
    again, _ = proposed(issue, proposal)

    assert fact == IssueApprovalDeclined(
        issue_id="IS-0101", kind=proposal.kind, asked_by="P-0007", title="振徽苑9栋非机动车棚"
    )
    [declined] = issue.approvals
    assert (declined.state, declined.declined_by, declined.decline_reason) == (
        ApprovalState.DECLINED,
        "P-0002",
        "理由不足",
    )
    assert dataclasses.replace(issue, approvals=()) == at_work
    assert [one.state.value for one in again.approvals] == ["declined", "pending"]


def test_there_is_nothing_to_decline_where_nothing_waits(at_work):
    with pytest.raises(domain.NothingToApprove):
        domain.decline(at_work, ApprovalKind.SUSPEND, by="P-0002", reason="x", now=NOW)


def test_an_ended_issue_has_nothing_to_approve(at_work):
    issue, _ = approved(proposed(at_work, FORCE_CLOSE)[0], ApprovalKind.FORCE_CLOSE, "P-0002")

    with pytest.raises(StateNotAllowed, match="the issue is force_closed"):
        approved(issue, ApprovalKind.SUSPEND, "P-0003")


def test_what_waits_lapses_with_the_issue_or_its_round(at_work):
    waiting, _ = proposed(at_work, SUSPEND)
    over, _ = proposed(waiting, FORCE_CLOSE)
    over, _ = approved(over, ApprovalKind.FORCE_CLOSE, "P-0002")
    next_round = dataclasses.replace(waiting, round=2)

    assert domain.let_lapse(waiting, NOW) == waiting
    assert [one.state.value for one in domain.let_lapse(over, NOW).approvals] == ["lapsed", "granted"]
    assert [one.state.value for one in domain.let_lapse(next_round, NOW).approvals] == ["lapsed"]
    with pytest.raises(domain.NothingToApprove):
        approved(next_round, ApprovalKind.SUSPEND, "P-0002")


@pytest.mark.parametrize("kind", list(ApprovalKind))
def test_an_outside_unit_asks_for_time_only_and_only_while_it_is_at_work(at_work, kind):
    led = dataclasses.replace(at_work, lead_unit="PC-0007")
    may_ask = kind in (ApprovalKind.SUSPEND, ApprovalKind.EXTEND)

    domain.check_may_propose(led, kind, "P-0007", (), NOW)
    for issue, units, allowed in (
        (led, ("PC-0007",), may_ask),
        (led, ("DEP-0003",), False),
        (at_work, ("PC-0007",), False),
    ):
        if allowed:
            domain.check_may_propose(issue, kind, "U-0071", units, NOW)
        else:
            with pytest.raises(domain.NotOfTheUnit):
                domain.check_may_propose(issue, kind, "U-0071", units, NOW)


@pytest.mark.parametrize(
    ("kind", "role", "allowed"),
    [
        ("suspend", "dispatcher", True),
        ("suspend", "secretary", False),
        ("suspend", "unit", False),
        ("extend", "secretary", True),
        ("extend", "dispatcher", True),
        ("extend", "triage", False),
        ("force_close", "secretary", True),
        ("force_close", "triage", False),
        ("reject", "triage", True),
        ("reject", "dispatcher", False),
    ],
)
def test_who_may_approve_depends_on_the_kind(administrator, kind, role, allowed):
    domain.authorise_approval(administrator, ApprovalKind(kind))
    actor = Actor(id="P-0001", roles=(role,))
    if allowed:
        domain.authorise_approval(actor, ApprovalKind(kind))
    else:
        with pytest.raises(Forbidden, match=f"to approve {kind} needs one of the roles administrator"):
            domain.authorise_approval(actor, ApprovalKind(kind))


SECRETARIES = ("P-0009", "P-0007", "P-0003", "P-0001")  # of the building, the estate, the grid, the community


def asked(issue, proposal, by="P-0100", secretaries=SECRETARIES):
    _, [fact] = domain.propose(issue, proposal, by=by, now=NOW, times=TIMES, secretaries=secretaries)
    return fact.approver_refs


def test_as_many_near_secretaries_are_asked_as_are_needed(at_work):
    assert asked(at_work, FORCE_CLOSE) == ("P-0009",)
    assert asked(at_work, EXTEND) == ("P-0009", "P-0007")
    assert asked(at_work, EXTEND, secretaries=SECRETARIES[-1:]) == ("P-0001",)


def test_who_asks_is_not_asked_to_approve(at_work):
    assert asked(at_work, FORCE_CLOSE, by="P-0009") == ("P-0007",)
    assert asked(at_work, EXTEND, by="P-0007") == ("P-0009", "P-0003")


def test_the_dispatcher_who_sent_it_last_is_asked_and_not_who_ruled(signed):
    assert asked(signed, SUSPEND) == ("P-0200",)
    assert asked(signed, SUSPEND, by="P-0200") == ()
    assert asked(signed, FORCE_CLOSE) == ("P-0200", "P-0009")
    ruled = dataclasses.replace(signed, orders=(dataclasses.replace(signed.orders[-1], ruled=True, by="P-0001"),))
    assert asked(ruled, SUSPEND) == ()


def test_where_no_dispatcher_is_known_nobody_is_named(at_work):
    assert asked(at_work, SUSPEND) == ()


def test_of_a_complaint_whoever_asked_back_is_asked(reported):
    complaint = dataclasses.replace(reported, request_type=domain.RequestType.COMPLAINT)
    reject = Proposal(kind=ApprovalKind.REJECT, reason="not_ours", referred_to="district")
    assert asked(complaint, reject) == ()
    complaint, _ = domain.ask_info(complaint, "哪一栋?", by="P-0101", now=NOW, times=TIMES)
    complaint, _ = domain.give_info(complaint, "9栋", by="R-1001", now=NOW, times=TIMES)

    assert asked(complaint, reject) == ("P-0101",)
    assert asked(complaint, reject, by="P-0101") == ()


def test_a_line_up_the_tree_names_its_secretaries_and_the_community(building, estate, grid):
    community = dataclasses.replace(
        grid, org_unit_id="C01", level=domain.Level.COMMUNITY, parent_id=None, secretary_id="P-0001"
    )
    line = (building, dataclasses.replace(estate, secretary_id=None), grid, community)

    assert domain.secretaries_of(line) == ("P-0009", "P-0003", "P-0001")
    assert domain.community_of(line) == "C01"
    assert domain.community_of(line[:3]) is None
