"""Thumbnails of many pictures in one image, sent inside the data: no request, no file to guard."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from lab.data.pair import Item, Picture

TILE = 56  # pixels
KEPT = 4  # sheets: the same items are drawn before a run, after it, and when UMAP's maps come


def make_sprite(items: Sequence[Item], tile: int = TILE) -> dict[str, Any] | None:
    """A sheet of thumbnails as {"url", "tile", "columns", "index"}; None without pictures.

    index[i] is item i's tile, -1 for a text; equal pictures share one tile. Not to be changed:
    who asks for the same items again gets the same sheet.
    """
    return _make_sheet(tuple(items), tile)


@lru_cache(maxsize=KEPT)  # a second of work for 2,000 pictures, as a run ends
def _make_sheet(items: tuple[Item, ...], tile: int) -> dict[str, Any] | None:
    from PIL import Image

    places: dict[str, int] = {}
    pictures: list[Picture] = []
    index = []
    for item in items:
        if isinstance(item, str):
            index.append(-1)
            continue
        if item.key not in places:
            places[item.key] = len(pictures)
            pictures.append(item)
        index.append(places[item.key])
    if not pictures:
        return None
    columns = max(1, round(len(pictures) ** 0.5))
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * tile, rows * tile), "white")
    for place, picture in enumerate(pictures):
        with Image.open(io.BytesIO(picture.thumbnail)) as thumbnail:
            small = thumbnail.resize((tile, tile), Image.Resampling.LANCZOS)
        sheet.paste(small, (place % columns * tile, place // columns * tile))
    encoded = io.BytesIO()
    sheet.save(encoded, "WEBP", quality=75)
    url = "data:image/webp;base64," + base64.b64encode(encoded.getvalue()).decode()
    return {"url": url, "tile": tile, "columns": columns, "index": index}
