from dataclasses import replace

import pytest

from services.enrollment import domain
from services.enrollment.events import CoursePlanned


def test_a_planned_course_is_announced_with_its_demand(planned):
    course, fact = domain.plan_course(planned)

    assert course == planned
    assert fact == CoursePlanned(
        course_id="CO-0501",
        theme="volunteer_service",
        course_kind="skill",
        audience=("resident_backbone",),
        capacity=2,
        demand_source="plan",
        need_id=None,
    )


def test_a_practicum_is_always_assessed(planned):
    course, _ = domain.plan_course(replace(planned, course_kind=domain.CourseKind.PRACTICUM))

    assert course.assessed


def test_a_skill_course_is_assessed_only_if_it_says_so(planned):
    assert not domain.plan_course(planned)[0].assessed
    assert domain.plan_course(replace(planned, assessed=True))[0].assessed


def test_a_general_course_cannot_be_assessed(planned):
    with pytest.raises(domain.AssessmentNotAllowed):
        domain.plan_course(replace(planned, course_kind=domain.CourseKind.GENERAL, assessed=True))


@pytest.mark.parametrize(
    ("source", "need_id"), [(domain.DemandSource.TRAINING_NEED, None), (domain.DemandSource.SURVEY, "TN-0201")]
)
def test_a_need_is_named_exactly_when_the_course_comes_from_one(planned, source, need_id):
    with pytest.raises(domain.NeedMismatch):
        domain.plan_course(replace(planned, demand_source=source, need_id=need_id))


def test_a_course_from_a_training_need_carries_it(planned):
    course, fact = domain.plan_course(
        replace(planned, demand_source=domain.DemandSource.TRAINING_NEED, need_id="TN-0201")
    )

    assert (course.need_id, fact.need_id) == ("TN-0201", "TN-0201")
