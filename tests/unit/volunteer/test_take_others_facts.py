from datetime import date

import pytest

from services.volunteer import domain, inbound, schemas
from shared.errors import InvalidInput
from shared.schemas import load

HELP = {"issue_id": "IS-0101", "category": "bike_shed", "needed": 2, "hours_estimate": 3}
COURSE = {"course_id": "CO-0501", "person_id": "L-01", "qualification": "hazard_inspection"}


def help_wanted(now, **fields):
    fact = load(inbound.IssueHelpRequested, {**HELP, **fields}, ignore_unknown=True)
    return fact.as_dispatch((domain.Reach(scope=domain.Level.COMMUNITY, org_unit_id="C01"),), now)


def test_a_request_becomes_a_dispatch_of_its_round(now):
    dispatch = help_wanted(now, lead_rule="dual_lead", round=2, request_no=3, scope="estate")

    assert (dispatch.dispatch_id, dispatch.round, dispatch.dual_lead) == ("DP-0101-3", 2, True)
    assert dispatch.kinds_wanted == {True, False}


@pytest.mark.parametrize(
    ("fields", "qualification"),
    [
        ({"qualification_policy": "preferred"}, "hazard_inspection"),
        ({"qualification_policy": "required", "qualification": "mediation"}, "mediation"),
        ({"qualification_policy": "required", "category": "child_care"}, "child_care"),
        ({"qualification_policy": "none", "qualification": "mediation"}, None),
    ],
)
def test_the_category_names_the_qualification_where_the_request_does_not(now, fields, qualification):
    assert help_wanted(now, **fields).qualification == qualification


@pytest.mark.parametrize("fields", [{"needed": 0}, {"qualification_policy": "maybe"}, {"scope": "street"}])
def test_a_request_that_makes_no_sense_is_not_taken(now, fields):
    with pytest.raises(InvalidInput):
        help_wanted(now, **fields)


@pytest.mark.parametrize(
    ("completed_at", "day"),
    [
        ("2025-03-01", date(2025, 3, 1)),
        ("2025-03-20T12:00:00+08:00", date(2025, 3, 20)),
        ("2025-03-19T17:00:00+00:00", date(2025, 3, 20)),
    ],
)
def test_a_course_is_completed_on_a_day_in_china(completed_at, day):
    fact = load(inbound.CourseCompleted, {**COURSE, "completed_at": completed_at}, ignore_unknown=True)

    assert fact.as_completion().completed_on == day


def test_a_completion_without_a_person_or_with_a_day_that_is_none_is_not_taken():
    for fields in ({"person_id": None, "completed_at": "2025-03-01"}, {"completed_at": "yesterday"}):
        with pytest.raises(InvalidInput):
            load(inbound.CourseCompleted, {**COURSE, **fields}, ignore_unknown=True)


def test_an_import_says_how_many_units_it_takes():
    unit = {"org_unit_id": "C01", "level": "community", "label_zh": "滨湖世纪社区党委"}

    with pytest.raises(InvalidInput) as refused:
        load(schemas.ImportOrgTree, {"units": [unit] * 501})

    assert refused.value.details["fields"]["units"] == [
        "Give 1 to 500 units; send a larger tree in parts, parents first."
    ]
    assert load(schemas.ImportOrgTree, {"units": [unit]}).units[0].as_draft().place_zh == "滨湖世纪社区党委"


def test_a_ledger_is_asked_for_by_dispatch_or_by_volunteer():
    with pytest.raises(InvalidInput):
        schemas.one_of(schemas.HoursLedger(), "dispatch_id", "volunteer_id")

    asked = schemas.HoursLedger(volunteer_id="V-2001")
    assert schemas.one_of(asked, "dispatch_id", "volunteer_id") == {"volunteer_id": "V-2001"}
