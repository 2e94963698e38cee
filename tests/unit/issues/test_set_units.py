import dataclasses

import pytest

from services.issues import domain, schemas
from shared.actor import Actor
from shared.errors import Forbidden, InvalidInput, NotFound
from shared.schemas import load

COMPANY = {"unit_id": "PC-0007", "kind": "property_company", "label_zh": "金源物业", "label_en": "Jinyuan Property"}


def refused(kind, values):
    with pytest.raises(InvalidInput) as error:
        load(kind, values)
    return error.value.details["fields"]


def test_a_new_unit_is_brought_in(company):
    assert domain.set_units([company], {}, {}) == (company,)


def test_a_unit_that_differs_is_replaced_under_its_revision_and_an_equal_one_left_alone(company, utility):
    known = {"PC-0007": dataclasses.replace(company, revision=4), "UT-0001": dataclasses.replace(utility, revision=2)}
    resting = dataclasses.replace(company, active=False)

    assert domain.set_units([resting, utility], known, {}) == (dataclasses.replace(resting, revision=4),)


def test_a_unit_of_our_tree_is_no_outside_unit(company, building):
    ours = dataclasses.replace(company, unit_id=building.org_unit_id)

    with pytest.raises(domain.UnitOfOurTree, match=building.org_unit_id):
        domain.set_units([company, ours], {}, {building.org_unit_id: building})


def test_only_an_administrator_brings_units_in(administrator):
    domain.authorise(administrator, "set_units")
    with pytest.raises(Forbidden):
        domain.authorise(Actor(id="P-0200", roles=("dispatcher", "triage")), "set_units")


def test_what_is_listed_twice_counts_once():
    values = {**COMPANY, "categories": ["waste_station", "bike_shed", "bike_shed"], "persons": ["U-2", "U-1", "U-2"]}

    [unit] = load(schemas.SetUnits, {"units": [values]}).units

    assert (unit.unit.categories, unit.unit.persons) == (("bike_shed", "waste_station"), ("U-1", "U-2"))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("unit_id", "PC 0007"),
        ("kind", "shop"),
        ("label_zh", ""),
        ("label_en", "x" * 201),
        ("categories", ["no such code"]),
        ("persons", [{"$gt": ""}]),
        ("active", "yes"),
        ("telephone", "13800000000"),
    ],
)
def test_a_unit_with_a_wrong_field_is_refused_by_its_name(field, wrong):
    problems = refused(schemas.SetUnits, {"units": [{**COMPANY, field: wrong}]})

    assert field in problems["units"][0]


def test_the_same_unit_twice_is_refused():
    assert refused(schemas.SetUnits, {"units": [COMPANY, COMPANY]}) == {
        "units": ["Each unit_id once; repeated: PC-0007."]
    }


def test_there_are_1_to_500_units_in_an_import():
    assert "units" in refused(schemas.SetUnits, {"units": []})
    assert "units" in refused(schemas.SetUnits, {"units": [{**COMPANY, "unit_id": f"PC-{n}"} for n in range(501)]})


def test_an_unknown_or_resting_unit_gets_nothing(company):
    with pytest.raises(NotFound, match="list_units names them"):
        domain.outside_unit("PC-9999", None, None)
    with pytest.raises(domain.UnitNotActive):
        domain.outside_unit("PC-0007", dataclasses.replace(company, active=False), None)


def test_a_unit_of_our_tree_gets_no_dispatch_and_the_refusal_says_what_to_do(building):
    with pytest.raises(domain.UnitOfOurTree) as refusal:
        domain.outside_unit(building.org_unit_id, None, building)

    assert refusal.value.details == {"unit": building.org_unit_id, "instead": ["assign", "act"]}


def test_who_acts_for_a_unit_is_shown_to_those_who_dispatch(company):
    assert schemas.unit_view(company, whole=True)["persons"] == ["U-0071", "U-0072"]
    assert "persons" not in schemas.unit_view(company, whole=False)
