"""What the retrieval explorer draws: the form with its suggestions, and an answer to a query."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from lab.analysis.explorer import Hit
from lab.charts.sprite import TILE, make_sprite
from lab.charts.values import item_text, name_sides
from lab.data.dataset import PairDataset
from lab.data.pair import Item, Pair, Side

Words = Mapping[str, str]
STATES = ("before", "after")


def form_value(
    test: PairDataset,
    examples: Sequence[int],
    words: Words,
    sides: Words,
    *,
    key: str,
    about: str,
    characters: int,
    image_bytes: int,
) -> dict[str, Any]:
    """The form. examples: rows of `test` to suggest, by their second item.

    key: changes when what is searched does. about: which run is searched, in a line.
    characters, image_bytes: the most that a query may have.
    """
    a, b = name_sides(test, sides).side_names
    return {
        "key": key,
        "about": about,
        "characters": characters,
        "bytes": image_bytes,
        "takes_images": test.kind == "image-text",
        "sides": {"a": a, "b": b},
        "examples": [{"row": row, "side": "b", "text": item_text(test.b[row])} for row in examples],
        "words": {name: text.format_map(_Sides(a, b)) for name, text in words.items()},
    }


class _Sides(dict):
    """Fills in the sides' names and leaves every other blank as it is."""

    def __init__(self, a: str, b: str) -> None:
        super().__init__(a=a, b=b)

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def answer_value(
    test: PairDataset,
    query: Item,
    gallery: Side,
    columns: Sequence[Sequence[Hit]],
    right: Sequence[int | None],
    size: int,
    words: Words,
) -> dict[str, Any]:
    """The first ten in each state, side by side.

    right: places of the right answer, None where it is not known; size: items ranked.
    """
    items = test.a if gallery == "a" else test.b
    shown = [items[hit.row] for hits in columns for hit in hits]
    sprite = make_sprite(shown)
    tiles = iter(sprite["index"] if sprite else [-1] * len(shown))
    return {
        "gallery": gallery,
        "query": {"text": item_text(query), "sprite": _own_sprite(query)},
        "columns": [
            {
                "state": state,
                "hits": [
                    _hit(hit, test.pairs[hit.row], gallery, next(tiles), state == "after", words)
                    for hit in hits
                ],
            }
            for state, hits in zip(STATES, columns, strict=False)
        ],
        "right": _right(right, size, words),
        "sprite": sprite,
    }


def _own_sprite(query: Item) -> dict[str, Any] | None:
    """A picture's thumbnail alone: sheets of many are kept for the next time, a query is not."""
    if isinstance(query, str):
        return None
    url = "data:image/webp;base64," + base64.b64encode(query.thumbnail).decode()
    return {"url": url, "tile": TILE, "columns": 1}


def _hit(
    hit: Hit, pair: Pair, gallery: Side, tile: int, is_after: bool, words: Words
) -> dict[str, Any]:
    item = pair.a if gallery == "a" else pair.b
    move, text = _move(hit, is_after, words)
    return {
        "row": hit.row,
        "place": hit.place,
        "score": round(hit.score, 4),
        "tile": tile,
        "text": item if isinstance(item, str) else pair.b,  # a picture is told by its caption
        "name": item_text(item),
        "right": hit.is_right,
        "move": move,
        "moved": text,
    }


def _move(hit: Hit, is_after: bool, words: Words) -> tuple[str, str]:
    """("rose", "fell", "same" or "") over the run, and where the item stood or stands."""
    if hit.elsewhere is None:
        return "", ""
    before, after = (hit.elsewhere, hit.place) if is_after else (hit.place, hit.elsewhere)
    if before == after:
        return "same", words["same"]
    template = words["was"] if is_after else words["now"]
    text = template.format(place=f"{hit.elsewhere:,}")
    return ("rose" if after < before else "fell"), text


def _right(right: Sequence[int | None], size: int, words: Words) -> str:
    if right[0] is None:
        return ""
    places = {state: f"{place:,}" for state, place in zip(STATES, right, strict=False)}
    template = words["right_both"] if len(right) > 1 else words["right_before"]
    return template.format(size=f"{size:,}", **places)
