import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain, schemas
from services.issues.domain import ClockKind, IssueState
from services.issues.events import IssueInfoGiven, IssueInfoRequested
from shared.errors import Forbidden, InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import NOW, TIMES

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(reported):
    issue, _ = domain.ask_info(reported, "哪一个单元?", by="P-0100", now=NOW + HOUR, times=TIMES)
    return issue


def test_the_reporter_is_asked_and_the_clock_rests(reported):
    issue, fact = domain.ask_info(reported, "哪一个单元?", by="P-0100", now=NOW + HOUR, times=TIMES)

    answer_by = NOW + HOUR + timedelta(days=7)
    assert fact == IssueInfoRequested(
        issue_id="IS-0101", request_no=1, answer_by=answer_by, reporter_ref="R-1001", title="振徽苑9栋事项"
    )
    accept = issue.clock(ClockKind.ACCEPT)
    assert (issue.state, accept.rests, accept.next_at) == (IssueState.NEEDS_INFO, True, answer_by)
    assert (accept.open_pause.reason, accept.open_pause.by) == ("needs_info", "P-0100")
    assert [(one.question, one.asked_by, one.answer) for one in issue.exchanges] == [("哪一个单元?", "P-0100", None)]


def test_the_answer_brings_it_back_and_the_time_of_the_pause_does_not_count(asked):
    due_at = asked.clock(ClockKind.ACCEPT).due_at

    issue, fact = domain.give_info(asked, "二单元", by="R-1001", now=NOW + 4 * HOUR, times=TIMES)

    assert fact == IssueInfoGiven(issue_id="IS-0101", request_no=1)
    assert (issue.state, issue.clock(ClockKind.ACCEPT).rests) == (IssueState.REPORTED, False)
    assert issue.clock(ClockKind.ACCEPT).due_at == due_at + 2 * HOUR  # of three hours one was for lunch
    [exchange] = issue.exchanges
    assert (exchange.answer, exchange.answered_by, exchange.answered_at) == ("二单元", "R-1001", NOW + 4 * HOUR)


def test_at_the_cap_the_clock_runs_on_although_the_answer_is_missing(asked, building):
    around = domain.Around(above=None, times=TIMES)

    gone_on, facts = domain.tick(asked, around, NOW + HOUR + timedelta(days=7))
    _, late = domain.tick(gone_on, around, NOW + timedelta(days=9))

    assert (facts, gone_on.state, gone_on.clock(ClockKind.ACCEPT).rests) == ((), IssueState.NEEDS_INFO, False)
    assert [(fact.type, fact.clock) for fact in late] == [("issue.clock_expired", "accept")]


def test_an_answer_after_the_cap_is_still_taken(asked):
    issue, _ = domain.give_info(asked, "二单元", by="R-1001", now=NOW + timedelta(days=20), times=TIMES)

    assert issue.state is IssueState.REPORTED
    assert issue.clock(ClockKind.ACCEPT).due_at < NOW + timedelta(days=9)


def test_the_third_question_is_refused(asked):
    again, _ = domain.give_info(asked, "二单元", by="R-1001", now=NOW + 2 * HOUR, times=TIMES)
    again, fact = domain.ask_info(again, "几楼?", by="P-0100", now=NOW + 3 * HOUR, times=TIMES)
    again, _ = domain.give_info(again, "三楼", by="R-1001", now=NOW + 4 * HOUR, times=TIMES)

    with pytest.raises(domain.AskedTooOften) as refused:
        domain.ask_info(again, "什么颜色?", by="P-0100", now=NOW + 5 * HOUR, times=TIMES)

    assert fact.request_no == 2
    assert refused.value.details == {"most_questions": 2}


def test_nobody_is_asked_twice_at_a_time_nor_after_triage(asked, triaged):
    for issue in (asked, triaged):
        with pytest.raises(StateNotAllowed):
            domain.ask_info(issue, "?", by="P-0100", now=NOW, times=TIMES)


def test_only_the_reporter_answers(asked):
    with pytest.raises(Forbidden, match="only the reporter"):
        domain.give_info(asked, "二单元", by="R-1007", now=NOW, times=TIMES)


def test_there_is_no_answer_without_a_question(reported):
    with pytest.raises(StateNotAllowed, match="the issue is reported"):
        domain.give_info(reported, "二单元", by="R-1001", now=NOW, times=TIMES)


def test_triage_may_decide_without_the_answer(asked, assessment, building):
    issue, _ = domain.triage(asked, assessment, building, NOW + timedelta(days=8), TIMES)

    assert (issue.state, issue.clock(ClockKind.ACCEPT)) == (IssueState.TRIAGED, None)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (schemas.AskInfo, {"issue_id": "IS-1", "question": ""}, "question"),
        (schemas.AskInfo, {"issue_id": "IS-1"}, "question"),
        (schemas.AskInfo, {"issue_id": "IS-1", "question": "?", "to": "R-1"}, "to"),
        (schemas.GiveInfo, {"issue_id": "IS-1", "text": {"$gt": ""}}, "text"),
        (schemas.GiveInfo, {"issue_id": "IS-1", "text": "长" * 4001}, "text"),
        (schemas.Withdraw, {"issue_id": ""}, "issue_id"),
    ],
)
def test_bad_input_is_refused_by_the_field(kind, values, field):
    with pytest.raises(InvalidInput) as refused:
        load(kind, values)

    assert field in refused.value.details["fields"]


def test_question_and_answer_are_masked_for_those_whom_a_sensitive_issue_does_not_concern(asked):
    shown = schemas.issue_view(dataclasses.replace(asked, sensitive=True), whole=False)

    assert "exchanges" not in shown
    assert "单元" not in str(shown)
