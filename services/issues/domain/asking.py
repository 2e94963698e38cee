"""Asking back: what is missing in a report is asked of the reporter, and the time to accept it rests meanwhile."""

from dataclasses import replace
from datetime import datetime

from services.issues.domain import clocks
from services.issues.domain.exchange import Exchange
from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import ISSUE
from services.issues.domain.rules import Times
from services.issues.domain.who import check_reporter
from services.issues.events import IssueInfoGiven, IssueInfoRequested
from shared.errors import Refusal

NEEDS_INFO = "needs_info"  # why clocks rest


class AskedTooOften(Refusal):
    """The office allows no further question; triage decides on what is known."""


def ask_info(issue: Issue, question: str, *, by: str, now: datetime, times: Times) -> tuple[Issue, IssueInfoRequested]:
    """Ask the reporter for what is missing; the clocks rest until the answer, or the cap of the rules.

    Raises StateNotAllowed, AskedTooOften, in that order.
    """
    state = ISSUE.step(issue.state, "ask_info")
    if len(issue.exchanges) >= times.rules.most_questions:
        raise AskedTooOften("there are no further questions", most_questions=times.rules.most_questions)
    answer_by = times.after(now, times.rules.info_cap)
    asked = Exchange(question=question, asked_by=by, asked_at=now)
    issue = replace(issue, state=state, exchanges=(*issue.exchanges, asked))
    issue = issue.with_clocks(
        clocks.pause(issue.clocks, reason=NEEDS_INFO, by=by, now=now, until=answer_by, times=times)
    )
    fact = IssueInfoRequested(
        issue_id=issue.issue_id,
        request_no=len(issue.exchanges),
        answer_by=answer_by,
        reporter_ref=issue.reporter_ref,
        title=issue.title,
    )
    return issue, fact


def give_info(issue: Issue, answer: str, *, by: str, now: datetime, times: Times) -> tuple[Issue, IssueInfoGiven]:
    """Take the reporter's answer, late as it may be; raises Forbidden, StateNotAllowed, in that order."""
    check_reporter(issue, by, now, "answers")
    state = ISSUE.step(issue.state, "give_info")
    *earlier, asked = issue.exchanges
    answered = replace(asked, answer=answer, answered_by=by, answered_at=now)
    issue = replace(issue, state=state, exchanges=(*earlier, answered))
    issue = issue.with_clocks(clocks.resume(issue.clocks, now, times))
    return issue, IssueInfoGiven(issue_id=issue.issue_id, request_no=len(issue.exchanges))
