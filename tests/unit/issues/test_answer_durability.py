import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueDurabilityAsked
from shared.errors import Forbidden, StateNotAllowed
from tests.support.lives import Life, S
from tests.support.times import NOW, TIMES

ALONE = domain.Around(above=None, times=TIMES)
MONTH = timedelta(days=30)


def answered(issue, *, by="R-1001", holds=True, now=NOW + MONTH):
    return domain.answer_durability(issue, by=by, holds=holds, remark="又坏了", via=domain.Via.WECHAT, now=now)


@pytest.fixture
def closed(in_progress):
    return Life(in_progress).resolve().confirm(5).issue


@pytest.fixture
def asked(closed):
    issue, _ = domain.tick(closed, ALONE, NOW + MONTH)
    return domain.count(closed, issue, NOW + MONTH)


def test_thirty_days_after_closing_the_reporter_is_asked_once(closed):
    before, nothing = domain.tick(closed, ALONE, NOW + MONTH - timedelta(seconds=1))
    issue, facts = domain.tick(before, ALONE, NOW + MONTH)
    _, again = domain.tick(issue, ALONE, NOW + 2 * MONTH)

    asked = IssueDurabilityAsked(issue_id="IS-0101", reporter_ref="R-1001", title="振徽苑9栋非机动车棚")
    assert ([one for one in nothing if isinstance(one, IssueDurabilityAsked)], again) == ([], ())
    assert asked in facts
    assert issue.clock(domain.ClockKind.DURABILITY) is None


def test_about_a_sensitive_case_nobody_is_asked(closed):
    issue, facts = domain.tick(dataclasses.replace(closed, sensitive=True), ALONE, NOW + MONTH)

    assert not [one for one in facts if isinstance(one, IssueDurabilityAsked)]
    with pytest.raises(domain.NotAsked):
        answered(issue)


@pytest.mark.parametrize("holds", [True, False])
def test_the_answer_counts(asked, holds):
    issue = domain.count(asked, answered(asked, holds=holds), NOW + MONTH)

    assert (issue.record.holds, issue.state) == (holds, S.CLOSED)
    assert domain.rates({issue.record: 1}, domain.Rules()).held == domain.Rate(
        count=int(holds), of=1, percent=100.0 if holds else 0.0
    )


def test_the_answer_changes_nothing_of_what_was_said_about_the_work(asked):
    issue = domain.count(asked, answered(asked, holds=False), NOW + MONTH)

    assert dataclasses.replace(issue.record, holds=None) == asked.record


def test_only_the_reporter_answers(asked):
    with pytest.raises(Forbidden):
        answered(asked, by="R-1007")


def test_who_was_not_asked_yet_does_not_answer(closed):
    with pytest.raises(domain.NotAsked, match="thirty days after closing"):
        answered(closed)


def test_the_question_is_answered_once(asked):
    with pytest.raises(domain.AlreadyAnswered):
        answered(answered(asked))


def test_an_issue_that_was_reopened_is_asked_about_anew(asked):
    with pytest.raises(StateNotAllowed):
        answered(dataclasses.replace(asked, state=S.IN_PROGRESS))
