"""Whoever proposes, approves and declines in whatever order: what must hold of approvals holds."""

import dataclasses
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues import domain
from services.issues.domain import ApprovalKind, ApprovalState, ClockKind, IssueState, Proposal, Span, Unit
from services.issues.domain.approval import APPROVERS
from shared.errors import Refusal
from tests.support.times import NOW, TIMES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROPOSALS = [
    Proposal(kind=ApprovalKind.SUSPEND, reason="parts", public_reason="等待配件", until=NOW + 9 * DAY),
    Proposal(kind=ApprovalKind.EXTEND, reason="备件未到", days=2),
    Proposal(kind=ApprovalKind.EXTEND, reason="备件未到", until=NOW + 20 * DAY),
    Proposal(kind=ApprovalKind.FORCE_CLOSE, reason="overtaken", public_reason="已拆除"),
]
PERSONS = st.sampled_from(["P-1", "P-2", "P-3"])
KINDS = st.sampled_from([ApprovalKind.SUSPEND, ApprovalKind.EXTEND, ApprovalKind.EXTEND, ApprovalKind.FORCE_CLOSE])
GAPS = st.integers(0, 48).map(lambda hours: hours * HOUR)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("propose"), st.sampled_from(PROPOSALS), PERSONS, GAPS),
        st.tuples(st.just("approve"), KINDS, PERSONS, GAPS),
        st.tuples(st.just("approve"), KINDS, PERSONS, GAPS),
        st.tuples(st.just("decline"), KINDS, PERSONS, GAPS),
        st.tuples(st.just("tick"), st.none(), st.none(), GAPS),
    ),
    max_size=30,
)
FACTS = {
    ApprovalKind.SUSPEND: "issue.suspended",
    ApprovalKind.EXTEND: "issue.extended",
    ApprovalKind.FORCE_CLOSE: "issue.force_closed",
}


@pytest.fixture(scope="module")
def issue():
    """Give an issue at work, with a week to solve it."""
    issue = domain.Issue(
        issue_id="IS-0101",
        client_id=None,
        reporter_ref="R-1001",
        building_id="B09",
        responsible_unit="B09",
        place_zh="振徽苑9栋",
        place_in_estate_zh="9栋",
        source=domain.Source.WECHAT,
        sensitive=False,
        text="",
        reported_at=NOW,
        state=IssueState.IN_PROGRESS,
    )
    return issue.start(ClockKind.RESOLVE, Span(7, Unit.NATURAL_DAY), NOW, TIMES)


def taken(issue, step, now):
    name, what, by, _ = step
    if name == "propose":
        return domain.propose(issue, what, by=by, now=now, times=TIMES)
    if name == "approve":
        return domain.approve(issue, what, by=by, now=now, times=TIMES)
    if name == "decline":
        return domain.decline(issue, what, by=by, reason="不同意", now=now)
    return domain.tick(issue, domain.Around(above=None, times=TIMES), now)


def history(issue, steps):
    """Yield the issue and all facts so far after each step; a refused one changes nothing."""
    now, facts = NOW, ()
    for step in steps:
        now += step[3]
        try:
            issue, more = taken(issue, step, now)
        except Refusal:
            more = ()
        facts += more
        yield issue, facts


@given(STEPS)
def test_what_is_granted_has_as_many_other_persons_as_it_needs(issue, steps):
    for after, _ in history(issue, steps):
        for one in after.approvals:
            assert len(set(one.approved_by)) == len(one.approved_by) <= one.needed == APPROVERS[one.kind].needed
            assert one.asked_by not in one.approved_by
            assert (one.state is ApprovalState.GRANTED) == one.is_complete


@given(STEPS)
def test_one_of_a_kind_waits_at_a_time_and_what_ended_stays_as_it_was(issue, steps):
    before = ()
    for after, _ in history(issue, steps):
        waiting = Counter(one.kind for one in after.approvals if one.state is ApprovalState.PENDING)
        assert all(count == 1 for count in waiting.values())
        ended = [one for one in before if one.state is not ApprovalState.PENDING]
        assert [one for one in after.approvals if one in ended] == ended
        before = after.approvals


@given(STEPS)
def test_each_decision_is_announced_as_often_as_it_was_granted_within_the_rules(issue, steps):
    for after, facts in history(issue, steps):
        granted = Counter(one.kind for one in after.approvals if one.state is ApprovalState.GRANTED)
        announced = Counter(fact.type for fact in facts)
        assert all(announced[name] == granted[kind] for kind, name in FACTS.items())
        assert granted[ApprovalKind.SUSPEND] <= 1
        assert granted[ApprovalKind.EXTEND] <= TIMES.rules.most_extensions
        assert granted[ApprovalKind.FORCE_CLOSE] == (after.state is IssueState.FORCE_CLOSED)


@given(STEPS)
def test_what_was_promised_first_stays_and_the_end_only_comes_later(issue, steps):
    ends = [issue.clock(ClockKind.RESOLVE).due_at]
    for after, _ in history(issue, steps):
        [resolve] = [clock for clock in after.clocks if clock.kind is ClockKind.RESOLVE]
        assert resolve.first_due_at == NOW + 7 * DAY
        ends.append(resolve.due_at)

    assert ends == sorted(ends)


@given(STEPS)
def test_whoever_ends_it_leaves_nothing_to_approve(issue, steps):
    *_, (after, _) = history(
        issue, [*steps, ("propose", PROPOSALS[-1], "P-8", HOUR), ("approve", ApprovalKind.FORCE_CLOSE, "P-9", HOUR)]
    )

    left = domain.let_lapse(after, NOW)

    assert after.state is IssueState.FORCE_CLOSED
    assert {one.state for one in left.approvals} <= {
        ApprovalState.GRANTED,
        ApprovalState.DECLINED,
        ApprovalState.LAPSED,
    }
    assert dataclasses.replace(left, approvals=()) == dataclasses.replace(after, approvals=())
