from dataclasses import replace

import pytest

from services.volunteer import domain
from services.volunteer.domain import Level
from services.volunteer.events import OrgUnitUpdated


def draft(org_unit_id, level, parent_id=None, secretary_id="P-0001"):
    return domain.UnitDraft(
        org_unit_id=org_unit_id,
        level=level,
        parent_id=parent_id,
        secretary_id=secretary_id,
        label_zh="9栋党小组",
        place_zh="振徽苑9栋",
    )


TREE = (
    draft("C01-G03-E07-B09", Level.BUILDING, "C01-G03-E07"),
    draft("C01-G03-E07", Level.ESTATE, "C01-G03"),
    draft("C01-G03", Level.GRID, "C01"),
    draft("C01", Level.COMMUNITY),
)


@pytest.fixture
def stored():
    return {unit.org_unit_id: unit for unit in domain.grow(TREE, {})}


def test_a_tree_is_taken_in_any_order_and_grows_from_the_top():
    units = domain.grow(TREE, {})

    assert [unit.org_unit_id for unit in units] == ["C01", "C01-G03", "C01-G03-E07", "C01-G03-E07-B09"]
    assert domain.announced(units[3]) == OrgUnitUpdated(
        org_unit_id="C01-G03-E07-B09",
        level="building",
        parent_id="C01-G03-E07",
        path=("C01", "C01-G03", "C01-G03-E07", "C01-G03-E07-B09"),
        secretary_id="P-0001",
        revision=1,
        label_zh="9栋党小组",
        place_zh="振徽苑9栋",
    )


def test_what_does_not_differ_is_left_alone(stored):
    assert domain.grow(TREE, stored) == ()


def test_a_changed_unit_gets_the_next_revision(stored):
    [unit] = domain.grow([replace(TREE[1], secretary_id="P-0016")], stored)

    assert (unit.org_unit_id, unit.secretary_id, unit.version) == ("C01-G03-E07", "P-0016", 2)


def test_a_parent_may_be_in_the_tree_already(stored):
    [unit] = domain.grow([draft("C01-G03-E08", Level.ESTATE, "C01-G03")], stored)

    assert unit.path == ("C01", "C01-G03", "C01-G03-E08")


@pytest.mark.parametrize(
    ("units", "refusal"),
    [
        ([draft("C01-G04", Level.GRID, "C02")], domain.ParentMissing),
        ([draft("C01-G04", Level.GRID)], domain.ParentMissing),
        ([draft("E", Level.ESTATE, "B"), draft("B", Level.BUILDING, "C01")], domain.LevelOrderBroken),
        ([draft("A", Level.GRID, "B"), draft("B", Level.GRID, "A")], domain.LevelOrderBroken),
        ([draft("A", Level.GRID, "A")], domain.LevelOrderBroken),
        ([draft("C01-G04", Level.GRID, "C01"), draft("C01-G04", Level.GRID, "C01")], domain.UnitNamedTwice),
        ([draft("C01-G03-E07", Level.ESTATE, "C01")], domain.UnitMoved),
    ],
)
def test_a_tree_that_is_none_is_refused(stored, units, refusal):
    with pytest.raises(refusal):
        domain.grow(units, stored)
