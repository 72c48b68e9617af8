"""Which items to look at first in a comparison, each with its reason.

Letters: N pairs, so 2N items (all of a, then all of b), Q of them asked for their neighbours.
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
    """Up to `each` of the items that were asked a reason, the most telling first.

    Of a pair, or of equal items, only the first one found is suggested: the others would show
    the same change again.
    """
    chosen: list[Suggestion] = []
    seen: set[str] = set()
    keys = _keys(before)
    for reason, values, order in _rankings(before, after, neighbours):
        taken = 0
        for row in order:
            if taken == each:
                break
            item = int(neighbours.items[row])
            names = (keys[item], keys[(item + len(before)) % len(keys)])
            if seen.isdisjoint(names):
                chosen.append(Suggestion(item, reason, float(values[row])))
                seen.update(names)
                taken += 1
    return chosen


def _keys(e: EmbeddingSet) -> list[str]:
    """Names of the 2N items, the two sides' apart."""
    return [f"a {key}" for key in e.a_keys] + [f"b {key}" for key in e.b_keys]


def _rankings(
    before: EmbeddingSet, after: EmbeddingSet, neighbours: Neighbours
) -> Iterator[tuple[Reason, np.ndarray, np.ndarray]]:
    """(reason, (Q,) values, the rows of `neighbours` it holds for, best first)."""
    items, overlap = neighbours.items, neighbours.overlap
    sides = [moved_in_space(getattr(before, side), getattr(after, side)) for side in "ab"]
    moved = np.concatenate(sides)[items]
    cosines = [(e.a * e.b).sum(axis=1) for e in (before, after)]  # (N,) of the pairs
    change = (cosines[1] - cosines[0])[items % len(before)]
    # Many share an overlap of 0: among them those that moved furthest come first.
    yield "replaced", overlap, _best(np.lexsort((-moved, overlap)), overlap < 1)
    yield "moved", moved, _best(np.argsort(-moved, kind="stable"), moved > 0)
    yield "closer", change, _best(np.argsort(-change, kind="stable"), change > 0)
    yield "apart", change, _best(np.argsort(change, kind="stable"), change < 0)
    yield "kept", overlap, _best(np.lexsort((moved, -overlap)), overlap > 0)


def _best(order: np.ndarray, holds: np.ndarray) -> np.ndarray:
    return order[holds[order]]
