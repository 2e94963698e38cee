import pytest

from services.enrollment import domain
from services.enrollment.events import CourseCancelled, EnrollmentCancelled
from shared.errors import StateNotAllowed


def test_a_cancelled_course_releases_seats_offers_and_waiting_list(offered):
    course, facts = domain.cancel_course(offered, domain.CourseCancelReason.VENUE_UNAVAILABLE)

    assert (course.state, course.places) == (domain.CourseState.CANCELLED, ())
    [cancelled, *released] = facts
    assert cancelled == CourseCancelled(course_id="CO-0501", reason="venue_unavailable", need_id=None)
    assert [(type(fact), fact.person_id, fact.reason) for fact in released] == [
        (EnrollmentCancelled, person_id, "course_cancelled") for person_id in ("L-02", "L-03", "L-04")
    ]


def test_a_planned_course_is_cancelled_with_one_fact(planned):
    _, facts = domain.cancel_course(planned, domain.CourseCancelReason.NO_LONGER_NEEDED)

    [fact] = facts
    assert fact == CourseCancelled(course_id="CO-0501", reason="no_longer_needed", need_id=None)


def test_a_course_that_has_begun_is_finished_not_cancelled(running):
    with pytest.raises(StateNotAllowed):
        domain.cancel_course(running, domain.CourseCancelReason.TOO_FEW_LEARNERS)
