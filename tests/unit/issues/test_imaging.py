"""What comes out of a photo: the upright picture, and nothing of what the camera wrote beside it."""

import io
import os
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from services.issues import imaging
from services.issues.domain.photos import MOST_SCANS, NotAPhoto, PhotoTooLarge, Rectangle

RED, GREEN, BLUE = (230, 30, 30), (30, 200, 30), (30, 30, 230)
HARMLESS = {b"\xff\xe0", b"\xff\xdb", b"\xff\xc0", b"\xff\xc4", b"\xff\xda"}  # JFIF, tables, frame, scan
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def encoded(image, form="JPEG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def decoded(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def halves(size=(400, 300)):
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def grain(size):
    return Image.frombytes("RGB", (size[0] // 8, size[1] // 8), os.urandom(size[0] // 8 * (size[1] // 8) * 3)).resize(
        size
    )


def near(pixel, colour, by=40):
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def segments(jpeg):
    """The markers of a JPEG file up to its pixels, and where these begin."""
    at, found = 2, []
    while True:
        marker = jpeg[at : at + 2]
        found.append(marker)
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        if marker == b"\xff\xda":
            return found


def with_everything(image):
    exif = Image.Exif()
    exif[MAKER] = "王小梅的手机"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 44.0, 12.0), 3: "E", 4: (117.0, 17.0, 3.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(
        image,
        exif=exif.tobytes(),
        icc_profile=profile,
        comment=b"R-1001 13855512345",
        xmp=b"<x:xmpmeta>R-1001</x:xmpmeta>",
    )


def test_nothing_but_pixels_is_left_of_a_photo_with_a_place_a_name_and_a_comment():
    content = with_everything(halves())
    assert b"13855512345" in content
    pictures = imaging.develop(content)
    for picture in (pictures.full, pictures.thumbnail):
        assert set(segments(picture)) <= HARMLESS
        assert not decoded(picture).getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(decoded(picture).info)
        for word in (b"1385", b"R-1001", b"xmp", b"GPS", "王".encode(), b"ICC_PROFILE", b"Photoshop"):
            assert word not in picture


def test_texts_of_a_png_and_metadata_of_a_webp_are_dropped():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "王小梅 13855512345")
    exif = Image.Exif()
    exif[MAKER] = "13855512345"
    for content in (
        encoded(halves(), "PNG", pnginfo=texts, exif=exif.tobytes()),
        encoded(halves(), "WEBP", lossless=True, exif=exif.tobytes(), xmp=b"13855512345"),
    ):
        assert b"13855512345" in content
        full = imaging.develop(content).full
        assert set(segments(full)) <= HARMLESS
        assert b"13855512345" not in full
        assert near(decoded(full).getpixel((20, 20)), RED)


def test_the_orientation_of_the_camera_is_applied_before_it_is_dropped():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was turned: the left of the sensor is the top of the picture
    pictures = imaging.develop(encoded(halves((400, 300)), exif=exif.tobytes()))
    assert (pictures.width, pictures.height) == (300, 400)
    assert near(decoded(pictures.full).getpixel((150, 20)), RED)
    assert near(decoded(pictures.full).getpixel((150, 380)), BLUE)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_photo_with_unreadable_exif_is_taken_as_it_lies():
    pictures = imaging.develop(encoded(halves(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\xff" * 40))
    assert (pictures.width, pictures.height) == (400, 300)


def test_a_large_photo_is_shrunk_to_2048_pixels_and_a_thumbnail_of_320():
    pictures = imaging.develop(encoded(halves((4000, 3000))))
    assert (pictures.width, pictures.height) == (2048, 1536)
    assert decoded(pictures.full).size == (2048, 1536)
    assert decoded(pictures.thumbnail).size == (320, 240)
    assert near(decoded(pictures.thumbnail).getpixel((300, 100)), BLUE)


def test_a_small_photo_keeps_its_size():
    pictures = imaging.develop(encoded(halves((40, 30))))
    assert decoded(pictures.full).size == decoded(pictures.thumbnail).size == (40, 30)


def test_the_same_photo_gives_the_same_bytes():
    content = encoded(halves())
    assert imaging.develop(content) == imaging.develop(content)


def test_colours_of_a_wide_profile_are_shown_as_they_were_seen():
    """A profile whose red and blue are swapped stands for every profile that is not sRGB."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, blue = srgb.index(b"rXYZ"), srgb.index(b"bXYZ")
    swapped = bytearray(srgb)
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    full = imaging.develop(encoded(halves(), icc_profile=bytes(swapped))).full
    assert near(decoded(full).getpixel((20, 20)), BLUE)


def test_a_broken_profile_costs_no_photo():
    full = imaging.develop(encoded(halves(), icc_profile=b"no profile at all")).full
    assert near(decoded(full).getpixel((20, 20)), RED)


def test_what_was_transparent_is_white_and_does_not_come_to_light():
    image = halves().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))  # the colours are still in the file
    full = imaging.develop(encoded(image, "PNG")).full
    assert decoded(full).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA"])
def test_other_ways_to_write_pixels_are_read(mode):
    image = Image.new("I", (64, 64), 40000).convert("I;16") if mode == "I;16" else halves((64, 64)).convert(mode)
    pictures = imaging.develop(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert decoded(pictures.full).mode == "RGB"
    if mode == "I;16":
        assert near(decoded(pictures.full).getpixel((5, 5)), (156, 156, 156), by=3)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"%PDF-1.7 a paper", b"<svg/>", b"GIF89a" + b"\0" * 50, os.urandom(5000)]
)
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(NotAPhoto, match="JPEG, PNG, WEBP"):
        imaging.develop(content)


@pytest.mark.parametrize("form", ["GIF", "TIFF", "BMP", "JPEG2000", "AVIF"])
def test_another_format_is_refused_with_the_names_of_those_that_are_read(form):
    with pytest.raises(NotAPhoto, match="JPEG, PNG, WEBP"):
        imaging.develop(encoded(halves(), form))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_photo_that_is_cut_off_is_refused(form, share):
    content = encoded(grain((640, 480)), form)
    with pytest.raises(NotAPhoto):
        imaging.develop(content[: int(len(content) * share)])


def test_a_file_of_more_than_8_megabytes_is_refused():
    with pytest.raises(PhotoTooLarge, match="8388608 bytes"):
        imaging.develop(encoded(halves()) + b"\0" * 8 * 1024 * 1024)


@pytest.mark.parametrize("side", [5000, 20_000, 100_000])
def test_a_decompression_bomb_is_refused_by_its_header(side):
    """A PNG of a few bytes that claims a huge picture; only the header is there, so nothing can have been decoded."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with pytest.raises(PhotoTooLarge):
        imaging.develop(bomb + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))


def test_a_jpeg_with_hundreds_of_passes_over_its_pixels_is_refused():
    content = encoded(halves(), progressive=True)
    begins = content.index(b"\xff\xda")
    with pytest.raises(PhotoTooLarge, match="scans"):
        imaging.develop(content[:begins] + content[begins : begins + 60] * (MOST_SCANS + 1) + content[begins:])


def test_rectangles_are_black_in_both_sizes_and_the_rest_stays():
    full = imaging.develop(encoded(Image.new("RGB", (1000, 800), GREEN))).full
    pictures = imaging.redact(full, [Rectangle(left=100, top=100, width=300, height=200)])
    image, small = decoded(pictures.full), decoded(pictures.thumbnail)
    assert image.crop((116, 116, 384, 284)).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert all(highest < 90 for _, highest in image.crop((100, 100, 400, 300)).getextrema())  # green rings at the edge
    assert near(image.getpixel((90, 90)), GREEN)
    assert near(image.getpixel((410, 310)), GREEN)
    assert near(small.getpixel((80, 64)), (0, 0, 0))
    assert near(small.getpixel((10, 10)), GREEN)


def test_a_second_redaction_keeps_the_first():
    full = imaging.develop(encoded(Image.new("RGB", (200, 200), GREEN))).full
    once = imaging.redact(full, [Rectangle(left=0, top=0, width=50, height=50)])
    twice = imaging.redact(once.full, [Rectangle(left=150, top=150, width=50, height=50)])
    image = decoded(twice.full)
    assert near(image.getpixel((20, 20)), (0, 0, 0))
    assert near(image.getpixel((180, 180)), (0, 0, 0))
    assert near(image.getpixel((100, 100)), GREEN)
