"""A small course in each state: two seats, and L-01 … L-04 who want one."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.enrollment import domain


@pytest.fixture
def now():
    return datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def planned():
    return domain.Course(
        course_id="CO-0501",
        title="安全隐患排查实务",
        theme=domain.Theme.VOLUNTEER_SERVICE,
        course_kind=domain.CourseKind.SKILL,
        capacity=2,
        audience=(domain.Audience.RESIDENT_BACKBONE,),
        qualification="hazard_inspection",
    )


@pytest.fixture
def opened(planned):
    return replace(planned, state=domain.CourseState.OPEN)


@pytest.fixture
def full(opened, now):
    """L-01 and L-02 are seated, L-03 and L-04 wait."""
    course = opened
    for person_id in ("L-01", "L-02", "L-03", "L-04"):
        course, _ = domain.enroll(course, person_id, now)
    return course


@pytest.fixture
def offered(full, now):
    """L-01 has left; the seat is kept for L-03."""
    course, _ = domain.cancel(full, "L-01", domain.EnrollmentCancelReason.PERSONAL, now)
    return course


@pytest.fixture
def session(now):
    return domain.Session(
        session_id="SE-0501",
        course_id="CO-0501",
        starts_at=now,
        hours=3.0,
        session_format=domain.SessionFormat.LECTURE,
    )


@pytest.fixture
def running(full, session, now):
    """L-01 was present at the one session, L-02 was not."""
    course, _, _ = domain.record_attendance(full, session, set(), ["L-01"], now)
    return course


@pytest.fixture
def presence():
    return domain.Presence(course_hours=3.0, hours={"L-01": 3.0})
