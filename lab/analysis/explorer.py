"""One query against the held-out gallery: what comes first before training, and what after.

Equal items stand in the gallery once: ten times the same caption would be one answer.

Letters: N pairs, M different items of the gallery's side, D embedding, K shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ranking:
    """A gallery by its cosine with one query.

    order: (M,) rows, the most similar first; of equal scores the earlier row.
    scores: (N,) cosine of every row.
    places: (N,) row -> its place from 1; 0 for a row whose item stands earlier.
    """

    order: np.ndarray
    scores: np.ndarray
    places: np.ndarray


@dataclass(frozen=True)
class Hit:
    """One of the first K.

    elsewhere: its place in the other ranking; None when there is no other.
    """

    row: int
    score: float
    place: int
    elsewhere: int | None
    is_right: bool


def first_rows(keys: Sequence[str]) -> np.ndarray:
    """(M,) the row in which each different item stands first, in their order."""
    seen: dict[str, int] = {}
    for row, key in enumerate(keys):
        seen.setdefault(key, row)
    return np.fromiter(seen.values(), dtype=np.int64, count=len(seen))


def rank_gallery(query: np.ndarray, gallery: np.ndarray, rows: np.ndarray) -> Ranking:
    """Rank the rows (M,) of a gallery (N, D) for a query (D,); all vectors of length 1."""
    scores = gallery @ query  # (N,)
    order = rows[np.argsort(-scores[rows], kind="stable")]
    places = np.zeros(len(gallery), dtype=np.int64)
    places[order] = np.arange(1, len(order) + 1)
    return Ranking(order, scores, places)


def right_rows(
    query_key: str, query_keys: Sequence[str], gallery_keys: Sequence[str]
) -> frozenset[int]:
    """First rows of the partners of every held-out item that equals the query; none: unknown."""
    right = {g for q, g in zip(query_keys, gallery_keys, strict=True) if q == query_key}
    return frozenset(row for row in first_rows(gallery_keys).tolist() if gallery_keys[row] in right)


def top_hits(
    ranking: Ranking, other: Ranking | None, right: frozenset[int], count: int = 10
) -> list[Hit]:
    """The first `count` of a ranking, each with its place in the other."""
    return [
        Hit(
            row,
            float(ranking.scores[row]),
            place,
            None if other is None else int(other.places[row]),
            row in right,
        )
        for place, row in enumerate(ranking.order[:count].tolist(), start=1)
    ]


def best_place(ranking: Ranking, right: frozenset[int]) -> int | None:
    """The place of the first right answer; None where none is known."""
    return min((int(ranking.places[row]) for row in right), default=None)
