import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueContacted
from shared.clock import COMMUNITY_TIME
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import TIMES

REACHED = domain.Contact(reached=True, how=domain.ContactWay.PHONE)
TRIED = domain.Contact(reached=False, how=domain.ContactWay.DOOR)


def contact(issue, now, told=REACHED, *, by="U-0071", units=("PC-0007",)):
    return domain.record_contact(issue, told, by=by, units=units, now=now)


def test_the_wait_ends_when_the_reporter_is_reached(signed, now):
    issue, entries, fact = contact(signed, now + timedelta(hours=1))

    assert fact == IssueContacted(issue_id="IS-0101", reached=True)
    assert (issue.contacted_at, issue.contacted_how, entries) == (
        now + timedelta(hours=1),
        domain.ContactWay.PHONE,
        (),
    )
    assert issue.clock(domain.ClockKind.CONTACT) is None


def test_a_try_is_counted_and_the_wait_goes_on(signed, now):
    issue, _, _ = contact(signed, now, TRIED)
    issue, _, fact = contact(issue, now, TRIED)

    assert (fact.reached, issue.contact_tries, issue.contacted_at) == (False, 2, None)
    assert issue.clock(domain.ClockKind.CONTACT) == signed.clock(domain.ClockKind.CONTACT)


def test_nobody_is_spoken_to_and_the_clock_says_so_at_its_minute(signed, estate):
    around = domain.Around(above=estate, times=TIMES)
    due = datetime(2025, 3, 4, 9, 0, tzinfo=COMMUNITY_TIME)

    issue, warned = domain.tick(signed, around, due - timedelta(minutes=1))
    _, [expired] = domain.tick(issue, around, due)

    assert [fact.type for fact in warned] == ["issue.clock_warned"]
    assert (expired.type, expired.clock, expired.unit, expired.due_at) == (
        "issue.clock_expired",
        "contact",
        "PC-0007",
        due,
    )


def test_a_note_goes_to_the_diary_and_stays_inside(signed, now):
    issue, [entry], fact = contact(signed, now, dataclasses.replace(TRIED, note="邻居说她出门了"))

    assert (entry.update_id, entry.kind, entry.public, entry.text) == (
        "IS-0101/1",
        domain.UpdateKind.CONTACT,
        False,
        "邻居说她出门了",
    )
    assert (issue.updates, "邻居" in str(fact)) == (1, False)


def test_a_unit_that_assists_may_speak_to_the_reporter_and_has_handled_it_then(signed, now):
    issue, _ = domain.add_assisting(signed, domain.Task(unit="DEP-0003", task="检验"), now)

    issue, _, _ = contact(issue, now, by="U-0031", units=("DEP-0003",))

    assert issue.handlers == ("U-0071", "U-0031")


@pytest.mark.parametrize(("by", "units"), [("P-0009", ()), ("U-0011", ("UT-0001",))])
def test_nobody_else_does(signed, now, by, units):
    with pytest.raises(domain.NotOfTheUnit):
        contact(signed, now, by=by, units=units)


def test_where_no_outside_unit_leads_our_own_people_do(in_progress, now):
    issue, _, _ = contact(in_progress, now, by="P-0009", units=())

    assert "P-0009" in issue.handlers
    with pytest.raises(domain.NotOfTheUnit):
        contact(in_progress, now, by="U-0071", units=("PC-0007",))


def test_who_verified_does_not(signed, now):
    with pytest.raises(domain.VerifierMayNotHandle):
        contact(dataclasses.replace(signed, verifiers=("U-0071",)), now)


def test_before_somebody_has_signed_there_is_nothing_to_say(dispatched, now):
    with pytest.raises(StateNotAllowed):
        contact(dispatched, now)


@pytest.mark.parametrize(("field", "wrong"), [("reached", "yes"), ("how", "pigeon"), ("note", "")])
def test_a_contact_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    with pytest.raises(InvalidInput) as error:
        load(schemas.RecordContact, {"issue_id": "IS-1", "reached": True, "how": "phone", field: wrong})

    assert list(error.value.details["fields"]) == [field]
