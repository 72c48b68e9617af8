"""Values for every component, made by the lab's own rooms from made-up embeddings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lab.analysis.compare import compare
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.forgetting import compare_hits
from lab.analysis.map_reading import read_items, survey_neighbours
from lab.analysis.neighbours import find_neighbours
from lab.analysis.projection import Maps
from lab.analysis.recall import Hits
from lab.analysis.similarity import matrix_views
from lab.charts import map_values, matrix_values, metric_values, neighbour_values, values
from lab.charts.sprite import make_sprite
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.training.loop import TrainStep
from lab.words import find_words

HOSTILE = (
    '<img src=x onerror="window.hostile=1"><b>bold</b> ${window.hostile=2} {{value}} </script>'
)
WORDS = find_words()


def embeddings(pairs: PairDataset, noise: float) -> EmbeddingSet:
    """Made-up embeddings: the two items of a pair lie about `noise` apart."""
    draw = np.random.default_rng(0)
    count, width = len(pairs), 64
    centres = 3 * draw.standard_normal((8, width))
    a = centres[np.arange(count) % 8] + draw.standard_normal((count, width))
    b = a + noise * draw.standard_normal((count, width))
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    return EmbeddingSet(a.astype("f4"), b.astype("f4"), pairs.a_keys, pairs.b_keys)


def layout(embedded: EmbeddingSet, turn: float) -> np.ndarray:
    """(2N, 2): the embeddings on two fixed axes; turn makes another method's map of it."""
    both = np.concatenate([embedded.a, embedded.b])
    plane = np.random.default_rng(1).standard_normal((both.shape[1], 2))
    x = both @ plane
    return np.sign(x) * np.abs(x) ** turn


class Demo:
    """The values, made once."""

    def __init__(self, name: str = "shapes-ko", count: int = 200) -> None:
        chosen = load_pairs(name).subset(range(count))
        first = chosen.pairs[0]
        first_item = first.a if chosen.kind == "image-text" else HOSTILE
        hostile = Pair(first_item, HOSTILE, line=first.line)
        self.pairs = replace(chosen, pairs=(hostile, *chosen.pairs[1:]))
        self.before, self.after = embeddings(self.pairs, 3.0), embeddings(self.pairs, 0.7)
        self.comparison = compare(self.before, self.after)

    def maps(self, *methods: str) -> dict[str, Any]:
        turns = {"pca": 1.0, "umap": 0.5}
        made = [
            Maps(layout(self.before, turns[m]), layout(self.after, turns[m]), m) for m in methods
        ]
        awaited = () if "umap" in methods else ("umap",)
        reading = read_items(self.before, self.after)
        return map_values.maps_value(
            self.pairs, made, self.comparison, WORDS["maps"], awaited=awaited, reading=reading
        )

    def overlap(self) -> dict[str, Any]:
        found, suggestions = survey_neighbours(self.before, self.after)
        return neighbour_values.overlap_value(self.pairs, found, suggestions, WORDS["overlap"])

    def neighbours(self, item: int) -> dict[str, Any]:
        both, asked = (self.before, self.after), np.array([item])
        lists = {
            among: find_neighbours(*both, among=among, items=asked)
            for among in ("across", "within")
        }
        return neighbour_values.neighbours_value(self.pairs, lists, WORDS["neighbours"])

    def loss(self, done: int, total: int = 400) -> dict[str, Any]:
        draw = np.random.default_rng(2)
        curve = 0.8 + 3.2 * np.exp(-np.arange(total) / 90) + 0.15 * draw.standard_normal(total)
        steps = [
            TrainStep(
                step=i + 1,
                steps=total,
                epoch=i // 40 + 1,
                loss=float(curve[i]),
                learning_rate=1e-3,
                grad_norm=1.0,
                temperature=0.07,
                seconds=i / 10,
                seconds_left=(total - i) / 10,
                validation_loss=float(curve[i] + 0.2) if (i + 1) % 40 == 0 else None,
            )
            for i in range(done)
        ]
        return values.loss_value(steps, total, WORDS["loss"], batch_size=64)

    def matrices(self) -> dict[str, Any]:
        views = matrix_views(self.before, self.after, joint=True, limit=150)
        return matrix_values.matrices_value(self.pairs, views, WORDS["matrices"])

    def metrics(self) -> dict[str, Any]:
        return metric_values.metrics_value(self.comparison, self.pairs.side_names, WORDS)

    def balance(self) -> dict[str, Any]:
        known, lost = np.ones(len(self.pairs)), np.arange(len(self.pairs)) % 4 > 0
        forgetting = compare_hits("shapes-en", Hits(known, known), Hits(known, lost))
        return metric_values.balance_value(self.comparison, forgetting, HOSTILE, WORDS)

    def groups(self) -> dict[str, Any] | None:
        labels = ({"shape": name} for name in (HOSTILE, "circle", "star", "") * len(self.pairs))
        pairs = (replace(p, extra=e) for p, e in zip(self.pairs.pairs, labels, strict=False))
        grouped = replace(self.pairs, pairs=tuple(pairs))
        return metric_values.groups_value(grouped, self.comparison, WORDS)

    def changes(self) -> dict[str, Any]:
        return values.changes_value(self.pairs, self.comparison, WORDS["changes"])

    def preview(self) -> dict[str, Any]:
        shown = self.pairs.subset(range(24))
        sprite = make_sprite(shown.a)
        return {
            "summary": f"{len(self.pairs):,} pairs of pictures and texts",
            "sprite": sprite,
            "pairs": [
                {
                    "tile": sprite["index"][i] if sprite else -1,
                    "texts": [pair.b] if sprite else [pair.a, pair.b],
                    "extra": [],
                }
                for i, pair in enumerate(shown.pairs)
            ],
            "findings": [
                {
                    "level": "warning",
                    "title": "17 texts come more than once",
                    "way_out": "Equal texts stay on one side of the split; nothing to do.",
                },
                {
                    "level": "error",
                    "title": "r = 64 is larger than the smaller side of q_proj (48)",
                    "way_out": "Choose r of 48 or less.",
                },
                {"level": "note", "title": "Few pairs", "way_out": f"Add some. {HOSTILE}"},
            ],
            "rejected_title": "3 rows were left out",
            "rejected": [f"Line {n}: the picture cannot be read. {HOSTILE}" for n in (4, 17, 58)],
        }
