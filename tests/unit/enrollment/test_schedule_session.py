from dataclasses import replace

import pytest

from services.enrollment import domain
from services.enrollment.events import SessionScheduled
from shared.errors import StateNotAllowed


def test_a_session_has_a_time_and_a_form(planned, session, now):
    scheduled, fact = domain.schedule(planned, session)

    assert scheduled == session
    assert fact == SessionScheduled(
        session_id="SE-0501",
        course_id="CO-0501",
        session_format="lecture",
        starts_at=now,
        venue_id=None,
        instructor_id=None,
        hours=3.0,
    )


@pytest.mark.parametrize("away", [domain.SessionFormat.FIELD_TEACHING, domain.SessionFormat.STUDY_VISIT])
def test_a_session_elsewhere_needs_its_venue(planned, session, away):
    with pytest.raises(domain.VenueMissing):
        domain.schedule(planned, replace(session, session_format=away))

    scheduled, _ = domain.schedule(planned, replace(session, session_format=away, venue_id="BASE-01"))
    assert scheduled.venue_id == "BASE-01"


def test_a_course_that_runs_keeps_its_hours(running, session):
    with pytest.raises(StateNotAllowed):
        domain.schedule(running, replace(session, session_id="SE-0502"))
