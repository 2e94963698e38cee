from datetime import timedelta

import pytest

from services.enrollment import domain
from services.enrollment.events import EnrollmentCancelled, LearnerPromoted
from shared.errors import StateNotAllowed

PERSONAL = domain.EnrollmentCancelReason.PERSONAL


def test_the_seat_of_one_who_leaves_is_offered_to_the_head_of_the_list_for_24_hours(full, now):
    course, facts = domain.cancel(full, "L-01", PERSONAL, now)

    until = now + timedelta(hours=24)
    [cancelled, promoted] = facts
    learner = {"course_id": "CO-0501", "title": "安全隐患排查实务"}
    assert cancelled == EnrollmentCancelled(
        **learner, enrollment_id="CO-0501/L-01", person_id="L-01", reason="personal"
    )
    assert promoted == LearnerPromoted(**learner, enrollment_id="CO-0501/L-03", person_id="L-03", hold_expires_at=until)
    assert course.offers == (domain.Offer(seat_no=1, person_id="L-03", ticket=3, expires_at=until),)
    assert course.position_of("L-04") == 1


def test_one_who_waits_leaves_the_list_and_the_others_move_up(full, now):
    course, facts = domain.cancel(full, "L-03", PERSONAL, now)

    [fact] = facts
    assert (type(fact), fact.person_id) == (EnrollmentCancelled, "L-03")
    assert (course.position_of("L-03"), course.position_of("L-04")) == (None, 1)


def test_an_offer_that_is_withdrawn_goes_to_the_next(offered, now):
    course, facts = domain.cancel(offered, "L-03", PERSONAL, now + timedelta(hours=1))

    [cancelled, promoted] = facts
    assert (cancelled.person_id, promoted.person_id) == ("L-03", "L-04")
    assert promoted.hold_expires_at == now + timedelta(hours=25)
    assert [offer.person_id for offer in course.offers] == ["L-04"]


def test_without_anybody_waiting_the_seat_is_free(opened, now):
    course, _ = domain.enroll(opened, "L-01", now)

    course, facts = domain.cancel(course, "L-01", PERSONAL, now)

    assert (len(facts), course.free) == (1, 2)


def test_one_who_left_may_come_back_at_the_end_of_the_list(offered, now):
    course, fact = domain.enroll(offered, "L-01", now)

    assert (fact.position, course.waiting[-1].ticket) == (2, 5)


def test_a_seat_is_given_up_once(offered, now):
    with pytest.raises(domain.NotEnrolled):
        domain.cancel(offered, "L-01", PERSONAL, now)


def test_a_completed_course_is_not_given_up(running, presence, now):
    course, _ = domain.complete(running, "L-01", presence, None, now)

    with pytest.raises(domain.OutcomeKnown):
        domain.cancel(course, "L-01", PERSONAL, now)


def test_nobody_leaves_a_course_that_is_only_planned(planned, now):
    with pytest.raises(StateNotAllowed):
        domain.cancel(planned, "L-01", PERSONAL, now)
