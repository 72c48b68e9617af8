"""Results -> what the charts draw: plain JSON values, rounded to what can be seen."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lab.analysis.compare import Comparison, Estimate
from lab.analysis.projection import Maps
from lab.analysis.similarity import SimilarityMatrices
from lab.charts.sprite import make_sprite
from lab.data.dataset import PairDataset
from lab.data.pair import Item

Words = Mapping[str, str]
MAX_POINTS = 1_000  # of a loss curve; more cannot be told apart on a screen


def name_sides(pairs: PairDataset, words: Words) -> PairDataset:
    """The same pairs, their sides called by `words` ("image", "text") or by their own columns."""
    a, b = (words.get(name, name) for name in pairs.side_names)
    return replace(pairs, side_names=(a, b))


def maps_value(
    pairs: PairDataset,
    maps: Sequence[Maps],
    comparison: Comparison | None,
    words: Words,
    sprite: dict[str, Any] | None = None,
    awaited: Sequence[str] = (),
) -> dict[str, Any]:
    """Two linked maps, or one while there is no comparison.

    maps: of 2N points, all first items, then all second ones.
    awaited: methods whose maps are on their way, and will come in a later value.
    """
    count = len(pairs)
    value: dict[str, Any] = {
        "maps": {m.method: _layout(m, comparison is not None) for m in maps},
        "awaited": list(awaited),
        "side": [0] * count + [1] * count,
        "text": [item_text(item) for item in (*pairs.a, *pairs.b)],
        "sprite": sprite or make_sprite((*pairs.a, *pairs.b)),
        "a_is_image": pairs.kind == "image-text",
        "words": {**words, "a": pairs.side_names[0], "b": pairs.side_names[1]},
    }
    if comparison is not None:
        before, after = comparison.ranks_before["b_to_a"], comparison.ranks_after["b_to_a"]
        value["change"] = [round(float(v), 2) for v in np.log2(before) - np.log2(after)]
        value["ranks"] = [
            {"before": int(b), "after": int(a)} for b, a in zip(before, after, strict=True)
        ]
    return value


def loss_value(
    steps: Sequence[Any], total_steps: int, words: Words, batch_size: int | None = None
) -> dict[str, Any]:
    """A loss curve. steps: TrainStep records; a batch of B pairs scores log B by chance."""
    shown = decimate(steps, MAX_POINTS)
    return {
        "steps": [step.step for step in shown],
        "loss": [round(step.loss, 4) for step in shown],
        "validation": [
            [step.step, round(step.validation_loss, 4)]
            for step in steps
            if step.validation_loss is not None
        ],
        "total_steps": total_steps,
        "chance": round(math.log(batch_size), 3) if batch_size else None,
        "words": dict(words),
    }


def decimate(steps: Sequence[Any], limit: int) -> list[Any]:
    """At most `limit` of the steps, evenly, the last one always among them."""
    stride = max(1, -(-len(steps) // limit))
    return list(steps[::-1][::stride][::-1])


def matrices_value(
    pairs: PairDataset, matrices: SimilarityMatrices, words: Words, sample_note: str
) -> dict[str, Any]:
    """Three heat maps. Similarities travel as signed bytes: 1/127 is finer than any colour."""
    shown = [pairs.pairs[i] for i in matrices.indices]
    note = sample_note.format(shown=len(shown), pairs=matrices.pairs)
    return {
        "size": len(shown),
        "before": _as_bytes(matrices.before),
        "after": _as_bytes(matrices.after),
        "labels_a": [item_text(pair.a)[:80] for pair in shown],
        "labels_b": [pair.b[:80] for pair in shown],
        "note": note if matrices.is_sample else "",
        "words": {**words, "rows": pairs.side_names[0], "columns": pairs.side_names[1]},
    }


def metrics_value(
    comparison: Comparison, side_names: tuple[str, str], words: Words
) -> dict[str, Any]:
    """The table of metrics with intervals, in three groups."""
    a, b = side_names
    titles = {
        "a_to_b": words["find"].format(query=a, answer=b),
        "b_to_a": words["find"].format(query=b, answer=a),
    }
    groups = [
        {
            "title": title,
            "rows": [
                _row(
                    words[name],
                    "lower" if name == "median_rank" else "higher",
                    getattr(comparison.before, direction)[name],
                    getattr(comparison.after, direction)[name],
                )
                for name in ("recall@1", "recall@5", "recall@10", "mrr", "median_rank")
            ],
        }
        for direction, title in titles.items()
    ]
    geometry = [
        _row(
            words[name].format(a=a, b=b),
            "lower",
            getattr(comparison.before, name),
            getattr(comparison.after, name),
        )
        for name in ("alignment", "uniformity_a", "uniformity_b")
    ]
    groups.append({"title": words["geometry"], "rows": geometry})
    return {"groups": groups, "words": dict(words)}


def changes_value(
    pairs: PairDataset,
    comparison: Comparison,
    words: Words,
    sprite: dict[str, Any] | None = None,
    count: int = 6,
) -> dict[str, Any]:
    """The pairs that rose and fell most, by the rank of the first item for the second."""
    risen, fallen = comparison.most_changed(count)
    return {
        "risen": [_changed(pairs, comparison, i) for i in risen],
        "fallen": [_changed(pairs, comparison, i) for i in fallen],
        "sprite": sprite or make_sprite(pairs.a),
        "words": dict(words),
    }


def item_text(item: Item) -> str:
    """A text, or a picture's name."""
    return item if isinstance(item, str) else item.name


def _changed(pairs: PairDataset, comparison: Comparison, index: int) -> dict[str, Any]:
    pair = pairs.pairs[index]
    texts = [pair.a, pair.b] if isinstance(pair.a, str) else [pair.b]
    before, after = comparison.ranks_before["b_to_a"], comparison.ranks_after["b_to_a"]
    return {
        "index": index,
        "texts": texts,
        "before": int(before[index]),
        "after": int(after[index]),
    }


def _row(name: str, direction: str, before: Estimate, after: Estimate) -> dict[str, Any]:
    return {
        "name": name,
        "direction": direction,
        "before": _estimate(before),
        "after": _estimate(after),
    }


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {name: round(getattr(estimate, name), 4) for name in ("value", "low", "high")}


def _layout(maps: Maps, has_after: bool) -> dict[str, list[list[float]]]:
    before = {"before": _points(maps.before)}
    return {**before, "after": _points(maps.after)} if has_after else before


def _points(layout: np.ndarray) -> list[list[float]]:
    return np.round(layout, 4).tolist()


def _as_bytes(matrix: np.ndarray) -> str:
    return base64.b64encode((matrix.clip(-1, 1) * 127).round().astype(np.int8).tobytes()).decode()
