"""Which items to look at first in a comparison, each with its reason.

Letters: N pairs, so 2N items (all of a, then all of b), K neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from lab.analysis.movement import moved_in_space

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch
    from lab.analysis.neighbours import Neighbours

Reason = Literal["replaced", "moved", "closer", "apart", "kept"]


@dataclass(frozen=True)
class Suggestion:
    """item: its number among the 2N; reason, and the value that speaks for it.

    replaced: fewest neighbours in common, value = overlap (Jaccard, 0 to 1);
    moved: furthest from its own place before, value = cosine distance;
    closer, apart: its partner came nearer or went further away, value = change of cosine;
    kept: most neighbours in common, value = overlap.
    """

    item: int
    reason: Reason
    value: float


def suggest(
    before: EmbeddingSet, after: EmbeddingSet, neighbours: Neighbours, each: int = 2
) -> list[Suggestion]:
    """Up to `each` items a reason, the most telling first, each item once.

    Of a pair, or of equal items, only the first one found is suggested: the others would show
    the same change again.
    """
    chosen: list[Suggestion] = []
    seen: set[str] = set()
    keys = _keys(before)
    for reason, values, order in _rankings(before, after, neighbours):
        taken = 0
        for item in order:
            names = (keys[item], keys[(item + len(before)) % len(keys)])
            if taken == each:
                break
            if seen.isdisjoint(names):
                chosen.append(Suggestion(int(item), reason, float(values[item])))
                seen.update(names)
                taken += 1
    return chosen


def _keys(e: EmbeddingSet) -> list[str]:
    """Names of the 2N items, the two sides' apart."""
    return [f"a {key}" for key in e.a_keys] + [f"b {key}" for key in e.b_keys]


def _rankings(
    before: EmbeddingSet, after: EmbeddingSet, neighbours: Neighbours
) -> Iterator[tuple[Reason, np.ndarray, np.ndarray]]:
    """(reason, (2N,) values, the items it holds for, best first)."""
    overlap = neighbours.overlap
    moved = moved_in_space(before.stacked(), after.stacked())
    change = np.tile((after.a * after.b).sum(axis=1) - (before.a * before.b).sum(axis=1), 2)
    # Many share an overlap of 0: among them those that moved furthest come first.
    yield "replaced", overlap, _best(np.lexsort((-moved, overlap)), overlap < 1)
    yield "moved", moved, _best(np.argsort(-moved, kind="stable"), moved > 0)
    yield "closer", change, _best(np.argsort(-change, kind="stable"), change > 0)
    yield "apart", change, _best(np.argsort(change, kind="stable"), change < 0)
    yield "kept", overlap, _best(np.lexsort((moved, -overlap)), overlap > 0)


def _best(order: np.ndarray, holds: np.ndarray) -> np.ndarray:
    return order[holds[order]]
