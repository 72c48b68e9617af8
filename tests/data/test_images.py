"""Pictures: every known format comes out RGB and upright; every broken one is a DataError."""

from __future__ import annotations

import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from upload_files import encode, noise

from lab.data.images import decode, thumbnail
from lab.data.limits import Limits
from lab.errors import DataError

# Pillow warns of sizes and of damaged EXIF before the lab looks at them; lab.data.images filters
# those warnings, but pytest puts its own filters in front.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::RuntimeWarning:PIL")

RED, WHITE = (255, 0, 0), (255, 255, 255)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "WEBP", "JPEG"])
def test_known_formats(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    decoded = decode(encode(Image.new("RGB", (20, 10), RED), kind, **options))
    assert (decoded.mode, decoded.size) == ("RGB", (20, 10))
    assert np.abs(np.asarray(decoded, int) - RED).max() <= 2


def test_other_formats_are_refused() -> None:
    for kind in ("TIFF", "PPM", "ICO"):
        with pytest.raises(DataError, match="use PNG, JPEG"):
            decode(encode(noise(32, 32), kind))


def test_transparency_is_laid_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert decode(encode(clear)).getpixel((0, 0)) == WHITE
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([255, 0, 0] * 256)
    assert decode(encode(palette, transparency=0)).getpixel((0, 0)) == WHITE
    assert decode(encode(palette)).getpixel((0, 0)) == RED


def test_cmyk() -> None:
    decoded = decode(encode(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    assert decoded.mode == "RGB"
    assert np.abs(np.asarray(decoded, int) - RED).max() <= 4


def test_16_bit_grey_keeps_its_range() -> None:
    values = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    decoded = np.asarray(decode(encode(Image.fromarray(values))), int)
    assert (decoded[..., 0] == np.round(values / 257)).all()
    dark = np.full((8, 8), 200, np.uint16)  # 200 of 65,535 is nearly black, not light grey
    assert np.asarray(decode(encode(Image.fromarray(dark)))).max() <= 1


def test_exif_rotation_is_applied_at_full_and_small_size() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    picture = Image.new("RGB", (640, 320), "white")
    picture.paste("red", (0, 0, 320, 320))
    data = encode(picture, "JPEG", exif=exif)
    assert decode(data).size == (320, 640)
    small = thumbnail(data, 64)
    assert np.abs(np.asarray(small.getpixel((32, 10))) - RED).max() < 12
    assert np.abs(np.asarray(small.getpixel((32, 54))) - WHITE).max() < 12


def test_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "blue")]
    for kind, options in (("GIF", {}), ("WEBP", {"lossless": True})):
        data = encode(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        assert decode(data).getpixel((3, 3)) == RED


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "RGB"])
@pytest.mark.parametrize("size", [(1, 1), (1, 90), (150, 2), (300, 200)])
def test_thumbnail_is_a_square_on_white(mode: str, size: tuple[int, int]) -> None:
    small = thumbnail(encode(Image.new("L", size, 0).convert(mode)), 64)
    assert (small.mode, small.size) == ("RGB", (64, 64))
    assert small.getpixel((31, 31)) == (0, 0, 0)
    if size == (300, 200):
        assert small.getpixel((32, 2)) == WHITE


def test_a_lie_about_the_size_is_broken_or_too_large() -> None:
    for size in ((60_000, 60_000), (10_000, 10_000)):
        with pytest.raises(DataError, match="make it smaller"):
            decode(png_claiming(*size))
    with pytest.raises(DataError, match="broken or cut short"):
        decode(png_claiming(500, 500))


def test_limits() -> None:
    data = encode(noise(40, 30))
    with pytest.raises(DataError, match="40 x 30 pixels"):
        decode(data, Limits(image_pixels=1_000))
    with pytest.raises(DataError, match="is larger"):
        decode(data, Limits(image_bytes=len(data) - 1))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_cut_short(kind: str) -> None:
    data = encode(noise(64, 64), kind)
    for part in (0, 10, len(data) // 2, len(data) - 200):
        for read in (decode, thumbnail):
            with pytest.raises(DataError):
                read(data[:part])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_no_damage_raises_anything_but_data_error(kind: str) -> None:
    whole = encode(noise(24, 24), kind)
    rng = random.Random(kind)
    outcomes = set()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            outcomes.add(thumbnail(bytes(data), 32, Limits(image_pixels=10_000)).size)
        except DataError:
            outcomes.add(DataError)
    assert outcomes <= {(32, 32), DataError}
    assert DataError in outcomes


def test_errors_name_no_object_of_the_program() -> None:
    with pytest.raises(DataError) as caught:
        decode(b"<svg onload=alert(1)>")
    assert str(caught.value) == "not a picture that can be read; use PNG, JPEG, WEBP, GIF, BMP"
