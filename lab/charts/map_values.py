"""Maps -> what the two linked maps draw: places, texts, pictures, colours, how far to trust it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from lab.analysis.compare import Comparison
from lab.analysis.groups import find_groups
from lab.analysis.map_reading import ItemReading, MapQuality
from lab.analysis.projection import Maps
from lab.charts.sprite import make_sprite
from lab.charts.values import Words, item_text
from lab.data.dataset import PairDataset

CATEGORIES = 12  # labels told apart; the rest are one


def maps_value(
    pairs: PairDataset,
    maps: Sequence[Maps],
    comparison: Comparison | None,
    words: Words,
    sprite: dict[str, Any] | None = None,
    awaited: Sequence[str] = (),
    reading: ItemReading | None = None,
) -> dict[str, Any]:
    """Two linked maps, or one while there is no comparison.

    maps: of 2N points, all first items, then all second ones.
    awaited: methods whose maps are on their way, and will come in a later value.
    reading: of the 2N items, to colour them by.
    """
    count = len(pairs)
    value: dict[str, Any] = {
        "maps": {m.method: _layout(m, comparison is not None) for m in maps},
        "faith": {m.method: faith_sentence(m.quality, m.method, words) for m in maps if m.quality},
        "awaited": list(awaited),
        "side": [0] * count + [1] * count,
        "text": [item_text(item) for item in (*pairs.a, *pairs.b)],
        "sprite": sprite or make_sprite((*pairs.a, *pairs.b)),
        "a_is_image": pairs.kind == "image-text",
        "scales": [],
        "groups": _column_groups(pairs, words),
        "words": {**words, "a": pairs.side_names[0], "b": pairs.side_names[1]},
    }
    if comparison is not None:
        before, after = comparison.ranks_before["b_to_a"], comparison.ranks_after["b_to_a"]
        value["scales"].append(_scale("change", np.log2(before) - np.log2(after), signed=True))
        value["ranks"] = [
            {"before": int(b), "after": int(a)} for b, a in zip(before, after, strict=True)
        ]
    if reading is not None:
        value["scales"].append(_scale("moved", reading.moved))
        value["groups"].insert(0, _cluster_groups(reading.clusters, words))
    return value


def faith_sentence(quality: MapQuality, method: str, words: Words) -> str:
    """How far a map can be believed, in plain words."""
    return words[f"faith_{method}"].format(
        neighbours=quality.before.neighbours,
        kept_before=f"{quality.before.kept:.0%}",
        kept_after=f"{quality.after.kept:.0%}",
        trust_before=f"{quality.before.trustworthiness:.2f}",
        trust_after=f"{quality.after.trustworthiness:.2f}",
        moved=f"{quality.moved:.1%}",
        floor=f"{quality.floor:.1%}",
        beyond=f"{quality.beyond:.0%}",
    )


def _scale(name: str, values: np.ndarray, signed: bool = False) -> dict[str, Any]:
    return {"name": name, "signed": signed, "values": np.round(values, 3).tolist()}


def _cluster_groups(clusters: np.ndarray, words: Words) -> dict[str, Any]:
    labels = [words["cluster_name"].format(number=n + 1) for n in range(clusters.max() + 1)]
    return {"name": "cluster", "title": words["cluster"], "labels": labels,
            "codes": clusters.tolist()}  # fmt: skip


def _column_groups(pairs: PairDataset, words: Words) -> list[dict[str, Any]]:
    """The upload's further columns: their commonest labels, and all others as one."""
    groups = []
    for name, labels in find_groups(pairs).items():
        common = Counter(labels).most_common()
        told = [label for label, _ in common[:CATEGORIES]]
        code = {label: k for k, label in enumerate(told)}
        names = [label or words["blank"] for label in told]
        others = [words["other"]] if len(common) > CATEGORIES else []
        codes = [code.get(label, CATEGORIES) for label in labels]
        groups.append(
            {"name": f"column {name}", "title": name, "labels": names + others, "codes": codes}
        )
    return groups


def _layout(maps: Maps, has_after: bool) -> dict[str, list[list[float]]]:
    before = {"before": _points(maps.before)}
    return {**before, "after": _points(maps.after)} if has_after else before


def _points(layout: np.ndarray) -> list[list[float]]:
    return np.round(layout, 4).tolist()
