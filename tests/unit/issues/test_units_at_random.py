"""Dispatched, signed, given back, ruled on, done and checked in any order: what always holds."""

from datetime import timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.issues import domain
from services.issues.domain.lifecycle import ISSUE
from shared.errors import Refusal
from tests.support.times import TIMES

UNITS = ("PC-0007", "UT-0001", "DEP-0003")
PERSONS = ("A", "B", "C")  # each acts for the unit it comes to; who may verify is anybody
COMMANDS = ("dispatch", "rule", "sign", "return_issue", "record_contact", "report_done", "fail_check", "resolve")


@st.composite
def steps_from(draw, issue):
    """Draw something that the state allows, mostly by the unit that has the issue, a few hours later."""
    allowed = [command for command in COMMANDS if ISSUE.allows(issue.state, command)]
    command = draw(st.sampled_from(allowed))
    others = draw(st.sampled_from(UNITS))
    unit = draw(st.sampled_from((issue.lead_unit, issue.lead_unit, others))) or others
    return (
        command,
        others if command == "dispatch" else unit,
        draw(st.sampled_from(PERSONS)),
        draw(st.sampled_from(tuple(domain.ReturnReason))),
        draw(st.integers(0, 30)),
    )


def take(issue, step, now):
    """Do one step, which a rule may refuse."""
    command, unit, by, reason, _ = step
    lead = domain.HandlingUnit(unit_id=unit, kind=domain.UnitKind.OTHER, label_zh=unit, label_en=unit)
    why = domain.Grounds(reason=reason, evidence="见附件")
    work = domain.Work(conditions=(), proof=(), answer="已办")
    told = domain.Contact(reached=True, how=domain.ContactWay.PHONE)
    at = {"now": now, "times": TIMES}
    side = {"by": by, "units": (unit,)}
    steps = {
        "dispatch": lambda: domain.dispatch(issue, lead, (), note="补充", by="P-0200", **at),
        "rule": lambda: domain.rule(issue, lead, reason="合同", by="P-0001", **at),
        "sign": lambda: domain.sign(issue, unit, **side, **at),
        "return_issue": lambda: domain.return_issue(issue, unit, why, **side, **at),
        "record_contact": lambda: domain.record_contact(issue, told, **side, now=now),
        "report_done": lambda: domain.report_done(issue, work, domain.Standard(), **side, **at),
        "fail_check": lambda: domain.fail_check(issue, domain.CheckReason.NOT_DONE, None, by=by, **at),
        "resolve": lambda: domain.resolve(issue, by=by, outcome=domain.Outcome.SOLVED, **at),
    }
    try:
        return steps[command]()[0]
    except Refusal:
        return issue


def check(before, after, *, command):
    """Assert what holds whatever was done."""
    assert set(after.workers) & set(after.verifiers) == set()
    assert (after.lead_unit is None) == (after.state.value in ("triaged", "returned", "arbitrating"))
    assert [order.dispatch_no for order in after.orders] == list(range(1, len(after.orders) + 1))
    if any(order.ruled for order in before.orders):
        assert after.returns == before.returns
    if after.state is domain.IssueState.RETURNED:
        assert len(after.returns) < TIMES.rules.most_returns
        assert len({one.unit for one in after.returns}) == 1
    if command in ("dispatch", "return_issue", "rule"):
        for kind in (domain.ClockKind.RESOLVE, domain.ClockKind.LADDER):
            assert after.clock(kind) == before.clock(kind)
    assert (after.clock(domain.ClockKind.SIGN) is not None) == (after.state is domain.IssueState.DISPATCHED)
    assert len({clock.kind for clock in after.clocks if clock.runs}) == sum(clock.runs for clock in after.clocks)


def test_whatever_units_and_checkers_do_in_whatever_order(harmless, now):
    ends = []

    # shrinking a walk takes minutes and tells little: the step that broke a promise is the last one
    @settings(max_examples=200, phases=(Phase.generate,))
    @given(data=st.data())
    def walk(data):
        issue, at = harmless, now
        for _ in range(20):
            if issue.state is domain.IssueState.RESOLVED:
                break
            step = data.draw(steps_from(issue))
            at += timedelta(hours=step[-1])
            after = take(issue, step, at)
            check(issue, after, command=step[0])
            issue = after
        ends.append(issue)

    walk()

    assert any(issue.state is domain.IssueState.RESOLVED for issue in ends)
    assert any(order.ruled for issue in ends for order in issue.orders)
    assert any(issue.failed_checks for issue in ends)
