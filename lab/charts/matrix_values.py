"""Similarity matrices -> what their heat maps and cells show."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.charts.sprite import make_sprite
from lab.charts.values import item_text
from lab.words import Words

if TYPE_CHECKING:
    from lab.analysis.similarity import MatrixView
    from lab.data.dataset import PairDataset

LONGEST = 300  # letters of a text that are shown beside a cell


def matrices_value(pairs: PairDataset, views: Sequence[MatrixView], words: Words) -> dict[str, Any]:
    """Before, after and difference, in two orders, with the items that rows and columns are of.

    views: across the sides first. Similarities travel as signed bytes: 1/127 is finer than any
    colour.
    """
    both = (*pairs.a, *pairs.b)
    shown = np.unique(_items(views))
    sprite = make_sprite([both[i] for i in shown])
    tiles = sprite["index"] if sprite else [-1] * len(shown)
    return {
        "views": [_view(view, shown, words) for view in views],
        "items": [
            {"text": item_text(both[i])[:LONGEST], "tile": tile, "pair": int(i) % len(pairs)}
            for i, tile in zip(shown, tiles, strict=True)
        ],
        "sprite": sprite and {**sprite, "index": []},  # each item says its tile
        "words": {**words, "row": pairs.side_names[0], "column": pairs.side_names[1]},
    }


def _items(views: Sequence[MatrixView]) -> np.ndarray:
    """Of the 2N items, those of any row or column."""
    return np.concatenate([np.r_[v.matrices.rows, v.matrices.columns] for v in views])


def _view(view: MatrixView, shown: np.ndarray, words: Words) -> dict[str, Any]:
    """rows, columns: (R,) places among the items shown; cluster: (R,) the other order."""
    made = view.matrices
    note = words["sample"].format(shown=f"{len(made.indices):,}", pairs=f"{made.pairs:,}")
    return {
        "joint": made.joint,
        "size": len(made.rows),
        "before": _as_bytes(made.before),
        "after": _as_bytes(made.after),
        "rows": np.searchsorted(shown, made.rows).tolist(),
        "columns": np.searchsorted(shown, made.columns).tolist(),
        "cluster": view.by_cluster.tolist(),
        "note": note if made.is_sample else "",
    }


def _as_bytes(matrix: np.ndarray) -> str:
    return base64.b64encode((matrix.clip(-1, 1) * 127).round().astype(np.int8).tobytes()).decode()
