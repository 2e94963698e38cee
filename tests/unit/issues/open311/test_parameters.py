"""What callers send is taken as the specification says, or refused in a sentence that says what is allowed."""

from datetime import UTC, datetime

import pytest

from services.issues.domain.places import Point
from services.issues.open311.parameters import Parameters
from shared.errors import InvalidInput, NotFound


def sent(**values):
    return Parameters({name: value if isinstance(value, list) else [value] for name, value in values.items()})


def test_what_is_empty_counts_as_absent():
    assert sent(lat=" ").text("lat") is None
    assert sent(lat=["", "31"]).text("lat") == "31"
    with pytest.raises(InvalidInput, match="service_code was not provided"):
        sent(service_code="").required("service_code")


def test_lists_come_with_commas_or_several_times_and_each_value_counts_once():
    assert sent(status=["open,closed", "open"]).texts("status") == ("open", "closed")
    with pytest.raises(InvalidInput, match="done is not one of open, closed"):
        sent(status="open,done").choices("status", ("open", "closed"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-03T09:00:00Z", datetime(2025, 3, 3, 9, tzinfo=UTC)),
        ("2025-03-03T17:00:00+08:00", datetime(2025, 3, 3, 9, tzinfo=UTC)),
    ],
)
def test_a_moment_has_a_zone(text, moment):
    assert sent(start_date=text).moment("start_date") == moment


@pytest.mark.parametrize("text", ["2025-03-03", "2025-03-03T09:00:00", "yesterday", "0001-01-01T00:00:00Z", "1e9"])
def test_a_moment_without_one_is_refused(text):
    with pytest.raises(InvalidInput, match="start_date must be a date-time with zone"):
        sent(start_date=text).moment("start_date")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1001", "99999999999", "x", "٣"])
def test_a_page_size_is_a_whole_number_in_its_bounds(text):
    with pytest.raises(InvalidInput, match="page_size must be a whole number from 1 to 1000"):
        sent(page_size=text).whole("page_size", 10, 1000)


def test_lat_and_long_come_together():
    assert sent(lat="31.72", long="117.28").point() == Point(lat=31.72, long=117.28)
    assert sent().point() is None
    with pytest.raises(InvalidInput, match="long was not provided; lat and long are sent together"):
        sent(lat="31.72").point()


@pytest.mark.parametrize(("lat", "long"), [("91", "0"), ("0", "181"), ("north", "0"), ("nan", "0"), ("inf", "0")])
def test_a_point_lies_on_the_earth(lat, long):
    with pytest.raises(InvalidInput, match="must be a number from"):
        sent(lat=lat, long=long).point()


def test_chinese_map_coordinates_are_converted_and_unknown_systems_refused():
    point = sent(lat="31.718022935899562", long="117.28550281004892", coordinate_system="gcj02").point()

    assert (point.lat, point.long) == pytest.approx((31.72, 117.28), abs=1e-6)
    with pytest.raises(InvalidInput, match="bd09 is not one of wgs84, gcj02"):
        sent(lat="31", long="117", coordinate_system="bd09").point()


def test_answers_are_single_or_several():
    given = Parameters({"attribute[A]": ["1"], "attribute[B][]": ["x", "y"], "attribute[C]": [""], "other": ["z"]})

    assert given.attributes() == {"A": ("1",), "B": ("x", "y")}


def test_text_that_is_not_utf_8_is_refused():
    with pytest.raises(InvalidInput, match="description must be UTF-8"):
        sent(description="caf\ufffd").text("description")


def test_another_jurisdiction_is_not_found():
    sent(jurisdiction_id="C01").check_jurisdiction("C01")
    sent().check_jurisdiction("C01")
    with pytest.raises(NotFound, match=r"jurisdiction_id sfgov\.org was not found; this is C01"):
        sent(jurisdiction_id="sfgov.org").check_jurisdiction("C01")
