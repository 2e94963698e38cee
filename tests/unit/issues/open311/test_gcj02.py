"""Coordinates of Chinese maps come back to where they were taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.places import Point, distance
from services.issues.open311.gcj02 import to_gcj02, to_wgs84

IN_CHINA = st.builds(Point, lat=st.floats(18.0, 53.0), long=st.floats(74.0, 134.0))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [  # the documentation of caijun/geoChina; the values of pkufool/coordTransform 0.2.1
        ((39.90105, 116.42079), (39.902446, 116.427022)),
        ((31.72, 117.28), (31.718022935899562, 117.28550281004892)),
        ((22.5, 114.1), (22.497317009101025, 114.10511942889921)),
    ],
)
def test_a_point_is_shifted_as_published_examples_say(wgs84, gcj02):
    shifted = to_gcj02(Point(lat=wgs84[0], long=wgs84[1]))

    assert (shifted.lat, shifted.long) == pytest.approx(gcj02, abs=1e-6)


@given(IN_CHINA)
def test_there_and_back_is_within_a_decimetre(point):
    assert distance(to_wgs84(to_gcj02(point)), point) < 0.1


def test_outside_china_maps_are_not_shifted():
    paris = Point(lat=48.8566, long=2.3522)

    assert to_gcj02(paris) == to_wgs84(paris) == paris
