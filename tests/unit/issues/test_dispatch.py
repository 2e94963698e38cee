import dataclasses
from datetime import datetime, timedelta

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueDispatched
from shared.clock import COMMUNITY_TIME
from shared.errors import InvalidInput, StateNotAllowed
from shared.schemas import load
from tests.support.times import TIMES

PUMP = domain.Task(unit="DEP-0003", task="协助停水")


def dispatch(issue, unit, now, tasks=(), note=None):
    return domain.dispatch(issue, unit, tasks, note=note, by="P-0200", now=now, times=TIMES)


def test_a_dispatched_issue_waits_for_the_lead_units_signature(harmless, company, now):
    issue, fact = dispatch(harmless, company, now, [PUMP])

    assert fact == IssueDispatched(
        issue_id="IS-0101",
        lead_unit="PC-0007",
        assisting_units=("DEP-0003",),
        dispatch_no=1,
        sign_by=datetime(2025, 3, 4, 9, 0, tzinfo=COMMUNITY_TIME),
        due_at=harmless.due_at,
        reporter_ref="R-1001",
        title="振徽苑9栋非机动车棚",
        lead_kind="property_company",
        handler_refs=("U-0071", "U-0072"),
    )
    assert (issue.state, issue.lead_unit, issue.unit_at_work) == (domain.IssueState.DISPATCHED, "PC-0007", "PC-0007")
    [order] = issue.orders
    assert (order.unit, order.by, order.return_by) == (
        "PC-0007",
        "P-0200",
        datetime(2025, 3, 5, 9, 0, tzinfo=COMMUNITY_TIME),
    )


def test_the_residents_time_and_the_ladder_run_on(harmless, company, now):
    issue, _ = dispatch(harmless, company, now)

    for kind in (domain.ClockKind.RESOLVE, domain.ClockKind.LADDER):
        assert issue.clock(kind) == harmless.clock(kind)


@pytest.mark.parametrize(
    ("sent", "sign_by"),
    [
        ("2025-03-03T09:00", "2025-03-04T09:00"),
        ("2025-03-03T16:30", "2025-03-04T16:30"),
        ("2025-03-07T16:30", "2025-03-10T16:30"),  # a Friday; the weekend does not count
        ("2025-03-07T18:00", "2025-03-10T18:00"),
        ("2025-03-08T11:00", "2025-03-10T18:00"),  # a Saturday
        ("2025-03-07T12:45", "2025-03-10T12:00"),  # at noon
    ],
)
def test_a_unit_has_a_working_day_to_sign(harmless, company, sent, sign_by):
    at = datetime.fromisoformat(f"{sent}+08:00")

    issue, fact = dispatch(harmless, company, at)

    assert fact.sign_by == datetime.fromisoformat(f"{sign_by}+08:00")
    assert issue.clock(domain.ClockKind.SIGN).due_at == fact.sign_by


def test_a_unit_has_an_hour_to_sign_what_is_urgent_at_night_too(triaged, company):
    night = datetime(2025, 3, 8, 23, 40, tzinfo=COMMUNITY_TIME)

    _, fact = dispatch(triaged, company, night)

    assert fact.sign_by == datetime(2025, 3, 9, 0, 40, tzinfo=COMMUNITY_TIME)


def test_nobody_signs_and_the_clock_says_so_once_while_the_ladder_climbs(dispatched, estate, now):
    around = domain.Around(above=estate, times=TIMES)

    issue, before = domain.tick(dispatched, around, now + timedelta(hours=23, minutes=59))
    issue, after = domain.tick(issue, around, now + timedelta(hours=24))
    issue, nothing = domain.tick(issue, around, now + timedelta(hours=25))

    assert [(fact.type, fact.unit) for fact in before if fact.clock == "sign"] == [("issue.clock_warned", "PC-0007")]
    assert [fact.type for fact in after] == ["issue.escalated", "issue.clock_expired"]
    assert (after[1].clock, after[1].unit, nothing) == ("sign", "PC-0007", ())
    assert (issue.state, issue.lead_unit, issue.responsible_unit) == (
        domain.IssueState.DISPATCHED,
        "PC-0007",
        "C01-G03-E07",
    )


def test_a_warning_of_the_ladder_is_for_our_own_unit(dispatched, estate, now):
    _, facts = domain.tick(dispatched, domain.Around(above=estate, times=TIMES), now + timedelta(hours=20))

    assert [(fact.clock, fact.unit) for fact in facts if fact.clock == "ladder"] == [("ladder", "C01-G03-E07-B09")]


def test_a_unit_gets_only_what_it_handles(harmless, company, now):
    gardener = dataclasses.replace(company, categories=("waste_station", "lift_maintenance"))

    with pytest.raises(domain.NotItsCategory) as refusal:
        dispatch(harmless, gardener, now)

    assert refusal.value.details["allowed"] == ["waste_station", "lift_maintenance"]
    assert dispatch(harmless, dataclasses.replace(company, categories=("bike_shed",)), now)


def test_the_lead_does_not_assist(harmless, company, now):
    with pytest.raises(domain.AlreadyInIt, match="PC-0007"):
        dispatch(harmless, company, now, [domain.Task(unit="PC-0007", task="同上")])


def test_assistance_ends_in_the_future(harmless, company, now):
    with pytest.raises(domain.EndInThePast):
        dispatch(harmless, company, now, [dataclasses.replace(PUMP, until=now)])


@pytest.mark.parametrize("state", ["reported", "arbitrating", "in_progress", "handled", "closed"])
def test_only_what_is_triaged_or_returned_is_dispatched(harmless, company, now, state):
    issue = dataclasses.replace(harmless, state=domain.IssueState(state))

    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        dispatch(issue, company, now)


def test_a_unit_that_may_still_sign_keeps_it(dispatched, utility, now):
    with pytest.raises(domain.StillToSign) as refusal:
        dispatch(dispatched, utility, now + timedelta(hours=23, minutes=59))

    assert refusal.value.details == {"unit": "PC-0007", "sign_by": (now + timedelta(days=1)).isoformat()}


def test_a_unit_that_has_not_signed_in_time_loses_it_to_another_one(*, harmless, company, utility, now):
    issue, _ = dispatch(harmless, company, now, [PUMP])
    at = now + timedelta(days=1)

    issue, fact = dispatch(issue, utility, at)

    assert (fact.lead_unit, fact.assisting_units, fact.dispatch_no) == ("UT-0001", (), 2)
    assert (issue.lead_unit, issue.clock(domain.ClockKind.SIGN).started_at) == ("UT-0001", at)
    with pytest.raises(domain.NotTheLeadUnit):
        domain.sign(issue, "PC-0007", by="U-0071", units=("PC-0007",), now=at, times=TIMES)


def test_a_silent_unit_gets_no_new_time_to_sign(dispatched, company, now):
    with pytest.raises(domain.AlreadyInIt, match="send it to another unit"):
        dispatch(dispatched, company, now + timedelta(days=2))


def test_a_returned_issue_goes_to_another_unit_under_the_next_number(dispatched, give_back, utility, now):
    issue, fact = dispatch(give_back(dispatched), utility, now)

    assert (issue.lead_unit, fact.dispatch_no, issue.orders[0].unit) == ("UT-0001", 2, "PC-0007")


@pytest.mark.parametrize("reason", ["not_responsible", "beyond_authority", "duplicate"])
def test_it_does_not_go_back_to_the_unit_whose_reason_still_holds(*, dispatched, give_back, company, now, reason):
    returned = give_back(dispatched, reason)

    with pytest.raises(domain.SameUnitForSameReason, match="send it to another unit") as refusal:
        dispatch(returned, company, now, note="请再看一下")

    assert refusal.value.details == {"unit": "PC-0007", "reason": reason}


@pytest.mark.parametrize("reason", ["missing_information", "wrong_place"])
def test_it_goes_back_to_a_unit_with_what_it_missed_and_only_once(*, dispatched, give_back, company, now, reason):
    returned = give_back(dispatched, reason)

    with pytest.raises(domain.SameUnitForSameReason, match="say in the note"):
        dispatch(returned, company, now)
    again, fact = dispatch(returned, company, now, note="9栋东门,附照片")
    assert (again.orders[-1].note, fact.dispatch_no) == ("9栋东门,附照片", 2)
    with pytest.raises(domain.SameUnitForSameReason, match="send it to another unit"):
        dispatch(give_back(again, reason), company, now, note="还是那里")


def test_the_reason_of_an_earlier_round_is_forgotten(dispatched, give_back, company, now):
    issue = dataclasses.replace(give_back(dispatched), round=2)

    _, fact = dispatch(issue, company, now)

    assert fact.dispatch_no == 2


def test_a_unit_assists_once():
    twice = [{"unit": "DEP-0003", "task": "a"}, {"unit": "DEP-0003", "task": "b"}]

    with pytest.raises(InvalidInput) as error:
        load(schemas.Dispatch, {"issue_id": "IS-1", "lead_unit": "PC-0007", "assisting": twice})

    assert error.value.details["fields"] == {"assisting": ["Each unit once; repeated: DEP-0003."]}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("lead_unit", {"$gt": ""}),
        ("lead_unit", None),
        ("note", ""),
        ("assisting", [{"unit": "DEP-0003"}]),
        ("assisting", [{"unit": "DEP-0003", "task": "a", "until": "soon"}]),
        ("assisting", [{"unit": f"DEP-{n}", "task": "a"} for n in range(21)]),
    ],
)
def test_a_dispatch_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    with pytest.raises(InvalidInput) as error:
        load(schemas.Dispatch, {"issue_id": "IS-1", "lead_unit": "PC-0007", field: wrong})

    assert list(error.value.details["fields"]) == [field]
