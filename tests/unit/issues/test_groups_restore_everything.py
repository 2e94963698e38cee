"""I8: whatever was merged, left and supported in whatever order, taking all apart restores every field."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues import domain
from shared.errors import Refusal
from tests.support.reports import at_work, reported, triaged
from tests.support.times import NOW, TIMES

ISSUES = tuple(f"IS-{number:04d}" for number in range(1, 7))
PERSONS = ("R-1", "R-21", "R-22")
MAKE = (reported, triaged, reported, triaged, at_work, reported)
SHIFTED = (domain.ClockKind.ACCEPT, domain.ClockKind.LADDER)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.sampled_from(ISSUES), st.sampled_from(ISSUES)),
        st.tuples(st.just("unmerge"), st.sampled_from(ISSUES)),
        st.tuples(st.just("support"), st.sampled_from(ISSUES), st.sampled_from(PERSONS)),
        st.tuples(st.just("withdraw_support"), st.sampled_from(ISSUES), st.sampled_from(PERSONS)),
    ),
    max_size=30,
)


@dataclass
class Estate:
    """Six issues and who supports them; each step may move the clock on."""

    pace: timedelta
    now: object = NOW
    issues: dict = field(default_factory=lambda: {one.issue_id: one for one in map(_made, range(1, 7))})
    supports: dict = field(default_factory=dict)

    def do(self, name, *arguments):
        self.now += self.pace
        try:
            getattr(self, name)(*arguments)
        except Refusal:
            return False
        return True

    def keep(self, *issues):
        self.issues.update({one.issue_id: one for one in issues})

    def lead_of(self, issue):
        return self.issues[issue.lead_issue_id] if issue.state is domain.IssueState.MERGED else issue

    def merge(self, issue_id, into):
        self.keep(*domain.merge(self.issues[issue_id], self.issues[into], by="P-0100", now=self.now)[:2])

    def unmerge(self, issue_id):
        issue = self.issues[issue_id]
        self.keep(*domain.unmerge(issue, self.lead_of(issue), now=self.now, times=TIMES)[:2])

    def support(self, issue_id, person):
        if (issue_id, person) not in self.supports:
            issue = self.issues[issue_id]
            issue, lead, one = domain.support(issue, self.lead_of(issue), person, self.now)
            self.keep(lead, issue)
            self.supports[issue_id, person] = one

    def withdraw_support(self, issue_id, person):
        if self.supports.pop((issue_id, person), None):
            issue = self.issues[issue_id]
            issue, lead = domain.withdraw_support(issue, self.lead_of(issue))
            self.keep(lead, issue)

    def take_apart(self):
        for issue_id in ISSUES:
            self.do("unmerge", issue_id)

    def expected(self):
        """As the issues were reported, with the supporters that they have now."""
        counts = {issue_id: sum(1 for one, _ in self.supports if one == issue_id) for issue_id in ISSUES}
        return {one: replace(_made(int(one[3:])), supporters=count) for one, count in counts.items()}


def _made(number):
    return MAKE[number - 1](number)


def check_invariants(estate):
    for issue in estate.issues.values():
        members = [estate.issues[one] for one in issue.members]
        assert all(one.lead_issue_id == issue.issue_id and one.state == "merged" for one in members)
        assert issue.group_supporters == sum(one.supporters for one in members)
        assert not (issue.members and issue.state == "merged"), "a chain"
        if issue.state == "merged":
            assert issue.issue_id in estate.issues[issue.lead_issue_id].members


@given(STEPS)
def test_with_the_clock_standing_still_nothing_but_the_supporters_has_changed(steps):
    estate = Estate(pace=timedelta())
    for step in steps:
        estate.do(*step)
        check_invariants(estate)

    estate.take_apart()

    assert estate.issues == estate.expected()


@given(STEPS, st.integers(1, 7200))
def test_with_time_passing_only_the_staffs_clocks_are_moved_by_the_time_apart(steps, seconds):
    estate = Estate(pace=timedelta(seconds=seconds))
    for step in steps:
        estate.do(*step)
        check_invariants(estate)

    estate.take_apart()

    for issue_id, before in estate.expected().items():
        after = estate.issues[issue_id]
        assert _plain(after) == _plain(before)
        for clock, original in zip(after.clocks, before.clocks, strict=True):
            apart = sum((one.ended_at - one.since for one in clock.pauses), timedelta())
            assert clock.kind in SHIFTED or clock == original
            assert clock.unit is not domain.Unit.URGENT_HOUR or clock.due_at == original.due_at + apart


def _plain(issue):
    return replace(issue, clocks=(), due_at=None, next_due_at=None)


@pytest.mark.parametrize("issue_id", ISSUES)
def test_the_steps_of_the_property_do_happen(issue_id):
    """Each issue can be supported, and the first ones be merged and left: the properties are not about refusals."""
    estate = Estate(pace=timedelta())

    assert estate.do("support", issue_id, "R-21")
    assert estate.do("merge", "IS-0001", "IS-0005")
    assert estate.do("merge", "IS-0002", "IS-0005")
    assert estate.issues["IS-0005"].group_supporters == (issue_id in ("IS-0001", "IS-0002"))
    assert estate.do("unmerge", "IS-0002")
