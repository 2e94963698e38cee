"""Where buildings stand, for reports that name a point on the map and no building."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.issues.domain.categories import Level
from services.issues.domain.org_unit import OrgUnit
from shared.errors import Refusal

EARTH_RADIUS = 6_371_008.8  # metres; mean radius R1 of the WGS-84 ellipsoid
MOST_NAMED = 20  # in one refusal
REACH = 200.0  # metres; an estate's own paths and greens lie nearer to one of its buildings


class NothingNear(Refusal):
    """No building that we know stands near the point."""


class NoBuilding(Refusal):
    """Not every unit that was named is a building of our tree."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point on the map, WGS-84, in degrees."""

    lat: float
    long: float


@dataclass(frozen=True, kw_only=True)
class Location:
    """A point as GeoJSON: longitude first (RFC 7946)."""

    coordinates: tuple[float, ...]
    type: str = "Point"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a building of the tree stands."""

    org_unit_id: str
    location: Location
    revision: int = 0

    @property
    def point(self) -> Point:
        """The same, latitude first."""
        long, lat = self.location.coordinates
        return Point(lat=lat, long=long)


def place(org_unit_id: str, point: Point, known: Place | None = None) -> Place:
    """Say where a building stands, whatever was said before."""
    location = Location(coordinates=(point.long, point.lat))
    return Place(org_unit_id=org_unit_id, location=location, revision=known.revision if known else 0)


def check_buildings(org_unit_ids: Iterable[str], known: Mapping[str, OrgUnit]) -> None:
    """Refuse what is no building of the tree; raises NoBuilding, which names each."""
    others = [one for one in org_unit_ids if one not in known or known[one].level is not Level.BUILDING]
    if others:
        raise NoBuilding("only buildings of the tree have a place", unknown=others[:MOST_NAMED])


def nearest(point: Point, places: Iterable[Place]) -> Place:
    """Return the place nearest to the point, the first by id of several; raises NothingNear."""
    near = [(distance(point, one.point), one.org_unit_id, one) for one in places]
    if not near or min(near)[0] > REACH:
        raise NothingNear(f"no building of ours stands within {REACH:.0f} m of this point", reach_metres=REACH)
    return min(near)[2]


def distance(one: Point, other: Point) -> float:
    """Return the metres between two points on a sphere (haversine)."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_long = (other_lat - lat) / 2, math.radians(other.long - one.long) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(half_long) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(chord))
