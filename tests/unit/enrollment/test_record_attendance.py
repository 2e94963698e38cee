from datetime import timedelta

import pytest

from services.enrollment import domain
from services.enrollment.events import AttendanceRecorded
from shared.errors import StateNotAllowed


def test_each_person_present_is_one_person_time(full, session, now):
    course, attendances, facts = domain.record_attendance(full, session, set(), ["L-01", "L-02"], now)

    assert course.state is domain.CourseState.RUNNING
    assert [attendance.attendance_id for attendance in attendances] == ["SE-0501/L-01", "SE-0501/L-02"]
    assert facts[0] == AttendanceRecorded(
        attendance_id="SE-0501/L-01", session_id="SE-0501", course_id="CO-0501", person_id="L-01", hours=3.0
    )
    assert len(facts) == 2


def test_a_second_recording_of_the_same_announces_nothing(full, session, now):
    _, attendances, facts = domain.record_attendance(full, session, {"L-01"}, ["L-01", "L-02", "L-02"], now)

    [attendance], [fact] = attendances, facts
    assert (attendance.person_id, fact.person_id) == ("L-02", "L-02")


def test_only_learners_with_a_seat_are_recorded_and_each_other_is_named(full, session, now):
    with pytest.raises(domain.NotEnrolled) as refusal:
        domain.record_attendance(full, session, set(), ["L-01", "L-03", "L-99"], now)

    assert refusal.value.details["person_ids"] == ["L-03", "L-99"]


def test_attendance_opens_one_hour_before_the_session(full, session, now):
    with pytest.raises(domain.SessionNotBegun):
        domain.record_attendance(full, session, set(), ["L-01"], now - timedelta(minutes=61))

    _, _, facts = domain.record_attendance(full, session, set(), ["L-01"], now - timedelta(minutes=60))
    assert len(facts) == 1


def test_a_recording_names_somebody(full, session, now):
    with pytest.raises(domain.NobodyNamed):
        domain.record_attendance(full, session, set(), [], now)


def test_nothing_is_recorded_for_a_finished_course(running, session, presence, now):
    course, _ = domain.finish(running, [session], presence, {}, now)

    with pytest.raises(StateNotAllowed):
        domain.record_attendance(course, session, set(), ["L-02"], now)
