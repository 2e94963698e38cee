import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain import ClockKind, IssueState, Outcome
from services.issues.events import IssueWithdrawn
from shared.actor import Actor
from shared.errors import Forbidden, StateNotAllowed
from tests.support.categories import CATEGORIES
from tests.support.times import NOW, TIMES

DAY = timedelta(days=1)


@pytest.fixture
def harmless(triaged):
    return dataclasses.replace(triaged, hazard=None)


def test_the_reporter_takes_it_back_and_nothing_is_due_any_more(harmless):
    issue, fact = domain.withdraw(harmless, by="R-1001", reason="已经自己解决了", safety=False, now=NOW)

    assert fact == IssueWithdrawn(issue_id="IS-0101", stays_open=False, round=1)
    assert (issue.state, issue.outcome, issue.closed_at) == (IssueState.WITHDRAWN, Outcome.WITHDRAWN, NOW)
    assert (issue.reporter_ref, issue.withdraw_reason) == ("R-1001", "已经自己解决了")
    assert domain.next_moment(issue.clocks) is None


@pytest.mark.parametrize(
    ("hazard", "safety"), [(domain.Hazard.BLOCKED_STAIRS, False), (None, CATEGORIES["lift_maintenance"].safety)]
)
def test_what_endangers_people_stays_open_without_its_reporter(triaged, hazard, safety):
    dangerous = dataclasses.replace(triaged, hazard=hazard)

    issue, fact = domain.withdraw(dangerous, by="R-1001", reason=None, safety=safety, now=NOW)

    assert fact == IssueWithdrawn(issue_id="IS-0101", stays_open=True, round=1)
    assert (issue.state, issue.reporter_ref, issue.clocks) == (triaged.state, "withdrawn", triaged.clocks)
    assert "R-1001" not in str(schemas.issue_view(issue))


def test_afterwards_a_proxy_speaks_for_nobody(triaged):
    proxy = domain.Proxy(person="R-1002", relation=domain.Relation.CHILD, consent="同意", set_by="P-0100", since=NOW)
    represented = dataclasses.replace(triaged, proxies=(proxy,))

    issue, _ = domain.withdraw(represented, by="R-1002", reason=None, safety=False, now=NOW)

    assert (issue.reporter_ref, issue.proxies) == ("withdrawn", ())
    assert not domain.is_reporter_or_proxy(dataclasses.replace(issue, proxies=(proxy,)), "R-1002", NOW)


def test_afterwards_nobody_is_asked_and_it_closes_by_itself(in_progress):
    issue, _ = domain.withdraw(in_progress, by="R-1001", reason=None, safety=False, now=NOW)
    issue, _ = domain.resolve(issue, by="P-0001", outcome=Outcome.SOLVED, now=NOW, times=TIMES)
    around, facts = domain.Around(above=None, times=TIMES), []

    while (moment := domain.next_moment(issue.clocks)) is not None:
        issue, more = domain.tick(issue, around, moment)
        facts += more

    assert [fact.type for fact in facts] == ["issue.confirmed", "issue.closed"]
    assert (issue.state, issue.closed_at, facts[0].via) == (IssueState.CLOSED, NOW + 7 * DAY, "automatic")
    assert {clock.kind for clock in issue.clocks}.isdisjoint({ClockKind.CALL_BACK, ClockKind.DURABILITY})


@pytest.mark.parametrize("person", ["R-1001", "withdrawn"])
def test_afterwards_nobody_speaks_for_the_report(in_progress, person):
    issue, _ = domain.withdraw(in_progress, by="R-1001", reason=None, safety=False, now=NOW)
    resolved, _ = domain.resolve(issue, by="P-0001", outcome=Outcome.SOLVED, now=NOW, times=TIMES)
    answer = domain.Answer(by=person, satisfaction=5, via=domain.Via.WECHAT, remark=None)

    with pytest.raises(Forbidden):
        domain.withdraw(issue, by=person, reason=None, safety=False, now=NOW)
    with pytest.raises(Forbidden):
        domain.confirm(resolved, answer, None, NOW, TIMES)


def test_a_token_of_that_name_sees_nothing_that_is_sensitive(triaged):
    issue, _ = domain.withdraw(triaged, by="R-1001", reason=None, safety=False, now=NOW)

    seen = domain.may_see(dataclasses.replace(issue, sensitive=True), Actor(id="withdrawn"), None, NOW)
    assert seen is domain.View.MASKED


def test_only_the_reporter_withdraws(harmless):
    with pytest.raises(Forbidden, match="only the reporter"):
        domain.withdraw(harmless, by="R-1007", reason=None, safety=False, now=NOW)


@pytest.mark.parametrize("state", ["handled", "resolved", "closed", "withdrawn", "merged"])
def test_what_is_handled_is_not_withdrawn_any_more(harmless, state):
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        domain.withdraw(
            dataclasses.replace(harmless, state=IssueState(state)), by="R-1001", reason=None, safety=False, now=NOW
        )


def test_the_reason_is_masked_for_those_whom_a_sensitive_issue_does_not_concern(harmless):
    issue, _ = domain.withdraw(harmless, by="R-1001", reason="邻居道歉了", safety=False, now=NOW)

    assert "邻居" not in str(schemas.issue_view(issue, whole=False))
