import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain import AnswersNotValid, StopAnswer, check_answers
from services.issues.domain.questions import Datatype, Question, Stop, Value
from tests.support.categories import CATEGORIES

LIFT = CATEGORIES["lift_maintenance"]
FINE = {"trapped": "no", "lift_no": "3单元1号梯", "symptoms": ["noise"]}


def problems(category, answers):
    with pytest.raises(AnswersNotValid) as refused:
        check_answers(category, answers)
    assert refused.value.details["category"] == category.category_id
    return refused.value.details["answers"]


def test_answers_are_kept_in_the_order_of_the_questions():
    answers = {"since": "2025-03-02T23:30:00Z", "symptoms": ["noise", "stopped"], "lift_no": "1号梯", "trapped": "no"}

    assert list(check_answers(LIFT, answers).items()) == [
        ("trapped", "no"),
        ("lift_no", "1号梯"),
        ("symptoms", ["stopped", "noise"]),
        ("since", "2025-03-03T07:30:00+08:00"),
    ]


def test_what_is_left_out_and_not_required_is_not_kept():
    assert check_answers(LIFT, {**FINE, "since": None}) == FINE
    assert check_answers(LIFT, {**FINE, "since": ""}) == FINE


def test_every_missing_answer_is_named_with_what_is_allowed():
    assert problems(LIFT, {"symptoms": []}) == {
        "trapped": "是否有人被困在电梯里？: an answer is required: one of yes, no",
        "lift_no": "电梯编号或位置: an answer is required: a text of up to 200 characters",
        "symptoms": "有什么现象？: an answer is required: a list of stopped, noise, levelling, doors, buttons",
    }


@pytest.mark.parametrize(
    ("code", "answer", "allowed"),
    [
        ("trapped", "perhaps", "must be one of yes, no"),
        ("trapped", ["no"], "must be one of yes, no"),
        ("trapped", {"$gt": ""}, "must be one of yes, no"),
        ("lift_no", 3, "must be a text of up to 200 characters"),
        ("lift_no", "x" * 201, "must be a text of up to 200 characters"),
        ("symptoms", "noise", "must be a list of stopped"),
        ("symptoms", ["noise", "magic"], "must be a list of stopped"),
        ("symptoms", [["noise"]], "must be a list of stopped"),
        ("since", "yesterday", "must be a moment with its offset"),
        ("since", "2025-03-02T23:30:00", "must be a moment with its offset"),
        ("since", 1741000000, "must be a moment with its offset"),
        ("since", "9999-12-31T23:59:59-11:00", "must be a moment with its offset"),
    ],
)
def test_an_answer_of_another_kind_is_refused(code, answer, allowed):
    [(named, why)] = problems(LIFT, {**FINE, code: answer}).items()

    assert named == code
    assert allowed in why


@pytest.mark.parametrize("answer", ["3", True, math.nan, math.inf, 10**400, -(10**16), [3]])
def test_a_number_is_a_finite_number(answer):
    [(_, why)] = problems(CATEGORIES["parking"], {"about": ["fees"], "spaces": answer}).items()

    assert why.endswith("must be a number of at most 1000000000000000")


def test_numbers_are_kept_as_they_are():
    assert check_answers(CATEGORIES["parking"], {"about": ["fees"], "spaces": 40})["spaces"] == 40


def test_an_answer_to_no_question_is_refused_with_the_questions_there_are():
    assert problems(LIFT, {**FINE, "colour": "red"}) == {
        "colour": "no such question; there are trapped, lift_no, symptoms, since"
    }


def test_no_refusal_repeats_the_words_of_the_resident():
    with pytest.raises(AnswersNotValid) as refused:
        check_answers(LIFT, {**FINE, "trapped": "王小梅在三楼", "since": "李桂兰说的"})

    assert "王小梅" not in str(refused.value)
    assert "李桂兰" not in str(refused.value)


def test_somebody_in_danger_is_told_what_to_do_whatever_else_is_missing():
    with pytest.raises(StopAnswer) as refused:
        check_answers(LIFT, {"trapped": "yes", "lift_no": 3})

    details = refused.value.details
    assert (details["question"], details["answer"]) == ("trapped", "yes")
    assert "119" in details["advice_zh"]
    assert "Press the emergency button" in details["advice_en"]


def test_one_of_several_answers_can_stop_the_form():
    question = Question(
        code="seen",
        label_zh="看到什么？",
        label_en="What do you see?",
        datatype=Datatype.MULTIVALUELIST,
        values=(Value(key="smoke", name_zh="烟", name_en="Smoke"), Value(key="mice", name_zh="老鼠", name_en="Mice")),
        stops=(Stop(answer="smoke", advice_zh="请拨打119", advice_en="Call 119"),),
    )
    category = LIFT.__class__(**{**vars(LIFT), "questions": (question,)})

    assert check_answers(category, {"seen": ["mice"]}) == {"seen": ["mice"]}
    with pytest.raises(StopAnswer):
        check_answers(category, {"seen": ["mice", "smoke"]})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(category=st.sampled_from(list(CATEGORIES.values())), data=st.data())
def test_whatever_comes_in_is_checked_or_refused(category, data):
    codes = st.sampled_from([question.code for question in category.questions]) | st.text()
    answers = data.draw(st.dictionaries(codes, json_values | st.sampled_from(["yes", "no"]), max_size=6))

    try:
        checked = check_answers(category, answers)
    except (AnswersNotValid, StopAnswer):
        return
    assert check_answers(category, checked) == checked
    assert set(checked) <= {question.code for question in category.questions}
