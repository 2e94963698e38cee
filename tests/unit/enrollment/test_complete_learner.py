from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment import domain
from services.enrollment.domain import completion
from services.enrollment.events import CourseCompleted
from shared.errors import StateNotAllowed


def test_a_learner_who_was_present_completes_the_course(running, presence, now):
    course, facts = domain.complete(running, "L-01", presence, None, now)

    assert facts == (
        CourseCompleted(
            enrollment_id="CO-0501/L-01",
            course_id="CO-0501",
            person_id="L-01",
            theme="volunteer_service",
            qualification="hazard_inspection",
            hours=3.0,
            score=None,
            completed_at=now,
            need_id=None,
            title="安全隐患排查实务",
        ),
    )
    assert course.outcomes == (domain.Outcome(person_id="L-01", completed=True, hours=3.0, score=None, decided_at=now),)


def test_completing_again_changes_and_announces_nothing(running, presence, now):
    course, _ = domain.complete(running, "L-01", presence, None, now)

    assert domain.complete(course, "L-01", presence, 30, now) == (course, ())


def test_a_refusal_names_everything_that_is_missing(running, presence, now):
    with pytest.raises(domain.CompletionNotReached) as refusal:
        domain.complete(replace(running, assessed=True), "L-02", presence, 59, now)

    assert refusal.value.details["missing"] == ["presence", "score"]


def test_only_a_learner_with_a_seat_completes(running, presence, now):
    with pytest.raises(domain.NotEnrolled):
        domain.complete(running, "L-03", presence, None, now)


def test_nobody_completes_a_course_that_has_not_begun(full, presence, now):
    with pytest.raises(StateNotAllowed):
        domain.complete(full, "L-01", presence, None, now)


@pytest.mark.parametrize(
    ("kind", "assessed", "score", "lacking"),
    [
        ("skill", True, None, ["score"]),
        ("skill", True, 59, ["score"]),
        ("skill", True, 60, []),
        ("skill", False, None, []),
        ("skill", False, 59, ["score"]),
        ("practicum", True, 100, []),
        ("general", False, None, []),
        ("general", False, 0, []),
    ],
)
def test_a_score_is_demanded_where_assessed_and_counts_where_given(planned, kind, assessed, score, lacking):
    course = replace(planned, course_kind=domain.CourseKind(kind), assessed=assessed)

    assert completion.missing(course, 3.0, 3.0, score) == lacking


@pytest.mark.parametrize(("attended", "lacking"), [(2.4, []), (2.3, ["presence"]), (0.0, ["presence"])])
def test_presence_is_four_fifths_of_the_hours(planned, attended, lacking):
    assert completion.missing(planned, attended, 3.0, None) == lacking


@given(tenths=st.lists(st.integers(5, 80), min_size=1, max_size=20))
def test_hours_that_are_no_exact_binary_numbers_count_exactly(tenths):
    course = domain.Course(
        course_id="CO-0001",
        title="课程",
        theme=domain.Theme.URBAN_MANAGEMENT,
        course_kind=domain.CourseKind.GENERAL,
        capacity=1,
        audience=(domain.Audience.COMMUNITY_CADRE,),
    )
    attended = sum(tenth / 10 for tenth in tenths[: len(tenths) * 4 // 5])
    reached = sum(tenths[: len(tenths) * 4 // 5]) * 100 >= sum(tenths) * 80

    assert (completion.missing(course, attended, sum(tenth / 10 for tenth in tenths), None) == []) is reached
