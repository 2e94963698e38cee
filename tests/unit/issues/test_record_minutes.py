import dataclasses
from datetime import date, timedelta

import pytest

from services.issues import domain
from services.issues.schemas import deliberation_view
from shared.errors import StateNotAllowed


@pytest.fixture
def minutes(now):
    return domain.Minutes(
        held_at=now + timedelta(days=15),
        place="一楼见",
        host="P-0007",
        recorder="P-0009",
        present=("R-1001", "R-1002"),
        views=(domain.Standpoint(side="业主", view="同意,但要留消防通道"),),
        result="一致同意",
        measures=(domain.Measure(text="划线", responsible="P-0009", due_on=date(2025, 4, 1)),),
    )


def test_minutes_are_kept_and_the_step_is_taken(called, minutes, now):
    _, deliberation, _, _ = called
    after = now + timedelta(days=16)

    deliberation = domain.record_minutes(deliberation, minutes, by="P-0009", now=after)

    assert deliberation.minutes == minutes
    assert (deliberation.steps[-1].step, deliberation.steps[-1].by) == (domain.Step.MEET, "P-0009")
    assert deliberation.next_step.step is domain.Step.VOTE


def test_what_was_said_is_shown_to_those_who_were_asked_only(called, minutes, now):
    deliberation = domain.record_minutes(called[1], minutes, by="P-0009", now=now + timedelta(days=16))

    assert deliberation_view(deliberation)["minutes"]["views"][0]["view"] == "同意,但要留消防通道"
    masked = deliberation_view(deliberation, whole=False)
    assert (masked["masked"], "消防通道" in str(masked)) == (True, False)


@pytest.mark.parametrize("days", [-1, 17])
def test_minutes_are_of_a_meeting_between_the_notice_and_now(called, minutes, now, days):
    with pytest.raises(domain.MeetingNotHeld):
        domain.record_minutes(
            called[1],
            dataclasses.replace(minutes, held_at=now + timedelta(days=days)),
            by="P-0009",
            now=now + timedelta(days=16),
        )


def test_what_somebody_has_signed_is_not_changed(resolution, minutes, now):
    _, deliberation = resolution

    with pytest.raises(domain.MinutesSigned):
        domain.record_minutes(deliberation, minutes, by="P-0009", now=now + timedelta(days=18))


def test_before_the_opening_there_is_no_meeting(proposed, minutes, now):
    with pytest.raises(StateNotAllowed):
        domain.record_minutes(proposed[1], minutes, by="P-0009", now=now + timedelta(days=16))
