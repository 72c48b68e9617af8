"""Decoding pictures from strangers: known formats only, bounded, upright, RGB."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from lab.data.limits import Limits
from lab.errors import DataError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")


def decode(data: bytes, limits: Limits | None = None) -> Image.Image:
    """Encoded bytes -> RGB picture: EXIF rotation applied, first frame, transparency on white.

    Raises DataError for anything that is not a whole picture of a known format and size.
    """
    return _open(data, limits or Limits(), draft=None)


def thumbnail(data: bytes, side: int = 64, limits: Limits | None = None) -> Image.Image:
    """A square RGB thumbnail of `side` pixels, the whole picture centred on white.

    Decodes all of the data (a JPEG at a reduced scale), so it finds broken pictures too.
    Raises DataError as `decode` does.
    """
    picture = _open(data, limits or Limits(), draft=2 * side)
    picture.thumbnail((side, side))
    tile = Image.new("RGB", (side, side), "white")
    tile.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return tile


def _open(data: bytes, limits: Limits, draft: int | None) -> Image.Image:
    if len(data) > limits.image_bytes:
        raise DataError(
            f"the picture is larger than {limits.image_bytes >> 20} MB; make it smaller"
        )
    with _pillow_errors(), Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > limits.image_pixels:
            raise DataError(
                f"the picture has {picture.width} x {picture.height} pixels, more than "
                f"{limits.image_pixels / 1e6:.0f} million; make it smaller"
            )
        if draft:
            picture.draft("RGB", (draft, draft))
        return _to_rgb(ImageOps.exif_transpose(picture))


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _grey_from_deep(picture)
    if picture.has_transparency_data:
        with_alpha = picture.convert("RGBA")
        background = Image.new("RGBA", with_alpha.size, "white")
        return Image.alpha_composite(background, with_alpha).convert("RGB")
    return picture.convert("RGB")


def _grey_from_deep(picture: Image.Image) -> Image.Image:
    """16-bit or floating grey -> 8-bit grey; Pillow's own conversion clips nearly all to white."""
    values = np.asarray(picture, dtype=np.float32)
    brightest = values.max(initial=0.0)
    scale = 255 / 65535 if brightest > 255 else 1.0 if brightest > 1 else 255.0
    return Image.fromarray((values * scale).clip(0, 255).astype(np.uint8))


@contextmanager
def _pillow_errors() -> Iterator[None]:
    """Pillow answers broken pictures with a dozen kinds of error; here it is one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged EXIF, and of sizes that `limits` bounds
        try:
            yield
        except UnidentifiedImageError:
            raise DataError("not a picture that can be read; use " + ", ".join(FORMATS)) from None
        except (
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            IndexError,
            TypeError,
            OverflowError,
        ) as e:
            raise DataError(f"the picture is broken ({e})") from None
        except Image.DecompressionBombError:
            raise DataError("the picture unpacks to far too many pixels; make it smaller") from None
