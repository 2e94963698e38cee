import dataclasses

import pytest

from services.issues import domain
from services.issues.events import DeliberationWithdrawn
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


def withdraw(deliberation, issue, now, voters=()):
    return domain.withdraw_topic(deliberation, issue, voters, "另有办法", now=now, times=TIMES)


def test_whoever_was_asked_is_told_and_the_issue_goes_on(called, triaged, now):
    issue, deliberation, voters, _ = called

    deliberation, issue, [fact] = withdraw(deliberation, issue, now, voters)

    assert fact == DeliberationWithdrawn(
        deliberation_id="DL-0101",
        issue_id="IS-0101",
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
        voter_refs=("R-1001", "R-1002", "R-1003"),
    )
    assert (deliberation.state, deliberation.closed_at) == (domain.DeliberationState.WITHDRAWN, now)
    assert deliberation.next_step is None
    assert (issue.state, issue.open_deliberation_id, issue.deliberation_result) == (triaged.state, None, None)
    assert not issue.clock(domain.ClockKind.RESOLVE).rests


def test_a_topic_that_was_only_proposed_is_nobody_elses_news(proposed, topic, now):
    issue, deliberation = proposed

    deliberation, issue, facts = withdraw(deliberation, issue, now)

    assert facts == ()
    assert (deliberation.withdrawn_for, issue.open_deliberation_id) == ("另有办法", None)
    assert domain.propose_topic(issue, topic, by="P-0007", now=now)[1].deliberation_id == "DL-0101-2"


def test_a_topic_may_be_withdrawn_although_its_issue_has_ended(proposed, now):
    issue, deliberation = proposed
    ended = dataclasses.replace(issue, state=domain.IssueState.FORCE_CLOSED)

    deliberation, ended, facts = withdraw(deliberation, ended, now)

    assert (deliberation.state, ended.state, facts) == ("withdrawn", "force_closed", ())


def test_what_was_decided_is_not_withdrawn(passed, now):
    issue, deliberation, _ = passed

    with pytest.raises(StateNotAllowed):
        withdraw(deliberation, issue, now)
