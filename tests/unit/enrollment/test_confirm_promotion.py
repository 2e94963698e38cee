from datetime import timedelta

import pytest

from services.enrollment import domain
from services.enrollment.events import LearnerEnrolled

BEFORE_THE_END = domain.HOLD - timedelta(seconds=1)


def test_who_confirms_in_time_takes_the_seat_that_was_kept(offered, now):
    course, fact = domain.confirm(offered, "L-03", now + BEFORE_THE_END)

    assert fact == LearnerEnrolled(
        enrollment_id="CO-0501/L-03",
        course_id="CO-0501",
        person_id="L-03",
        seat_no=1,
        reserved=False,
        title="安全隐患排查实务",
    )
    assert (course.seat_of("L-03"), course.offers) == (domain.Seat(seat_no=1, person_id="L-03", ticket=3), ())


def test_who_confirms_when_the_hold_is_over_is_too_late(offered, now):
    with pytest.raises(domain.PromotionLapsed):
        domain.confirm(offered, "L-03", now + domain.HOLD)


def test_who_confirms_after_the_seat_went_on_is_told_the_same(offered, now):
    course, _ = domain.lapse(offered, "L-03", now + domain.HOLD)

    with pytest.raises(domain.PromotionLapsed):
        domain.confirm(course, "L-03", now + domain.HOLD)


def test_a_seat_is_confirmed_once(offered, now):
    course, _ = domain.confirm(offered, "L-03", now)

    with pytest.raises(domain.AlreadyEnrolled):
        domain.confirm(course, "L-03", now)


@pytest.mark.parametrize("person_id", ["L-04", "L-99"], ids=["waiting", "stranger"])
def test_nobody_confirms_what_was_not_offered(offered, person_id, now):
    with pytest.raises(domain.NotPromoted):
        domain.confirm(offered, person_id, now)
