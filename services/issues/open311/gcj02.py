"""From the coordinates of Chinese map providers (GCJ-02) to those of the specification (WGS-84).

The formula was never published officially; it is the one that github.com/googollee/eviltransform, caijun/geoChina and
pkufool/coordTransform agree on. There is no inverse: we go back step by step, until a step is under a centimetre.
"""

from math import cos, pi, radians, sin, sqrt

from services.issues.domain.places import Point

AXIS = 6_378_245.0  # metres; semi-major axis of the Krasovsky 1940 ellipsoid
ECCENTRICITY = 0.006_693_421_622_965_943  # squared, of the same
LATITUDES, LONGITUDES = (0.8293, 55.8271), (72.004, 137.8347)  # outside of which maps are not shifted
ENOUGH = 1e-7  # degrees, about a centimetre
MOST_STEPS = 10  # four are usual


def to_wgs84(point: Point) -> Point:
    """Return the point that GCJ-02 shifts to this one."""
    found = point
    for _ in range(MOST_STEPS):
        shifted = to_gcj02(found)
        lat, long = point.lat - shifted.lat, point.long - shifted.long
        found = Point(lat=found.lat + lat, long=found.long + long)
        if max(abs(lat), abs(long)) < ENOUGH:
            break
    return found


def to_gcj02(point: Point) -> Point:
    """Shift a point as Chinese maps do."""
    if not (LATITUDES[0] <= point.lat <= LATITUDES[1] and LONGITUDES[0] <= point.long <= LONGITUDES[1]):
        return point
    x, y = point.long - 105.0, point.lat - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    lat = waves + _shift_lat(x, y)
    long = waves + _shift_long(x, y)
    bend = 1 - ECCENTRICITY * sin(radians(point.lat)) ** 2
    lat = lat * 180.0 / (AXIS * (1 - ECCENTRICITY) / (bend * sqrt(bend)) * pi)
    long = long * 180.0 / (AXIS / sqrt(bend) * cos(radians(point.lat)) * pi)
    return Point(lat=point.lat + lat, long=point.long + long)


def _shift_lat(x: float, y: float) -> float:
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    metres += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return metres + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _shift_long(x: float, y: float) -> float:
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    metres += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return metres + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
