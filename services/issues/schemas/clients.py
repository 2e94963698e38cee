"""What an administrator says of other systems, and of where buildings stand."""

from dataclasses import dataclass
from typing import Annotated, Any

from marshmallow import validate

from services.issues.domain import Source
from services.issues.domain.api_clients import ApiClient
from services.issues.domain.places import Point
from services.issues.schemas.lists import unique
from shared.schemas import Command, Id, Page, dump

Name = Annotated[
    str,
    validate.Length(1, 32),
    validate.Regexp(r"^[a-z0-9-]+(?!\n)$", error="Allowed are small letters, digits and -"),
]
SECRET = ("key_hash", "salt")


@dataclass(frozen=True, kw_only=True)
class IssueApiKey:
    """Give a client a key, which is answered once; `source` is what its reports count as."""

    client: Name
    source: Source = Source.OPEN311


@dataclass(frozen=True, kw_only=True)
class RevokeApiKey(Command):
    """Let a client's key open nothing any more."""

    client: Name


@dataclass(frozen=True, kw_only=True)
class ListApiClients(Page):
    """List clients by name."""


@dataclass(frozen=True, kw_only=True)
class PlaceEntry:
    """Where a building stands, WGS-84, in degrees."""

    org_unit_id: Id
    lat: Annotated[float, validate.Range(-90, 90)]
    long: Annotated[float, validate.Range(-180, 180)]

    @property
    def point(self) -> Point:
        """The same as one."""
        return Point(lat=self.lat, long=self.long)


@dataclass(frozen=True, kw_only=True)
class SetPlaces(Command):
    """Say where buildings stand; those that are not named stay as they are."""

    places: Annotated[tuple[PlaceEntry, ...], validate.Length(1, 2000), unique("org_unit_id")]


def client_view(client: ApiClient) -> dict[str, Any]:
    """Show a client without what only it may know."""
    return {name: value for name, value in dump(client).items() if name not in SECRET}
