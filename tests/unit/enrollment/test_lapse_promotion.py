from datetime import timedelta

import pytest

from services.enrollment import domain
from services.enrollment.events import EnrollmentLapsed, LearnerPromoted


def test_at_the_end_of_the_hold_the_seat_is_offered_to_the_next(offered, now):
    course, facts = domain.lapse(offered, "L-03", now + domain.HOLD)

    [lapsed, promoted] = facts
    learner = {"course_id": "CO-0501", "title": "安全隐患排查实务"}
    assert lapsed == EnrollmentLapsed(**learner, enrollment_id="CO-0501/L-03", person_id="L-03")
    assert promoted == LearnerPromoted(
        **learner, enrollment_id="CO-0501/L-04", person_id="L-04", hold_expires_at=now + timedelta(hours=48)
    )
    assert (course.offer_of("L-03"), course.waiting, course.lapsed) == (None, (), ("L-03",))


def test_with_nobody_left_waiting_the_seat_is_free(offered, now):
    course, _ = domain.lapse(offered, "L-03", now + domain.HOLD)

    course, facts = domain.lapse(course, "L-04", now + 2 * domain.HOLD)

    [fact] = facts
    assert (type(fact), course.free) == (EnrollmentLapsed, 1)


def test_an_offer_does_not_lapse_while_its_hold_runs(offered, now):
    with pytest.raises(domain.OfferAnswered):
        domain.lapse(offered, "L-03", now + domain.HOLD - timedelta(seconds=1))


def test_a_confirmed_offer_does_not_lapse(offered, now):
    course, _ = domain.confirm(offered, "L-03", now)

    with pytest.raises(domain.OfferAnswered):
        domain.lapse(course, "L-03", now + domain.HOLD)


def test_who_let_an_offer_lapse_may_join_again_at_the_end(offered, now):
    course, _ = domain.lapse(offered, "L-03", now + domain.HOLD)

    course, fact = domain.enroll(course, "L-03", now + domain.HOLD)

    assert (fact.position, course.waiting[-1].ticket, course.lapsed) == (1, 5, ())
