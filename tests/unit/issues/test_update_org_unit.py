import dataclasses

import pytest

from services.issues import domain
from services.issues.inbound import OrgUnitUpdated
from shared.errors import AlreadyHandled
from shared.schemas import load

TOLD = {
    "org_unit_id": "C01-G03-E07-B09",
    "level": "building",
    "parent_id": "C01-G03-E07",
    "path": "C01/C01-G03/C01-G03-E07/C01-G03-E07-B09",
    "secretary_id": "P-0009",
    "revision": 3,
    "label_zh": "9栋党小组",
    "place_zh": "振徽苑9栋",
}


def told(**changes):
    return load(OrgUnitUpdated, {**TOLD, **changes}, ignore_unknown=True).unit


def test_a_unit_we_did_not_know_is_taken_over():
    unit = domain.update_org_unit(None, told())

    assert (unit.level, unit.parent_id, unit.secretary_id, unit.place_zh, unit.tree_revision) == (
        domain.Level.BUILDING,
        "C01-G03-E07",
        "P-0009",
        "振徽苑9栋",
        3,
    )


def test_a_later_revision_overwrites_and_keeps_the_revision_of_our_own_document():
    known = dataclasses.replace(told(), revision=5)

    unit = domain.update_org_unit(known, told(revision=4, secretary_id="P-0010"))

    assert (unit.secretary_id, unit.tree_revision, unit.revision) == ("P-0010", 4, 5)


@pytest.mark.parametrize("revision", [2, 3])
def test_an_earlier_or_the_same_revision_never_overwrites(revision):
    with pytest.raises(AlreadyHandled):
        domain.update_org_unit(told(), told(revision=revision, secretary_id="P-0010"))


@pytest.mark.parametrize(
    ("names", "place"),
    [
        ({"place_zh": None}, "9栋党小组"),
        ({"place_zh": None, "label_zh": None}, "C01-G03-E07-B09"),
    ],
)
def test_a_place_without_a_name_is_called_by_what_there_is(names, place):
    assert told(**names).place_zh == place


def test_the_root_has_no_parent():
    assert told(org_unit_id="C01", level="community", parent_id=None).parent_id is None
