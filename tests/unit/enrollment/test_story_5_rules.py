from collections import Counter
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.enrollment import domain

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_an_overbooked_course_ends_with_the_counts_of_story_5(planned, session, now):
    facts = []
    course, fact = domain.open_course(replace(planned, capacity=30), None, None, now)
    for number in range(1, 35):
        course, fact = domain.enroll(course, f"L-{number:02d}", now)
        facts.append(fact)

    cancelled_at = datetime(2025, 3, 15, 9, 0, tzinfo=SHANGHAI)
    course, more = domain.cancel(course, "L-07", domain.EnrollmentCancelReason.PERSONAL, cancelled_at)
    facts += more
    assert [course.position_of(person) for person in ("L-32", "L-33", "L-34")] == [1, 2, 3]

    course, more = domain.lapse(course, "L-31", datetime(2025, 3, 16, 9, 0, tzinfo=SHANGHAI))
    facts += more
    assert more[1].hold_expires_at == datetime(2025, 3, 17, 9, 0, tzinfo=SHANGHAI)
    course, fact = domain.confirm(course, "L-32", datetime(2025, 3, 16, 11, 0, tzinfo=SHANGHAI))
    facts.append(fact)
    assert (len(course.seats), course.free) == (30, 0)

    day = datetime(2025, 3, 20, 9, 0, tzinfo=SHANGHAI)
    session = replace(session, starts_at=day)
    present = [seat.person_id for seat in course.seats][:28]
    course, attendances, more = domain.record_attendance(course, session, set(), present, day)
    facts += more
    course, more = domain.finish(course, [session], domain.Presence.of([session], attendances), {}, day)
    facts += more

    assert Counter(fact.type for fact in facts) == {
        "learner.enrolled": 31,
        "learner.waitlisted": 4,
        "enrollment.cancelled": 1,
        "learner.promoted": 2,
        "enrollment.lapsed": 1,
        "attendance.recorded": 28,
        "course.completed": 28,
        "course.finished": 1,
    }
    assert (facts[-1].completed_count, facts[-1].not_completed_count) == (28, 2)
    assert [waiting.person_id for waiting in course.waiting] == ["L-33", "L-34"]
