from dataclasses import replace

import pytest

from services.issues import domain, schemas
from shared.errors import InvalidInput
from shared.schemas import load
from tests.support.reports import BUILDING, ESTATE, NEXT_DOOR, reported, triaged

DRAFT = domain.Draft(text="电梯又坏了!老人下不了楼", building_id=BUILDING.org_unit_id, estate_id=ESTATE.org_unit_id)


def ids(found):
    return [one.issue.issue_id for one in found]


def test_words_are_compared_by_pairs_of_characters_whatever_their_form():
    assert domain.bigrams("电梯,坏了 A1") == {"电梯", "梯坏", "坏了", "了a", "a1"}
    assert domain.bigrams("灯") == {"灯"}
    assert domain.bigrams("!?") == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [("电梯坏了", "电梯坏了", 1), ("电梯坏了", "垃圾没收", 0), ("电梯坏了", "电梯停了", 1 / 3)],
)
def test_similarity_is_the_share_of_common_pairs(one, other, share):
    assert domain.similarity(domain.bigrams(one), domain.bigrams(other)) == pytest.approx(share)


def test_nothing_is_similar_to_no_words():
    assert domain.similarity(frozenset(), frozenset()) == 0


def test_the_same_asset_comes_first_then_the_building_then_the_estate():
    estate = reported(1, building=NEXT_DOOR)
    building = reported(2)
    asset = reported(3, building=NEXT_DOOR, asset_id="LIFT-9", text="吱吱响")

    found = domain.find_similar(replace(DRAFT, asset_id="LIFT-9"), [estate, building, asset], 10)

    assert ids(found) == ["IS-0003", "IS-0002", "IS-0001"]
    assert [one.why for one in found] == [
        ("same_asset",),
        ("same_building", "similar_text"),
        ("same_estate", "similar_text"),
    ]


def test_other_words_in_the_same_building_are_another_problem():
    assert domain.find_similar(DRAFT, [reported(1, text="楼道堆满纸箱")], 10) == []


def test_the_most_similar_words_come_first_and_no_more_than_were_asked_for():
    close, closer = reported(1, text="电梯坏了,请来修理"), reported(2, text="电梯又坏了!老人下不了楼")

    [best] = domain.find_similar(DRAFT, [close, closer], 1)

    assert (best.issue.issue_id, best.similarity) == ("IS-0002", 1.0)


def test_the_same_category_is_named():
    draft = replace(DRAFT, category="lift_maintenance")

    [found] = domain.find_similar(draft, [triaged(1)], 10)

    assert found.why == ("same_building", "same_category", "similar_text")


def test_a_sensitive_issue_is_never_found():
    assert domain.find_similar(DRAFT, [reported(1, sensitive=True)], 10) == []


def test_what_is_shown_has_no_words_of_the_reporter():
    [found] = domain.find_similar(DRAFT, [replace(reported(1), supporters=2, group_supporters=3)], 10)

    shown = schemas.similar_view(found)

    assert (shown["title"], shown["supporters"], shown["state"]) == ("振徽苑9栋事项", 5, "reported")
    assert not {"text", "reporter_ref"} & set(shown)


@pytest.mark.parametrize("limit", [0, 51, "10"])
def test_a_page_is_1_to_50(limit):
    with pytest.raises(InvalidInput, match="limit"):
        load(schemas.FindSimilar, {"building_id": "C01", "text": "x", "limit": limit})
