"""Pairs of adapters -> heat maps of the directions they share, beside what chance shares."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.words import Words

if TYPE_CHECKING:
    from lab.lora.amplification import Amplification
    from lab.lora.shared_directions import LayerComparison, Overlap, SubspaceComparison
    from lab.lora.subspaces import Grid

MATRICES = ("A", "B", "update")
NORMS = ("weight_norm", "update_norm", "along_update", "along_weight", "along_random")


@dataclass(frozen=True)
class Trained:
    """One adapter of a pair: what it was trained with, and what it amplifies, by path."""

    rank: int
    seed: int
    amplifications: Mapping[str, Amplification] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainedPair:
    """Two adapters of one base, compared: of two ranks, or of two seeds."""

    first: Trained
    second: Trained
    comparison: SubspaceComparison

    @property
    def of_seeds(self) -> bool:
        """Whether the seed alone tells the two apart."""
        return self.first.rank == self.second.rank


def subspaces_value(pairs: Sequence[TrainedPair], words: Words) -> dict[str, Any]:
    """The pairs to choose from, each with its layers' heat maps and what they say.

    φ travels as bytes: 1/255 is finer than any colour. words: the place "subspaces".
    """
    chances = {size: c for p in pairs for size, c in p.comparison.chances.items()}
    places = {size: k for k, size in enumerate(chances)}
    return {
        "pairs": [
            {**_pair(pair, places, words), "beside": find_beside(pairs, pair)} for pair in pairs
        ],
        "chances": [
            {"i": c.grid.i, "j": c.grid.j, "phi": _as_bytes(c.grid)} for c in chances.values()
        ],
        "matrices": list(MATRICES),
        "words": dict(words),
    }


def find_beside(pairs: Sequence[TrainedPair], pair: TrainedPair) -> int | None:
    """The place of the two seeds to show beside a pair of two ranks: of the higher rank, if any."""
    ranks = sorted((pair.first.rank, pair.second.rank), reverse=True)
    seeds = {other.first.rank: k for k, other in enumerate(pairs) if other.of_seeds}
    found = [seeds[rank] for rank in ranks if rank in seeds]
    return found[0] if found and not pair.of_seeds else None


def say_overlap(pair: TrainedPair, matrix: str, words: Words) -> str:
    """What was measured of a pair in one sentence; empty where a matrix is zero in every layer."""
    overlap: Overlap | None = pair.comparison.overlap(matrix)
    if overlap is None:
        return words["said_none"]
    facts = {
        "matrix": words[matrix],
        "first": _name(pair.first, words),
        "second": _name(pair.second, words),
        "layers": overlap.layers,
        "count": overlap.count,
        "one": f"{pair.comparison.overlap(matrix, 1).mean:.2f}",
        "above": overlap.above,
        "limit": f"{overlap.limit:.2g}",
        "chance": f"{overlap.chance:.2g}",
        **{name: f"{getattr(overlap, name):.2f}" for name in ("mean", "least", "most")},
    }
    return words["said_one" if overlap.count == 1 else "said"].format(**facts)


def _pair(
    pair: TrainedPair, places: Mapping[tuple[int, int, int], int], words: Words
) -> dict[str, Any]:
    first, second = (_name(trained, words) for trained in (pair.first, pair.second))
    left_out = pair.comparison.left_out
    same_start = pair.first.seed == pair.second.seed and not pair.of_seeds
    notes = [
        words["same_seed"].format(seed=pair.first.seed) if same_start else "",
        words["left_out"].format(count=left_out) if left_out else "",
    ]
    return {
        "name": words["pair"].format(first=first, second=second),
        "first": first,
        "second": second,
        "said": {matrix: say_overlap(pair, matrix, words) for matrix in MATRICES},
        "notes": [note for note in notes if note],
        "layers": [_layer(layer, pair, places, words) for layer in pair.comparison.layers],
    }


def _layer(
    layer: LayerComparison,
    pair: TrainedPair,
    places: Mapping[tuple[int, int, int], int],
    words: Words,
) -> dict[str, Any]:
    found = [t.amplifications.get(layer.path) for t in (pair.first, pair.second)]
    return {
        "path": layer.path,
        "grids": {
            matrix: {"phi": _as_bytes(grid), "chance": places[grid.size]} if grid.i else None
            for matrix, grid in layer.grids.items()
        },
        "amplification": _rows(found, words) if all(found) else [],
    }


def _rows(found: Sequence[Amplification], words: Words) -> list[list[str]]:
    """Table 7: a row's name and its number for each of the two adapters."""
    k = [str(one.directions) for one in found]
    norms = [[words[name], *(f"{getattr(one, name):.3g}" for one in found)] for name in NORMS]
    factors = ["∞" if one.factor == float("inf") else f"{one.factor:.3g}" for one in found]
    return [[words["directions"], *k], *norms, [words["factor"], *factors]]


def _name(trained: Trained, words: Words) -> str:
    return words["adapter"].format(rank=trained.rank, seed=trained.seed)


def _as_bytes(grid: Grid) -> str:
    phi = np.asarray(grid.phi).clip(0, 1)
    return base64.b64encode((phi * 255).round().astype(np.uint8).tobytes()).decode()
