import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from shared.errors import StateNotAllowed


@pytest.fixture
def session(now):
    return domain.Session(held_at=now + timedelta(hours=3), notes="双方各退一步", present=("R-1001", "R-1007"))


def record(mediation, session, now, by="V-2101"):
    return domain.record_mediation_session(mediation, session, by=by, now=now)


def test_the_notes_of_a_talk_are_kept(mediating, session, now):
    mediation = record(mediating[1], session, now + timedelta(days=1))

    assert mediation.sessions == (session,)
    assert record(mediation, session, now + timedelta(days=1)).sessions == (session, session)


def test_only_its_own_mediator_keeps_them(mediating, session, now):
    with pytest.raises(domain.NotTheMediator):
        record(mediating[1], session, now + timedelta(days=1), by="V-2102")


@pytest.mark.parametrize("hours", [0, 25])
def test_a_talk_was_held_between_the_referral_and_now(mediating, session, now, hours):
    session = dataclasses.replace(session, held_at=now + timedelta(hours=hours))

    with pytest.raises(domain.SessionNotHeld):
        record(mediating[1], session, now + timedelta(days=1))


def test_a_mediation_is_no_endless_talk(mediating, session, now):
    mediation = dataclasses.replace(mediating[1], sessions=(session,) * 100)

    with pytest.raises(domain.TooManySessions):
        record(mediation, session, now + timedelta(days=1))


def test_after_the_end_there_are_no_talks(mediating, session, now):
    mediation = dataclasses.replace(mediating[1], state=domain.MediationState.FAILED)

    with pytest.raises(StateNotAllowed):
        record(mediation, session, now + timedelta(days=1))
