"""sign_resolution, publish_resolution, object_resolution, name_executor, evaluate_deliberation."""

import dataclasses
from datetime import date, timedelta

import pytest

from services.issues import domain
from services.issues.schemas import deliberation_view
from shared.errors import StateNotAllowed
from tests.support.times import TIMES


@pytest.fixture
def then(now):
    return now + timedelta(days=18)


@pytest.fixture
def published(resolution, then):
    return domain.publish_resolution(resolution[1], by="P-0007", now=then, times=TIMES)


@pytest.fixture
def executed(passed, then):
    issue, deliberation, _ = passed
    return domain.name_executor(deliberation, issue, "P-0009", date(2025, 4, 30), by="P-0007", now=then)


@pytest.fixture
def evaluation(then):
    return domain.Evaluation(solved=True, after_effects=False, remark=None, by="P-0003", at=then)


def test_each_person_on_the_roll_signs_once(passed, then):
    _, deliberation, [voter, *_] = passed

    deliberation, voter = domain.sign_resolution(deliberation, voter, now=then)

    assert (deliberation.signatures, voter.signed_at) == (1, then)
    with pytest.raises(domain.AlreadySigned):
        domain.sign_resolution(deliberation, voter, now=then)


def test_a_stranger_does_not_sign(passed, then):
    with pytest.raises(domain.NotOnTheRoll):
        domain.sign_resolution(passed[1], None, now=then)


def test_before_the_close_there_is_nothing_to_sign(called, then):
    _, deliberation, [voter, *_], _ = called

    with pytest.raises(StateNotAllowed):
        domain.sign_resolution(deliberation, voter, now=then)


def test_a_result_hangs_for_the_days_of_the_rules(published, then):
    assert (published.published_at, published.notice_until) == (then, then + timedelta(days=7))


def test_a_result_without_a_signature_or_a_second_time_is_not_posted(passed, published, then):
    with pytest.raises(domain.NotSigned):
        domain.publish_resolution(passed[1], by="P-0007", now=then, times=TIMES)
    with pytest.raises(domain.AlreadyPublished):
        domain.publish_resolution(published, by="P-0007", now=then, times=TIMES)


def test_everybody_may_object_once_while_the_notice_hangs(published, then):
    last = then + timedelta(days=7)

    deliberation, objection = domain.object_resolution(published, None, "占了绿地", by="R-1009", now=last)

    assert (deliberation.objections, objection.objection_id, objection.text) == (1, "DL-0101/R-1009", "占了绿地")
    with pytest.raises(domain.AlreadyObjected):
        domain.object_resolution(deliberation, objection, "还是", by="R-1009", now=last)


def test_before_and_after_the_notice_nobody_objects(resolution, published, then):
    with pytest.raises(domain.NoNotice):
        domain.object_resolution(resolution[1], None, "占了绿地", by="R-1009", now=then)
    with pytest.raises(domain.NoNotice):
        domain.object_resolution(published, None, "占了绿地", by="R-1009", now=then + timedelta(days=7, seconds=1))


def test_the_executor_is_named_and_verifies_nothing_of_the_issue(executed):
    deliberation, issue = executed

    assert (deliberation.executor, deliberation.execute_by) == ("P-0009", date(2025, 4, 30))
    assert "P-0009" in issue.workers


def test_nothing_is_due_in_the_past(passed, then):
    issue, deliberation, _ = passed

    with pytest.raises(domain.DueDateInThePast):
        domain.name_executor(deliberation, issue, "P-0009", date(2025, 3, 20), by="P-0007", now=then)


def test_a_rejected_topic_is_signed_but_not_executed(passed, then):
    issue, deliberation, [voter, *_] = passed
    rejected = dataclasses.replace(deliberation, state=domain.DeliberationState.REJECTED)

    domain.sign_resolution(rejected, voter, now=then)
    with pytest.raises(StateNotAllowed):
        domain.name_executor(rejected, issue, "P-0009", date(2025, 4, 30), by="P-0007", now=then)


def test_somebody_else_than_the_executor_evaluates_once(executed, evaluation):
    deliberation, issue = executed

    evaluated = domain.evaluate_deliberation(deliberation, evaluation)

    assert evaluated.evaluation == evaluation
    with pytest.raises(domain.AlreadyEvaluated):
        domain.evaluate_deliberation(evaluated, evaluation)
    with pytest.raises(domain.AlreadyEvaluated):
        domain.name_executor(evaluated, issue, "P-0010", date(2025, 4, 30), by="P-0007", now=evaluation.at)
    with pytest.raises(domain.ExecutorMayNotEvaluate):
        domain.evaluate_deliberation(deliberation, dataclasses.replace(evaluation, by="P-0009"))


def test_without_an_executor_there_is_nothing_to_evaluate(passed, evaluation):
    with pytest.raises(domain.NoExecutor):
        domain.evaluate_deliberation(passed[1], evaluation)


def test_a_step_that_was_left_out_is_still_the_next_one(executed, evaluation):
    deliberation = domain.evaluate_deliberation(executed[0], evaluation)

    assert deliberation.next_step.step is domain.Step.MEET  # the minutes are missing, and that is seen
    assert domain.STEPS[-1].step in {done.step for done in deliberation.steps}


def test_everybody_sees_how_it_was_evaluated_but_not_the_words(executed, evaluation):
    deliberation = domain.evaluate_deliberation(executed[0], dataclasses.replace(evaluation, remark="3栋有意见"))

    assert deliberation_view(deliberation)["evaluation"]["remark"] == "3栋有意见"
    shown = deliberation_view(deliberation, whole=False)["evaluation"]
    assert (shown["solved"], shown["after_effects"], "remark" in shown) == (True, False, False)
