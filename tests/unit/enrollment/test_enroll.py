from dataclasses import replace

import pytest

from services.enrollment import domain
from services.enrollment.domain import seats
from services.enrollment.events import LearnerEnrolled, LearnerWaitlisted


def test_who_comes_while_a_seat_is_free_gets_it(opened, now):
    course, fact = domain.enroll(opened, "L-01", now)

    assert course.seats == (domain.Seat(seat_no=1, person_id="L-01", ticket=1),)
    assert fact == LearnerEnrolled(
        enrollment_id="CO-0501/L-01",
        course_id="CO-0501",
        person_id="L-01",
        seat_no=1,
        reserved=False,
        title="安全隐患排查实务",
    )


def test_who_comes_later_waits_in_the_order_of_coming(opened, now):
    course = opened
    facts = []
    for number in range(1, 5):
        course, fact = domain.enroll(course, f"L-0{number}", now)
        facts.append(fact)

    assert [fact.seat_no for fact in facts if isinstance(fact, LearnerEnrolled)] == [1, 2]
    assert [fact.position for fact in facts if isinstance(fact, LearnerWaitlisted)] == [1, 2]
    assert [(waiting.person_id, waiting.ticket) for waiting in course.waiting] == [("L-03", 3), ("L-04", 4)]


def test_a_seat_nobody_waits_for_goes_to_the_next_who_enrols(opened, now):
    course, _ = domain.enroll(opened, "L-01", now)
    course, _ = domain.enroll(course, "L-02", now)
    course, _ = domain.cancel(course, "L-01", domain.EnrollmentCancelReason.PERSONAL, now)

    course, fact = domain.enroll(course, "L-03", now)

    assert fact.seat_no == 1
    assert [seat.person_id for seat in course.seats] == ["L-02", "L-03"]


def test_an_offered_seat_is_not_given_to_somebody_else(offered, now):
    course, fact = domain.enroll(offered, "L-05", now)

    assert isinstance(fact, LearnerWaitlisted)
    assert (fact.position, course.free) == (2, 0)


@pytest.mark.parametrize("person_id", ["L-02", "L-03", "L-04"], ids=["seated", "offered", "waiting"])
def test_nobody_has_two_places_in_a_course(offered, person_id, now):
    with pytest.raises(domain.AlreadyEnrolled):
        domain.enroll(offered, person_id, now)


@pytest.mark.parametrize("state", [state for state in domain.CourseState if state is not domain.CourseState.OPEN])
def test_only_an_open_course_takes_learners(opened, state, now):
    with pytest.raises(domain.EnrollmentClosed) as refusal:
        domain.enroll(replace(opened, state=state), "L-01", now)

    assert refusal.value.code == "enrollment_closed"


def test_enrolment_is_over_at_its_closing_time(opened, now):
    with pytest.raises(domain.EnrollmentClosed):
        domain.enroll(replace(opened, closes_at=now), "L-01", now)


def test_the_waiting_list_has_an_end(full, now):
    crowd = tuple(domain.Waiting(person_id=f"X-{number}", ticket=number) for number in range(seats.WAITING_LIMIT))

    with pytest.raises(domain.WaitingListFull):
        domain.enroll(replace(full, waiting=crowd), "L-05", now)
