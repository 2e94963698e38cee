"""Commands and questions on photos."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any

from marshmallow import ValidationError, validate

from services.issues import domain
from services.issues.domain.photos import LONGEST_SIDE, MOST_REDACTIONS
from shared.schemas import Command, Id, ShortText, dump

LARGEST_UPLOAD = 12 * 1024 * 1024  # bytes of a call; a photo of 8 MB is 11.2 MB in base64
Pixels = Annotated[int, validate.Range(0, LONGEST_SIDE)]
Extent = Annotated[int, validate.Range(1, LONGEST_SIDE)]


def _base64(text: str) -> None:
    """Refuse what is not base64."""
    try:
        binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise ValidationError("Must be the bytes of the photo in base64.") from None


@dataclass(frozen=True, kw_only=True)
class AttachPhoto(Command):
    """Add a photo: `data` are the bytes of a JPEG, PNG or WebP file of at most 8 MB in base64."""

    issue_id: Id
    kind: domain.PhotoKind
    data: Annotated[str, validate.Length(min=1), _base64]
    caption: ShortText | None = None
    by: Id | None = None

    @property
    def content(self) -> bytes:
        """The file as it was taken."""
        return base64.b64decode(self.data)


@dataclass(frozen=True, kw_only=True)
class Rectangle:
    """A part of a photo, in px of the full size, from its upper left corner."""

    left: Pixels
    top: Pixels
    width: Extent
    height: Extent


@dataclass(frozen=True, kw_only=True)
class RedactPhoto(Command):
    """Black out parts of a photo for good; `by` is who decided it."""

    issue_id: Id
    photo_id: Id
    rectangles: Annotated[tuple[Rectangle, ...], validate.Length(1, MOST_REDACTIONS)]
    by: Id | None = None

    @property
    def areas(self) -> list[domain.Rectangle]:
        """What becomes black."""
        return [
            domain.Rectangle(left=one.left, top=one.top, width=one.width, height=one.height) for one in self.rectangles
        ]


@dataclass(frozen=True, kw_only=True)
class GetPhoto:
    """Look at one photo; `original` is what was there before something was blacked out, for who works on the issue."""

    issue_id: Id
    photo_id: Id
    size: domain.Size = domain.Size.FULL
    version: domain.Version = domain.Version.PUBLIC
    viewer: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ListPhotos:
    """List the photos of an issue without their pixels."""

    issue_id: Id
    viewer: Id | None = None


def photo_view(photo: domain.Photo, jpeg: bytes | None = None) -> dict[str, Any]:
    """Show what is known of a photo, and where given its pixels in base64."""
    shown: dict[str, Any] = dump(photo)
    if jpeg is not None:
        shown |= {"content_type": "image/jpeg", "data": base64.b64encode(jpeg).decode()}
    return shown
