"""Decoding pictures from strangers: known formats only, bounded, upright, RGB."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from lab.data.limits import Limits
from lab.errors import DataError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")
SCAN = b"\xff\xda"  # the marker before each; in the pixels' own bytes FF is followed by 00
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")

# Pillow warns of damaged EXIF, and of sizes that `Limits` bounds. Filtered once, since
# warnings.catch_warnings around each picture would race: pictures are decoded in threads.
warnings.filterwarnings("ignore", module=r"PIL\.")


def decode(data: bytes, limits: Limits | None = None) -> Image.Image:
    """Encoded bytes -> RGB picture: EXIF rotation applied, first frame, transparency on white.

    Raises DataError for anything that is not a whole picture of a known format and size.
    """
    return _open(data, limits or Limits(), draft=None)


def thumbnail(
    data: bytes,
    side: int = 64,
    limits: Limits | None = None,
    count: Callable[[int], None] | None = None,
) -> Image.Image:
    """A square RGB thumbnail of `side` pixels, the whole picture centred on white.

    Decodes all of the data (a JPEG at a reduced scale), so it finds broken pictures too.
    count: called with the number of pixels before they are decoded; it may raise.
    Raises DataError as `decode` does.
    """
    picture = _open(data, limits or Limits(), draft=2 * side, count=count)
    picture.thumbnail((side, side))
    tile = Image.new("RGB", (side, side), "white")
    tile.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return tile


def _open(
    data: bytes, limits: Limits, draft: int | None, count: Callable[[int], None] | None = None
) -> Image.Image:
    if len(data) > limits.image_bytes:
        raise DataError(
            f"the picture is larger than {limits.image_bytes >> 20} MB; make it smaller"
        )
    with _pillow_errors(), Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        _check_shape(picture, limits)
        if picture.format == "JPEG" and data.count(SCAN) > limits.image_scans:
            raise DataError(
                f"the picture is a JPEG of more than {limits.image_scans} scans; save it again"
            )
        if count:
            count(picture.width * picture.height)
        if draft:
            picture.draft("RGB", (draft, draft))
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        return _to_rgb(_reduce(picture, draft) if draft else picture)


def _check_shape(picture: Image.Image, limits: Limits) -> None:
    size = f"{picture.width} x {picture.height}"
    if picture.width * picture.height > limits.image_pixels:
        raise DataError(
            f"the picture has {size} pixels, more than {limits.image_pixels / 1e6:g} million; "
            "make it smaller"
        )
    if max(picture.size) > limits.image_aspect * min(picture.size):
        raise DataError(
            f"the picture has {size} pixels, one side more than {limits.image_aspect} times the "
            "other; cut it"
        )


def _reduce(picture: Image.Image, side: int) -> Image.Image:
    """Shrink by a whole factor towards `side`, so that what follows needs little memory."""
    factor = min(picture.size) // side
    return picture.reduce(factor) if factor > 1 and picture.mode in REDUCIBLE else picture


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        return _grey_from_16_bits(picture).convert("RGB")
    if picture.has_transparency_data:
        with_alpha = picture.convert("RGBA")
        background = Image.new("RGBA", with_alpha.size, "white")
        return Image.alpha_composite(background, with_alpha).convert("RGB")
    return picture.convert("RGB")


def _grey_from_16_bits(picture: Image.Image) -> Image.Image:
    """16-bit grey -> 8-bit grey; Pillow's own conversion clips nearly all to white."""
    values = np.asarray(picture).astype(np.float32)
    return Image.fromarray((values / 257).round().clip(0, 255).astype(np.uint8))


@contextmanager
def _pillow_errors() -> Iterator[None]:
    """Every answer of a decoder to hostile bytes becomes one DataError."""
    try:
        yield
    except DataError:
        raise
    except UnidentifiedImageError:
        raise DataError("not a picture that can be read; use " + ", ".join(FORMATS)) from None
    except Image.DecompressionBombError:
        raise DataError("the picture unpacks to far too many pixels; make it smaller") from None
    # Which error a decoder raises for broken bytes is not stated anywhere: over the formats there
    # are OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error, ...
    except Exception as error:
        raise DataError("the picture is broken or cut short; save it again") from error
