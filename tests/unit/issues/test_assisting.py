import dataclasses
from datetime import timedelta

import pytest

from services.issues import domain
from services.issues.events import IssueAssistingAdded, IssueAssistingEnded
from shared.errors import StateNotAllowed

LIFT = domain.Task(unit="DEP-0003", task="检验电梯")


def test_a_unit_is_asked_to_assist_while_the_work_goes_on(signed, now):
    issue, fact = domain.add_assisting(signed, LIFT, now)

    assert fact == IssueAssistingAdded(issue_id="IS-0101", unit="DEP-0003", until=None)
    [assisting] = issue.assisting
    assert (assisting.unit, assisting.task, assisting.holds(now)) == ("DEP-0003", "检验电梯", True)


@pytest.mark.parametrize("unit", ["PC-0007", "DEP-0003"])
def test_a_unit_that_is_in_it_is_not_asked_again(signed, now, unit):
    issue, _ = domain.add_assisting(signed, LIFT, now)

    with pytest.raises(domain.AlreadyInIt, match=unit):
        domain.add_assisting(issue, domain.Task(unit=unit, task="x"), now)


def test_assistance_ends_by_itself_at_its_date_and_may_begin_again(signed, now):
    issue, _ = domain.add_assisting(signed, dataclasses.replace(LIFT, until=now + timedelta(days=1)), now)
    [first] = issue.assisting

    again, _ = domain.add_assisting(issue, LIFT, now + timedelta(days=1))

    assert (first.holds(now + timedelta(hours=23)), first.holds(now + timedelta(days=1))) == (True, False)
    assert [one.holds(now + timedelta(days=2)) for one in again.assisting] == [False, True]


def test_a_unit_assists_no_longer_and_stays_on_record(signed, now):
    issue, _ = domain.add_assisting(signed, LIFT, now)

    issue, fact = domain.end_assisting(issue, "DEP-0003", now + timedelta(hours=1))

    assert fact == IssueAssistingEnded(issue_id="IS-0101", unit="DEP-0003")
    assert [one.ended_at for one in issue.assisting] == [now + timedelta(hours=1)]
    with pytest.raises(domain.DoesNotAssist, match="no unit assists"):
        domain.end_assisting(issue, "DEP-0003", now + timedelta(hours=2))


def test_the_refusal_names_the_units_that_assist(signed, now):
    issue, _ = domain.add_assisting(signed, LIFT, now)

    with pytest.raises(domain.DoesNotAssist) as refusal:
        domain.end_assisting(issue, "UT-0001", now)

    assert refusal.value.details["assisting"] == ["DEP-0003"]


def test_before_the_lead_has_signed_nobody_is_added(dispatched, now):
    with pytest.raises(StateNotAllowed):
        domain.add_assisting(dispatched, LIFT, now)
    with pytest.raises(StateNotAllowed):
        domain.end_assisting(dispatched, "DEP-0003", now)
