"""A point on the map is taken for the building next to it, or refused."""

from dataclasses import replace

import pytest

from services.issues import domain
from services.issues.domain.places import (
    REACH,
    NoBuilding,
    NothingNear,
    Point,
    check_buildings,
    distance,
    nearest,
    place,
)
from tests.support.categories import CATEGORIES
from tests.support.times import TIMES

HERE = Point(lat=31.72, long=117.28)
METRE = 1 / 111_195  # degrees of latitude


def north(metres):
    return Point(lat=HERE.lat + metres * METRE, long=HERE.long)


def test_distances_are_metres_on_the_sphere():
    assert distance(HERE, HERE) == 0
    assert distance(HERE, north(150)) == pytest.approx(150, abs=0.1)
    assert distance(Point(lat=0, long=0), Point(lat=0, long=90)) == pytest.approx(10_007_557, abs=2)


def test_the_nearest_building_is_taken_and_of_equal_ones_the_first_by_id():
    far, near, twin = place("B3", north(90)), place("B2", north(40)), place("B1", north(40))

    assert nearest(HERE, [far, near]) == near
    assert nearest(HERE, [far, near, twin]) == twin


@pytest.mark.parametrize("places", [[], [place("B1", north(REACH + 1))]])
def test_where_nothing_is_near_the_refusal_says_how_near_it_has_to_be(places):
    with pytest.raises(NothingNear, match="within 200 m"):
        nearest(HERE, places)


def test_a_building_that_is_set_again_keeps_its_revision():
    known = place("B1", HERE)

    moved = place("B1", north(5), known)

    assert (moved.point, moved.revision) == (north(5), known.revision)
    assert moved.location.coordinates == (HERE.long, north(5).lat)  # GeoJSON: longitude first


def test_only_buildings_of_the_tree_have_a_place(building, estate):
    known = {one.org_unit_id: one for one in (building, estate)}

    check_buildings([building.org_unit_id], known)
    with pytest.raises(NoBuilding) as refused:
        check_buildings([building.org_unit_id, estate.org_unit_id, "nowhere"], known)
    assert refused.value.details["unknown"] == [estate.org_unit_id, "nowhere"]


def test_a_category_that_the_reporter_names_stands_until_triage(report, building, estate, now, assessment):
    told = replace(report, category=CATEGORIES["special_group_support"], form=False)
    issue, fact = domain.report_issue("IS-1", told, building=building, estate=estate, now=now, times=TIMES)

    assert (issue.category, issue.sensitive, fact.sensitive) == ("special_group_support", True, True)
    assert fact.title == "9栋一户居民"
    triaged, _ = domain.triage(issue, assessment, building, now, TIMES)
    assert triaged.category == assessment.category.code
