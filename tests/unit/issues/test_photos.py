"""The album of an issue: how many photos, whose, and what is blacked out."""

from dataclasses import replace

import pytest

from services.issues import domain
from services.issues.domain.photos import (
    Album,
    OutsideThePhoto,
    Photo,
    PhotoKind,
    Rectangle,
    Redaction,
    Side,
    TooManyPhotos,
    attach_photo,
    photo_id,
    redact_photo,
    side_of,
)
from shared.actor import Actor
from shared.errors import Forbidden, NotFound, StateNotAllowed


@pytest.fixture
def photo(now):
    return Photo(
        photo_id="PH-0101-a",
        kind=PhotoKind.BEFORE,
        side=Side.RESIDENT,
        by="R-1001",
        at=now,
        width=2048,
        height=1536,
    )


def proxy(now):
    return domain.Proxy(
        person="R-1002", relation=domain.Relation.CHILD, consent="当面口头同意", set_by="P-0100", since=now
    )


def album_of(photo, side, count):
    photos = tuple(replace(photo, photo_id=f"PH-0101-{side}{number}", side=side) for number in range(count))
    return Album(issue_id="IS-0101", photos=photos)


def test_a_photo_joins_the_album_behind_the_others(photo):
    album = attach_photo(album_of(photo, Side.HANDLER, 2), photo)
    assert [one.photo_id for one in album.photos] == ["PH-0101-handler0", "PH-0101-handler1", "PH-0101-a"]
    assert album.get("PH-0101-a") == photo


@pytest.mark.parametrize(("side", "most"), [(Side.RESIDENT, 6), (Side.HANDLER, 12)])
def test_each_side_has_its_own_number_of_photos(photo, side, most):
    last = attach_photo(album_of(photo, side, most - 1), replace(photo, side=side))
    assert len(last.photos) == most
    with pytest.raises(TooManyPhotos, match=f"at most {most} photos of the {side}") as refused:
        attach_photo(last, replace(photo, side=side, photo_id="PH-0101-b"))
    assert refused.value.details == {"side": side.value, "most": most, "have": most}


def test_the_handlers_photos_take_no_place_of_the_resident(photo):
    full = album_of(photo, Side.HANDLER, 12)
    assert len(attach_photo(full, photo).photos) == 13


def test_a_photo_is_named_after_its_content_and_its_issue():
    assert photo_id("IS-0101", b"pixels") == photo_id("IS-0101", b"pixels")
    assert photo_id("IS-0101", b"pixels").startswith("PH-0101-")
    assert photo_id("IS-0101", b"pixels") != photo_id("IS-0101", b"other")
    assert photo_id("IS-0101", b"pixels") != photo_id("IS-0102", b"pixels")


def test_a_redaction_is_kept_with_who_and_when_and_earlier_ones_stay(triaged, photo, now):
    left, right = (Rectangle(left=at, top=0, width=48, height=48) for at in (0, 2000))
    album = Album(issue_id="IS-0101", photos=(photo,))
    album = redact_photo(triaged, album, "PH-0101-a", [left], by="P-0009", now=now)
    album = redact_photo(triaged, album, "PH-0101-a", [right], by="P-0001", now=now)
    assert album.get("PH-0101-a").redactions == (
        Redaction(rectangles=(left,), by="P-0009", at=now),
        Redaction(rectangles=(right,), by="P-0001", at=now),
    )


@pytest.mark.parametrize("outside", [(2040, 0, 9, 9), (0, 1530, 9, 9), (3000, 3000, 1, 1)])
def test_a_rectangle_outside_the_photo_is_refused_with_the_size_of_the_photo(triaged, photo, now, outside):
    left, top, width, height = outside
    album = Album(issue_id="IS-0101", photos=(photo,))
    with pytest.raises(OutsideThePhoto, match="rectangle 1 leaves the photo of 2048 x 1536 px"):
        redact_photo(
            triaged,
            album,
            "PH-0101-a",
            [Rectangle(left=0, top=0, width=5, height=5), Rectangle(left=left, top=top, width=width, height=height)],
            by="P-0009",
            now=now,
        )


def test_an_unknown_photo_is_not_found(triaged, now):
    with pytest.raises(NotFound, match="PH-0101-x"):
        redact_photo(triaged, Album(issue_id="IS-0101"), "PH-0101-x", [], by="P-0009", now=now)


@pytest.mark.parametrize(
    ("person", "roles", "side"),
    [
        ("R-1001", (), Side.RESIDENT),
        ("R-1001", ("unit",), Side.RESIDENT),
        ("V-2002", (), Side.HANDLER),
        ("P-0007", ("unit",), Side.HANDLER),
        ("P-0008", ("verifier",), Side.HANDLER),
    ],
)
def test_the_reporter_is_one_side_and_who_works_on_it_the_other(in_progress, now, person, roles, side):
    assert side_of(in_progress, Actor(id=person, roles=roles), person, now) is side


def test_a_proxy_attaches_for_the_resident(in_progress, now):
    issue = replace(in_progress, proxies=(proxy(now),))
    assert side_of(issue, Actor(id="R-1002"), "R-1002", now) is Side.RESIDENT


@pytest.mark.parametrize("person", ["R-1007", "V-2003"])
def test_nobody_else_attaches_photos(in_progress, now, person):
    with pytest.raises(Forbidden, match="attach_photo needs one of the roles"):
        side_of(in_progress, Actor(id=person, roles=("resident",)), person, now)


@pytest.mark.parametrize("state", ["withdrawn", "rejected", "archived", "merged"])
def test_an_issue_at_rest_takes_no_photo(in_progress, now, state):
    issue = replace(in_progress, state=domain.IssueState(state))
    with pytest.raises(StateNotAllowed, match=f"the issue is {state}"):
        side_of(issue, Actor(id="R-1001"), "R-1001", now)
