from dataclasses import replace

from services.notify import domain

UNIT = domain.OrgUnit(
    org_unit_id="C01", level="community", parent_id=None, secretary_id="P-0001", announced=2, revision=5
)


def test_an_unknown_unit_is_kept():
    assert domain.newer(None, UNIT) is UNIT


def test_an_older_or_equal_announcement_changes_nothing():
    assert domain.newer(UNIT, replace(UNIT, announced=1)) is None
    assert domain.newer(UNIT, replace(UNIT, announced=2)) is None


def test_a_newer_announcement_replaces_the_content_and_keeps_our_revision():
    kept = domain.newer(UNIT, replace(UNIT, announced=3, secretary_id="P-0002", revision=0))
    assert (kept.secretary_id, kept.announced, kept.revision) == ("P-0002", 3, 5)
