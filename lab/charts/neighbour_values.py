"""Neighbours -> what is drawn of them: one item's lists, and the histogram of all overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lab.analysis.neighbours import Among, Neighbours
from lab.analysis.suggestions import Reason, Suggestion
from lab.charts.sprite import make_sprite
from lab.charts.values import Words, item_text
from lab.data.dataset import PairDataset
from lab.data.pair import Item

SIGNED: tuple[Reason, ...] = ("closer", "apart")


def neighbours_value(
    pairs: PairDataset, lists: Mapping[Among, Neighbours], words: Words
) -> dict[str, Any]:
    """One item's nearest before and after, on either side.

    lists: across and within, each of the one item that was asked.
    """
    items = (*pairs.a, *pairs.b)
    item = int(lists["across"].items[0])
    shown = [item]
    for found in lists.values():
        shown += [*found.before[0].tolist(), *found.after[0].tolist()]
    sprite = make_sprite([items[i] for i in shown])
    tiles = dict(zip(shown, sprite["index"] if sprite else [-1] * len(shown), strict=True))
    return {
        "item": _item(item, items, tiles),
        "side": pairs.side_names[item >= len(pairs)],
        "lists": {
            among: {
                "before": _rows(pairs, items, tiles, found, "before"),
                "after": _rows(pairs, items, tiles, found, "after"),
                "summary": _summary(found, words),
            }
            for among, found in lists.items()
        },
        "sprite": sprite,
        "words": dict(words),
    }


def _item(item: int, items: Sequence[Item], tiles: Mapping[int, int]) -> dict[str, Any]:
    return {"item": item, "text": item_text(items[item]), "tile": tiles[item]}


def _rows(
    pairs: PairDataset,
    items: Sequence[Item],
    tiles: Mapping[int, int],
    found: Neighbours,
    moment: str,
) -> list[dict[str, Any]]:
    """state: common, or lost (of those before), or gained (of those after)."""
    near, cosines, kept = (
        getattr(found, name)[0].tolist() for name in (moment, f"cosines_{moment}", f"kept_{moment}")
    )
    partner = _key(pairs, (int(found.items[0]) + len(pairs)) % len(items))
    changed = "lost" if moment == "before" else "gained"
    return [
        {
            **_item(i, items, tiles),
            "cosine": round(cosine, 3),
            "state": "common" if stays else changed,
            "partner": _key(pairs, i) == partner,  # of equal items, one stands for all
        }
        for i, cosine, stays in zip(near, cosines, kept, strict=True)
    ]


def _key(pairs: PairDataset, item: int) -> tuple[bool, str]:
    """What makes two items the same one: the side, and what is in them."""
    is_b = item >= len(pairs)
    return is_b, (pairs.b_keys if is_b else pairs.a_keys)[item % len(pairs)]


def _summary(found: Neighbours, words: Words) -> str:
    count, common = found.before.shape[1], int(found.kept_before[0].sum())
    return words["summary"].format(
        count=count, common=common, lost=count - common, gained=count - common
    )


def overlap_value(
    pairs: PairDataset, found: Neighbours, suggestions: Sequence[Suggestion], words: Words
) -> dict[str, Any]:
    """How many of its nearest each item kept, and which items to look at first.

    found: of all 2N items, or of an even sample of them, which is then said.
    """
    items = (*pairs.a, *pairs.b)
    told = [suggestion.item for suggestion in suggestions]
    sprite = make_sprite([items[i] for i in told])
    tiles = dict(zip(told, sprite["index"] if sprite else [-1] * len(told), strict=True))
    count = found.before.shape[1]
    note = words["note"].format(count=count)
    if len(found.items) < len(items):
        sampled = words["sample"].format(shown=f"{len(found.items):,}", items=f"{len(items):,}")
        note = f"{note} {sampled}"
    return {
        "count": count,
        "kept": found.kept_before.sum(axis=1).tolist(),
        "items": found.items.tolist(),
        "jaccard": np.round([k / max(1, 2 * count - k) for k in range(count + 1)], 2).tolist(),
        "suggestions": [
            {
                **_item(suggestion.item, items, tiles),
                "reason": words[suggestion.reason],
                "value": _say(suggestion),
            }
            for suggestion in suggestions
        ],
        "sprite": sprite,
        "note": note,
        "words": dict(words),
    }


def overlap_awaited(words: Words) -> dict[str, Any]:
    """Nothing yet: the chart asks for it when somebody looks at it."""
    return {"awaited": True, "words": dict(words)}


def _say(suggestion: Suggestion) -> str:
    return f"{suggestion.value:{'+.2f' if suggestion.reason in SIGNED else '.2f'}}"
