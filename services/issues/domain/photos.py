"""Photos of an issue: whose they are, how many, and what is blacked out; the pixels are elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from services.issues.domain.issue import Issue
from services.issues.domain.lifecycle import BESIDE
from services.issues.domain.who import Actor, authorise, is_reporter_or_proxy
from shared.errors import NotFound, Refusal

LARGEST_PHOTO = 8 * 1024 * 1024  # bytes, as it comes in
LONGEST_SIDE = 2048  # px, as it is kept
THUMBNAIL_SIDE = 320  # px
DIGEST = 20  # hexadecimal digits of SHA-256 that tell the photos of one issue apart
MOST_REDACTIONS = 100  # rectangles of one photo


class PhotoFormat(StrEnum):
    """What is read; HEIC needs a decoder that Pillow does not have, and phones send JPEG where it is not taken."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


MOST_PIXELS = {  # as it comes in; JPEG is decoded at a fraction of its size, the others need 4 bytes a pixel
    PhotoFormat.JPEG: 52_000_000,
    PhotoFormat.PNG: 16_000_000,
    PhotoFormat.WEBP: 16_000_000,
}
MOST_SCANS = 64  # of one progressive JPEG, which usually has 10; each one costs a pass over the whole picture


class PhotoKind(StrEnum):
    """What a photo shows: the problem, the place after the work, or the work itself."""

    BEFORE = "before"
    AFTER = "after"
    PROOF = "proof"


class Side(StrEnum):
    """Who took it: the resident's side or the handler's; each has its own number of photos."""

    RESIDENT = "resident"
    HANDLER = "handler"


class Version(StrEnum):
    """What everybody sees who sees the issue, or what was there before something was blacked out."""

    PUBLIC = "public"
    ORIGINAL = "original"


class Size(StrEnum):
    """How large a picture is wanted."""

    FULL = "full"
    THUMBNAIL = "thumbnail"


MOST_PHOTOS = {Side.RESIDENT: 6, Side.HANDLER: 12}  # of one issue


class NotAPhoto(Refusal):
    """It cannot be read as a photo."""


class PhotoTooLarge(Refusal):
    """It has more bytes or pixels than a photo may have."""


class TooManyPhotos(Refusal):
    """The issue has as many photos of this side as it may have."""


class OutsideThePhoto(Refusal):
    """A rectangle does not lie inside the photo."""


@dataclass(frozen=True, kw_only=True)
class Rectangle:
    """A part of a photo, in px of the full size, from its upper left corner."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """What was blacked out, by whom and when."""

    rectangles: tuple[Rectangle, ...]
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One photo without its pixels; `width` and `height` in px of the full size."""

    photo_id: str
    kind: PhotoKind
    side: Side
    by: str
    at: datetime
    width: int
    height: int
    caption: str | None = None
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Album:
    """The photos of one issue, in the order they came."""

    issue_id: str
    photos: tuple[Photo, ...] = ()
    revision: int = 0

    def find(self, photo_id: str) -> Photo | None:
        """Return the photo, or None."""
        return next((photo for photo in self.photos if photo.photo_id == photo_id), None)

    def get(self, photo_id: str) -> Photo:
        """Return the photo; raises NotFound."""
        found = self.find(photo_id)
        if found is None:
            raise NotFound(f"the issue has no photo {photo_id}", issue_id=self.issue_id, photo_id=photo_id)
        return found


def photo_id(issue_id: str, content: bytes) -> str:
    """Name a photo after what it is made of, so that the same one again is the same photo."""
    return f"PH-{issue_id.removeprefix('IS-')}-{sha256(content).hexdigest()[:DIGEST]}"


def side_of(issue: Issue, actor: Actor, by: str, now: datetime) -> Side:
    """Say for which side somebody attaches a photo; raises StateNotAllowed, Forbidden."""
    BESIDE.step(issue.state, "attach_photo")
    if is_reporter_or_proxy(issue, by, now):
        return Side.RESIDENT
    if by not in issue.workers:
        authorise(actor, "attach_photo")
    return Side.HANDLER


def check_room(album: Album, side: Side) -> None:
    """Raise TooManyPhotos where the side has no place left; asked before any pixel is touched."""
    most, have = MOST_PHOTOS[side], sum(photo.side is side for photo in album.photos)
    if have >= most:
        raise TooManyPhotos(f"an issue has at most {most} photos of the {side}", side=side.value, most=most, have=have)


def attach_photo(album: Album, photo: Photo) -> Album:
    """Put a photo into the album; raises TooManyPhotos."""
    check_room(album, photo.side)
    return replace(album, photos=(*album.photos, photo))


def redact_photo(
    issue: Issue, album: Album, photo_id: str, rectangles: Sequence[Rectangle], *, by: str, now: datetime
) -> Album:
    """Note what is blacked out from now on; raises StateNotAllowed, NotFound, OutsideThePhoto."""
    BESIDE.step(issue.state, "redact_photo")
    photo = album.get(photo_id)
    for number, one in enumerate(rectangles):
        if one.left + one.width > photo.width or one.top + one.height > photo.height:
            raise OutsideThePhoto(
                f"rectangle {number} leaves the photo of {photo.width} x {photo.height} px",
                rectangle=number,
                width=photo.width,
                height=photo.height,
            )
    redacted = replace(photo, redactions=(*photo.redactions, Redaction(rectangles=tuple(rectangles), by=by, at=now)))
    return replace(album, photos=tuple(redacted if one is photo else one for one in album.photos))
