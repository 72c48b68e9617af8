"""Results -> what the charts draw: plain JSON values, rounded to what can be seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lab.analysis.compare import Comparison
from lab.charts.sprite import make_sprite
from lab.data.dataset import PairDataset
from lab.data.pair import Item

Words = Mapping[str, str]
MAX_POINTS = 1_000  # of a loss curve; more cannot be told apart on a screen


def name_sides(pairs: PairDataset, words: Words) -> PairDataset:
    """The same pairs, their sides called by `words` ("image", "text") or by their own columns."""
    a, b = (words.get(name, name) for name in pairs.side_names)
    return replace(pairs, side_names=(a, b))


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
