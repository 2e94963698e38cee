"""Photos, looks, and everything about one person as documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.issues import domain
from services.issues.repository.deliberations import objections, voters
from services.issues.repository.groups import supports
from services.issues.repository.issues import issues
from services.issues.repository.mediations import mediations
from services.issues.repository.visits import visits
from shared.collection import Collection, Index
from shared.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The pixels of one photo in one version and size, as JPEG."""

    picture_id: str
    issue_id: str
    jpeg: bytes
    revision: int = 0


albums = Collection("albums", domain.Album, key="issue_id")
photos = Collection("photos", Picture, key="picture_id", indexes=[Index("issue_id")])
looks = Collection(
    "looks", domain.Look, key="look_id", indexes=[Index("issue_id", "_id"), Index("reporter_ref", "_id")]
)
erasures = Collection("erasures", domain.Erasure, key="erasure_id")


def album_of(tx: Transaction, issue_id: str) -> domain.Album:
    """Load the photos of an issue without their pixels; an empty album where there is none."""
    return albums.find(tx, issue_id) or domain.Album(issue_id=issue_id)


def picture_id(photo_id: str, version: domain.Version, size: domain.Size) -> str:
    """Name the pixels of a photo."""
    return f"{photo_id}/{version}/{size}"


def picture(tx: Transaction, photo_id: str, version: domain.Version, size: domain.Size) -> Picture:
    """Load pixels; where nothing was blacked out, the original is what everybody sees. Raises NotFound."""
    found = photos.find(tx, picture_id(photo_id, version, size))
    return found or photos.get(tx, picture_id(photo_id, domain.Version.PUBLIC, size))


def save_pictures(
    tx: Transaction, issue_id: str, photo_id: str, version: domain.Version, pixels: Mapping[domain.Size, bytes]
) -> None:
    """Write each size of a photo."""
    for size, jpeg in pixels.items():
        key = picture_id(photo_id, version, size)
        known = photos.find(tx, key)
        photos.save(tx, Picture(picture_id=key, issue_id=issue_id, jpeg=jpeg, revision=known.revision if known else 0))


def looks_at(tx: Transaction, issue_id: str, *, after: str | None, limit: int) -> list[domain.Look]:
    """Load the looks at an issue, oldest first."""
    where = {"issue_id": issue_id, **({"_id": {"$gt": after}} if after else {})}
    return looks.query(tx, where, sort=[("_id", 1)], limit=limit)


def drop_photos(tx: Transaction, issue_id: str) -> None:
    """Remove every photo of an issue with its pixels, which nobody has to load for that."""
    tx.store.collection(photos.name).delete_many({"issue_id": issue_id}, session=tx.session)
    if (album := albums.find(tx, issue_id)) is not None:
        albums.delete(tx, album)


def drop_looks(tx: Transaction, issue_id: str) -> None:
    """Remove the looks at an issue: whom they concern is nobody any more."""
    tx.store.collection(looks.name).delete_many({"issue_id": issue_id}, session=tx.session)


# -- everything about one person

PARTS: Mapping[str, tuple[Collection[Any], str]] = {  # in the order in which they are told
    "issues": (issues, "reporter_ref"),
    "proxy_for": (issues, "proxies.person"),
    "votes": (voters, "person_id"),
    "supports": (supports, "person_id"),
    "objections": (objections, "person_id"),
    "mediations": (mediations, "parties.party_ref"),
    "visits": (visits, "findings.resident"),
    "looks": (looks, "reporter_ref"),
}


@dataclass(frozen=True, kw_only=True)
class Held:
    """One thing that is held about a person, and where it stands among all of them."""

    part: str
    id: str
    entity: Any

    @property
    def position(self) -> str:
        """Where the next page goes on."""
        return f"{self.part}/{self.id}"


def held_about(tx: Transaction, person: str, *, after: str | None, limit: int) -> list[Held]:
    """Load what is held about a person, part by part, after a position."""
    found: list[Held] = []
    for part, last in _from(after):
        collection, field = PARTS[part]
        where = {field: person, **({"_id": {"$gt": last}} if last else {})}
        rows = collection.query(tx, where, sort=[("_id", 1)], limit=limit - len(found))
        found += [Held(part=part, id=collection.id_of(row), entity=row) for row in rows]
        if len(found) == limit:
            break
    return found


def _from(after: str | None) -> Iterator[tuple[str, str]]:
    """Name the parts that are still to come, the first with the id behind which it goes on."""
    first, _, last = (after or "").partition("/")
    begun = first not in PARTS
    for part in PARTS:
        if begun or part == first:
            yield part, last if part == first else ""
        begun = begun or part == first


def issues_reported_by(tx: Transaction, person: str) -> list[domain.Issue]:
    """Load every issue of a reporter."""
    return issues.query(tx, {"reporter_ref": person}, sort=[("_id", 1)])


def issues_with_proxy(tx: Transaction, person: str) -> list[domain.Issue]:
    """Load every issue on which this person is on record as a proxy."""
    return issues.query(tx, {"proxies.person": person}, sort=[("_id", 1)])


def votes_of(tx: Transaction, person: str) -> list[domain.Voter]:
    """Load this person's line of each roll."""
    return voters.query(tx, {"person_id": person}, sort=[("_id", 1)])


def supports_by(tx: Transaction, person: str) -> list[domain.Support]:
    """Load every "me too" of a person."""
    return supports.query(tx, {"person_id": person}, sort=[("_id", 1)])


def supports_for(tx: Transaction, issue_id: str) -> list[domain.Support]:
    """Load every "me too" to an issue."""
    return supports.query(tx, {"issue_id": issue_id}, sort=[("since", 1)])


def replace_support(tx: Transaction, known: domain.Support, nobody: domain.Support) -> None:
    """Put another "me too" into the place of one."""
    supports.delete(tx, known)
    supports.save(tx, nobody)


def visits_naming(tx: Transaction, person: str) -> list[domain.Visit]:
    """Load every visit at which something was found that concerns this person."""
    return visits.query(tx, {"findings.resident": person}, sort=[("_id", 1)])


def visits_that_found(tx: Transaction, issue_id: str) -> list[domain.Visit]:
    """Load the visits at which this issue was found."""
    return visits.query(tx, {"findings.issue_id": issue_id})


def replace_voter(tx: Transaction, known: domain.Voter, nobody: domain.Voter) -> None:
    """Put another line into the place of one."""
    voters.delete(tx, known)
    voters.save(tx, nobody)
