import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueArbitrated, IssueDispatched
from shared.actor import Actor
from shared.clock import COMMUNITY_TIME
from shared.errors import Forbidden, StateNotAllowed
from tests.support.times import TIMES

NOT_OURS = domain.Grounds(reason=domain.ReturnReason.NOT_RESPONSIBLE, evidence="属于物业")


@pytest.fixture
def arbitrating(dispatched, give_back, send, utility):
    return give_back(send(give_back(dispatched), utility))


def rule(issue, unit, now):
    return domain.rule(issue, unit, reason="物业服务合同第三条", by="P-0001", now=now, times=TIMES)


def test_the_community_secretary_rules_whose_it_is(arbitrating, company, now):
    issue, [arbitrated, dispatched] = rule(arbitrating, company, now)

    assert arbitrated == IssueArbitrated(issue_id="IS-0101", unit="PC-0007")
    assert isinstance(dispatched, IssueDispatched)
    assert (dispatched.lead_unit, dispatched.dispatch_no, dispatched.sign_by) == (
        "PC-0007",
        3,
        datetime(2025, 3, 4, 9, 0, tzinfo=COMMUNITY_TIME),
    )
    order = issue.orders[-1]
    assert (issue.state, issue.lead_unit) == (domain.IssueState.DISPATCHED, "PC-0007")
    assert (order.ruled, order.by, order.note) == (True, "P-0001", "物业服务合同第三条")


def test_after_a_ruling_nobody_returns_it_in_that_round(arbitrating, company, now):
    issue, _ = rule(arbitrating, company, now)

    with pytest.raises(domain.MayNotReturnAgain):
        domain.return_issue(issue, "PC-0007", NOT_OURS, by="U-0071", units=("PC-0007",), now=now, times=TIMES)


def test_a_later_dispatch_in_the_same_round_changes_nothing_about_that(arbitrating, company, department, send, now):
    ruled, _ = rule(arbitrating, company, now)
    later = send(ruled, department, at=now + timedelta(days=1))  # the company has not signed in time

    with pytest.raises(domain.MayNotReturnAgain):
        domain.return_issue(later, "DEP-0003", NOT_OURS, by="U-1", units=("DEP-0003",), now=now, times=TIMES)


def test_a_ruling_holds_for_its_round(arbitrating, company, utility, send, now):
    ruled, _ = rule(arbitrating, company, now)
    later = send(dataclasses.replace(ruled, state=domain.IssueState.TRIAGED, round=2), utility)

    issue, _ = domain.return_issue(
        later, "UT-0001", NOT_OURS, by="U-0011", units=("UT-0001",), now=now + timedelta(hours=1), times=TIMES
    )

    assert issue.state is domain.IssueState.RETURNED


def test_a_ruling_does_not_ask_what_the_unit_usually_handles(arbitrating, company, now):
    gardener = dataclasses.replace(company, categories=("waste_station",))

    issue, _ = rule(arbitrating, gardener, now)

    assert issue.lead_unit == "PC-0007"


@pytest.mark.parametrize("state", ["triaged", "dispatched", "returned", "in_progress"])
def test_there_is_nothing_to_rule_on_before_units_refuse_it(arbitrating, company, now, state):
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        rule(dataclasses.replace(arbitrating, state=domain.IssueState(state)), company, now)


def test_only_the_community_secretary_rules():
    domain.authorise(Actor(id="P-0001", roles=("community_secretary",)), "rule")
    with pytest.raises(Forbidden, match="community_secretary"):
        domain.authorise(Actor(id="P-0200", roles=("dispatcher", "secretary")), "rule")


def test_an_arbitrated_issue_is_not_dispatched_otherwise(arbitrating, department, now):
    with pytest.raises(StateNotAllowed, match="the issue is arbitrating"):
        domain.dispatch(arbitrating, department, (), note=None, by="P-0200", now=now, times=TIMES)
