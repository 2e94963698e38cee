from dataclasses import replace
from datetime import timedelta

import pytest

from services.enrollment import domain
from services.enrollment.events import CourseCompleted, CourseFinished, EnrollmentLapsed
from shared.errors import StateNotAllowed


def test_every_seat_gets_an_outcome_and_each_completion_is_announced(running, session, presence, now):
    course, facts = domain.finish(running, [session], presence, {}, now)

    [completed, finished] = facts
    assert (type(completed), completed.person_id, completed.hours) == (CourseCompleted, "L-01", 3.0)
    assert finished == CourseFinished(course_id="CO-0501", completed_count=1, not_completed_count=1, need_id=None)
    assert course.state is domain.CourseState.FINISHED
    assert [(outcome.person_id, outcome.completed) for outcome in course.outcomes] == [("L-01", True), ("L-02", False)]
    assert [waiting.person_id for waiting in course.waiting] == ["L-03", "L-04"]


def test_who_completed_before_is_counted_but_not_announced_again(running, session, presence, now):
    course, _ = domain.complete(running, "L-01", presence, None, now)

    _, facts = domain.finish(course, [session], presence, {}, now)

    [fact] = facts
    assert fact == CourseFinished(course_id="CO-0501", completed_count=1, not_completed_count=1, need_id=None)


def test_a_score_below_sixty_does_not_complete_an_assessed_course(running, session, now):
    both = domain.Presence(course_hours=3.0, hours={"L-01": 3.0, "L-02": 3.0})

    course, facts = domain.finish(replace(running, assessed=True), [session], both, {"L-01": 60, "L-02": 55}, now)

    [completed, finished] = facts
    assert (completed.person_id, completed.score) == ("L-01", 60)
    assert (finished.completed_count, finished.not_completed_count) == (1, 1)
    assert course.outcome_of("L-02").score == 55


def test_an_offer_nobody_confirmed_ends_with_the_course(offered, session, now):
    course, _, _ = domain.record_attendance(offered, session, set(), ["L-02"], now)

    course, facts = domain.finish(course, [session], domain.Presence(course_hours=3.0, hours={"L-02": 3.0}), {}, now)

    [completed, lapsed, finished] = facts
    assert (completed.person_id, type(lapsed), lapsed.person_id) == ("L-02", EnrollmentLapsed, "L-03")
    assert (finished.completed_count, finished.not_completed_count) == (1, 0)
    assert course.offers == ()


def test_a_course_is_not_finished_before_its_last_session_begins(running, session, presence, now):
    ahead = replace(session, session_id="SE-0502", starts_at=now + timedelta(days=2))

    with pytest.raises(domain.SessionsAhead) as refusal:
        domain.finish(running, [session, ahead], presence, {}, now)

    assert refusal.value.details["session_ids"] == ["SE-0502"]


def test_a_score_for_somebody_without_a_seat_is_refused(running, session, presence, now):
    with pytest.raises(domain.NotEnrolled):
        domain.finish(running, [session], presence, {"L-03": 90}, now)


def test_a_course_is_finished_once(running, session, presence, now):
    course, _ = domain.finish(running, [session], presence, {}, now)

    with pytest.raises(StateNotAllowed):
        domain.finish(course, [session], presence, {}, now)


def test_deciding_again_from_the_same_presence_and_scores_gives_the_same(running, session, presence, now):
    scores = {"L-01": 70}

    assert domain.finish(running, [session], presence, scores, now) == domain.finish(
        running, [session], presence, scores, now
    )


def test_presence_adds_up_sessions_and_attendances(full, session, now):
    second = replace(session, session_id="SE-0502", hours=2.0)
    _, first_day, _ = domain.record_attendance(full, session, set(), ["L-01", "L-02"], now)
    _, second_day, _ = domain.record_attendance(full, second, set(), ["L-01"], now)

    presence = domain.Presence.of([session, second], [*first_day, *second_day])

    assert presence == domain.Presence(course_hours=5.0, hours={"L-01": 5.0, "L-02": 3.0})
