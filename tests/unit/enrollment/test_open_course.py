from dataclasses import replace
from datetime import timedelta

import pytest

from services.enrollment import domain
from services.enrollment.events import CourseOpened
from shared.errors import StateNotAllowed


def test_opening_takes_learners_from_now_on(planned, now):
    closes_at = now + timedelta(days=7)

    course, fact = domain.open_course(planned, closes_at, "C01-G03", now)

    assert (course.state, course.closes_at, course.invite_scope) == (domain.CourseState.OPEN, closes_at, "C01-G03")
    assert fact == CourseOpened(course_id="CO-0501", capacity=2, closes_at=closes_at, invite_scope="C01-G03")


def test_enrolment_cannot_close_before_it_opens(planned, now):
    with pytest.raises(domain.ClosesInPast):
        domain.open_course(planned, now, None, now)


@pytest.mark.parametrize("state", [state for state in domain.CourseState if state is not domain.CourseState.PLANNED])
def test_only_a_planned_course_opens(planned, state, now):
    with pytest.raises(StateNotAllowed) as refusal:
        domain.open_course(replace(planned, state=state), None, None, now)

    assert refusal.value.details["state"] == state
    assert "open_course" not in refusal.value.details["allowed"]
