import pytest

from services.enrollment import schemas
from shared.errors import InvalidInput
from shared.schemas import load

COURSE = {
    "title": "安全隐患排查实务",
    "theme": "volunteer_service",
    "course_kind": "skill",
    "capacity": 30,
    "audience": ["resident_backbone"],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("capacity", 0),
        ("capacity", 501),
        ("capacity", "30"),
        ("audience", []),
        ("audience", ["everybody"]),
        ("theme", "cooking"),
        ("title", ""),
        ("title", {"$gt": ""}),
        ("title", "长" * 1_000_000),
        ("colour", "red"),
    ],
)
def test_a_bad_field_of_a_course_is_named(name, value):
    with pytest.raises(InvalidInput) as refusal:
        load(schemas.PlanCourse, {**COURSE, name: value})

    assert list(refusal.value.details["fields"]) == [name]


def test_a_course_needs_no_more_than_its_form():
    course = load(schemas.PlanCourse, COURSE).as_course("CO-0001")

    assert (course.capacity, course.audience, course.demand_source, course.assessed) == (
        30,
        ("resident_backbone",),
        "plan",
        False,
    )


def test_a_session_needs_a_time_with_its_zone():
    session = {"course_id": "CO-0001", "hours": 3, "session_format": "lecture"}

    with pytest.raises(InvalidInput):
        load(schemas.ScheduleSession, {**session, "starts_at": "2025-03-20T09:00:00"})
    request = load(schemas.ScheduleSession, {**session, "starts_at": "2025-03-20T09:00:00+08:00"})
    assert request.as_session("SE-0001").starts_at.isoformat() == "2025-03-20T09:00:00+08:00"


def test_a_learner_cannot_give_the_reason_that_belongs_to_the_course():
    with pytest.raises(InvalidInput):
        load(schemas.CancelEnrollment, {"course_id": "CO-0001", "person_id": "L-01", "reason": "course_cancelled"})


def test_people_present_are_named_one_by_one_or_together():
    request = load(schemas.RecordAttendance, {"session_id": "SE-0001", "person_ids": ["L-01"], "person_id": "L-02"})

    assert request.people == ("L-01", "L-02")


@pytest.mark.parametrize("scores", [{"L-01": 101}, {"L-01": -1}, {"L-01": "60"}, {"$gt": 1}, [60]])
def test_scores_are_whole_numbers_from_0_to_100_by_person(scores):
    with pytest.raises(InvalidInput):
        load(schemas.FinishCourse, {"course_id": "CO-0001", "scores": scores})


def test_an_enrolment_id_is_an_id_too():
    with pytest.raises(InvalidInput):
        load(schemas.Enroll, {"course_id": "CO-0001", "person_id": "L" * 41})
