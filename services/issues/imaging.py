"""Photos as pixels: read within limits, freed of everything but the picture, shrunk, blacked out.

Pillow's work takes up to some seconds and is done in a thread of its own (`shared.concurrency.aside`).
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageDraw, ImageOps, MpoImagePlugin, WebPImagePlugin

from services.issues.domain.photos import (
    LARGEST_PHOTO,
    LONGEST_SIDE,
    MOST_PIXELS,
    MOST_SCANS,
    THUMBNAIL_SIDE,
    NotAPhoto,
    PhotoFormat,
    PhotoTooLarge,
    Rectangle,
)

QUALITY = 85  # of JPEG; where a second look finds no difference at twice the compression of 95
START_OF_SCAN = b"\xff\xda"  # in compressed data FF is followed by 00, so this is a marker wherever it stands
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
DECODERS = (MpoImagePlugin, WebPImagePlugin)  # with those of `preinit` all that is read; no thread imports any later
Image.preinit()


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """One photo as JPEG in two sizes; `width` and `height` in px of the full one."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int


def develop(content: bytes) -> Pictures:
    """Keep the upright picture and nothing else; raises NotAPhoto, PhotoTooLarge."""
    if len(content) > LARGEST_PHOTO:
        raise PhotoTooLarge(f"a photo has at most {LARGEST_PHOTO} bytes", bytes=len(content), most=LARGEST_PHOTO)
    return _pictures(_clean(_shrunk(_opened(content))))


def redact(full: bytes, rectangles: Iterable[Rectangle]) -> Pictures:
    """Make the rectangles black in a stored photo, which leaves nothing of what was there."""
    with Image.open(io.BytesIO(full), formats=[PhotoFormat.JPEG]) as image:
        image.load()
        draw = ImageDraw.Draw(image)
        for one in rectangles:
            draw.rectangle((one.left, one.top, one.left + one.width - 1, one.top + one.height - 1), fill=BLACK)
        return _pictures(_clean(image))


def _opened(content: bytes) -> Image.Image:
    """Read the header and refuse by it, before anything is decoded."""
    try:
        image = Image.open(io.BytesIO(content), formats=list(PhotoFormat))
    except Image.DecompressionBombError as error:
        raise PhotoTooLarge("the photo has far too many pixels", reason=str(error)) from None
    except Exception as error:  # noqa: BLE001 -- hostile bytes lead to any error of Pillow; all mean the same
        raise NotAPhoto(f"this is no {', '.join(PhotoFormat)}", reason=type(error).__name__) from None
    kind = PhotoFormat.JPEG if image.format == "MPO" else PhotoFormat(str(image.format))
    if image.width * image.height > MOST_PIXELS[kind]:
        raise PhotoTooLarge(
            f"a {kind} photo has at most {MOST_PIXELS[kind]} pixels", width=image.width, height=image.height
        )
    if kind is PhotoFormat.JPEG and content.count(START_OF_SCAN) > MOST_SCANS:
        raise PhotoTooLarge(f"a photo has at most {MOST_SCANS} scans", scans=content.count(START_OF_SCAN))
    return image


def _shrunk(image: Image.Image) -> Image.Image:
    """Decode, at a fraction of the size where JPEG allows it, and bring it to the size that is kept, upright."""
    try:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        image.load()  # a small one was not touched yet
    except Exception as error:  # noqa: BLE001 -- see above
        raise NotAPhoto("the photo is cut off or damaged", reason=type(error).__name__) from None
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 -- metadata that cannot be read turns nothing; the picture is good
        return image


def _clean(image: Image.Image) -> Image.Image:
    """Copy the colours of the pixels into a picture that has never had anything else."""
    clean = Image.new("RGB", image.size, WHITE)
    clean.paste(_in_srgb(image), mask=_opacity(image))
    return clean


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the colours as a screen shows them when nothing else is said."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    profile = image.info.get("icc_profile")
    plain = image if image.mode in ("RGB", "CMYK") else image.convert("RGB")
    if not profile:
        return plain.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except Exception:  # noqa: BLE001 -- a profile that cannot be read costs a shade of colour, not the photo
        return plain.convert("RGB")
    return converted or plain


def _opacity(image: Image.Image) -> Image.Image | None:
    """Return what covers the white behind it: pixels that nobody could see must not come to light."""
    return image.convert("RGBA").getchannel("A") if image.has_transparency_data else None


def _pictures(image: Image.Image) -> Pictures:
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Pictures(full=_jpeg(image), thumbnail=_jpeg(small), width=image.width, height=image.height)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
