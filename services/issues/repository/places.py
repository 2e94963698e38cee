"""Where buildings stand, as documents."""

from collections.abc import Iterable

from services.issues.domain.places import EARTH_RADIUS, REACH, Place, Point
from shared.collection import Collection, Index
from shared.transaction import Transaction

places = Collection("places", Place, key="org_unit_id", indexes=[Index("location", sphere=True)])


def places_near(tx: Transaction, point: Point) -> list[Place]:
    """Load the places within reach of a point."""
    circle = [[point.long, point.lat], REACH / EARTH_RADIUS]
    return places.query(tx, {"location": {"$geoWithin": {"$centerSphere": circle}}})


def points_of(tx: Transaction, org_unit_ids: Iterable[str]) -> dict[str, Point]:
    """Load where these buildings stand; missing ones are absent."""
    return {key: found.point for key, found in places.find_many(tx, org_unit_ids).items()}
