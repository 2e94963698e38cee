import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import DeliberationPostponed
from shared.errors import StateNotAllowed


def put_off(now, days):
    return domain.Postponement(meets_at=now + timedelta(days=days), reason="台风", by="P-0007", at=now)


def test_the_meeting_and_the_end_of_voting_are_as_much_later(called, now):
    issue, deliberation, voters, _ = called

    deliberation, fact = domain.postpone_deliberation(
        deliberation, issue, voters, put_off(now, 18), closes_at=None, now=now
    )

    assert fact == DeliberationPostponed(
        deliberation_id="DL-0101",
        issue_id="IS-0101",
        meets_at=now + timedelta(days=18),
        postponement_no=1,
        voter_refs=("R-1001", "R-1002", "R-1003"),
        title="振徽苑9栋非机动车棚",
    )
    assert (deliberation.meets_at, deliberation.closes_at) == (now + timedelta(days=18), now + timedelta(days=20))
    assert [one.reason for one in deliberation.postponements] == ["台风"]


@pytest.mark.parametrize("days", [15, 14, -1])
def test_it_is_put_off_to_later_only(called, now, days):
    issue, deliberation, voters, _ = called

    with pytest.raises(domain.NotLater):
        domain.postpone_deliberation(deliberation, issue, voters, put_off(now, days), closes_at=None, now=now)


def test_voting_does_not_end_before_the_new_meeting(called, now):
    issue, deliberation, voters, _ = called

    with pytest.raises(domain.ClosesTooEarly):
        domain.postpone_deliberation(
            deliberation, issue, voters, put_off(now, 18), closes_at=now + timedelta(days=17), now=now
        )


def test_without_a_meeting_there_is_nothing_to_put_off(called, now):
    issue, deliberation, voters, _ = called

    with pytest.raises(domain.NothingToPostpone):
        domain.postpone_deliberation(
            dataclasses.replace(deliberation, meets_at=None), issue, voters, put_off(now, 18), closes_at=None, now=now
        )


def test_after_the_close_nothing_is_put_off(passed, now):
    issue, deliberation, voters = passed

    with pytest.raises(StateNotAllowed):
        domain.postpone_deliberation(deliberation, issue, voters, put_off(now, 30), closes_at=None, now=now)
