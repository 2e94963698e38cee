import dataclasses

import pytest

from services.issues import domain, schemas
from services.issues.events import IssueAssigned
from shared.errors import InvalidInput, NotFound, StateNotAllowed
from shared.schemas import load


def to(unit=None, person=None, person_units=()):
    return domain.Assignment(
        unit=unit, person=person, person_units=person_units, reason=domain.AssignReason.RESPONSIBLE
    )


def assign(issue, assignment, now, *, by="P-0100", units=()):
    return domain.assign(issue, assignment, by=by, units=units, now=now)


def test_another_unit_of_our_tree_answers_for_it_without_new_time(harmless, grid, now):
    issue, fact = assign(harmless, to(grid), now)

    assert fact == IssueAssigned(issue_id="IS-0101", org_unit_id="C01-G03", reason="responsible")
    assert (issue.responsible_unit, issue.state) == ("C01-G03", domain.IssueState.TRIAGED)
    assert issue.clocks == harmless.clocks


def test_a_person_is_to_do_it(in_progress, now):
    issue, fact = assign(in_progress, to(person="P-0011"), now)

    assert (issue.assignee, fact.person_id, fact.org_unit_id) == ("P-0011", "P-0011", "C01-G03-E07-B09")
    assert "P-0011" not in issue.handlers


def test_where_an_outside_unit_leads_it_is_a_person_of_that_unit(signed, now):
    issue, _ = assign(signed, to(person="U-0072", person_units=("PC-0007",)), now, by="U-0071", units=("PC-0007",))

    assert issue.assignee == "U-0072"
    with pytest.raises(domain.NotOfTheUnit):
        assign(signed, to(person="P-0011"), now)


def test_an_outside_unit_does_not_say_who_of_our_tree_answers_for_it(signed, grid, now):
    with pytest.raises(domain.NotOfTheUnit):
        assign(signed, to(grid), now, by="U-0071", units=("PC-0007",))


def test_a_unit_that_has_nothing_to_do_with_it_assigns_nobody(signed, now):
    with pytest.raises(domain.NotOfTheUnit):
        assign(signed, to(person="U-0072", person_units=("PC-0007",)), now, by="U-0011", units=("UT-0001",))


def test_another_unit_of_ours_begins_without_the_person_of_the_one_before(in_progress, grid, now):
    issue, _ = assign(in_progress, to(person="P-0011"), now)

    issue, _ = assign(issue, to(grid), now)

    assert (issue.responsible_unit, issue.assignee) == ("C01-G03", None)


def test_it_is_assigned_to_somebody_else_than_it_is_with(in_progress, building, now):
    issue, _ = assign(in_progress, to(person="P-0011"), now)

    for assignment in (to(), to(building), to(person="P-0011"), to(building, "P-0011")):
        with pytest.raises(domain.NothingToAssign):
            assign(issue, assignment, now)


def test_what_is_dispatched_is_not_assigned(dispatched, grid, now):
    with pytest.raises(StateNotAllowed):
        assign(dispatched, to(grid), now)


def test_an_outside_unit_gets_it_by_dispatch(company):
    with pytest.raises(domain.OutsideUnit) as refusal:
        domain.unit_of_our_tree("PC-0007", None, company)
    assert refusal.value.details["instead"] == ["dispatch"]
    with pytest.raises(NotFound):
        domain.unit_of_our_tree("C09", None, None)


@pytest.mark.parametrize(("field", "wrong"), [("reason", "because"), ("org_unit", {}), ("person", "a b")])
def test_an_assignment_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    with pytest.raises(InvalidInput) as error:
        load(schemas.Assign, {"issue_id": "IS-1", "reason": "workload", "person": "P-0011", field: wrong})

    assert list(error.value.details["fields"]) == [field]


def test_a_reason_is_needed(harmless):
    assert dataclasses.asdict(harmless)["assignee"] is None
    with pytest.raises(InvalidInput) as error:
        load(schemas.Assign, {"issue_id": "IS-1", "person": "P-0011"})
    assert list(error.value.details["fields"]) == ["reason"]
