"""One walk over the cosines of every first item with every second one, block by block.

A block of a @ b.T serves the ranks of its rows, the ranks of its columns, and the uniformity across
the sides, so that the product, by far the costliest part of a comparison, is computed once.

Letters: N pairs, D embedding, Q x M items of a block. Nothing of size N x N is ever held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lab.analysis.geometry import potential_of
from lab.analysis.retrieval import RightAnswers, item_codes

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

BLOCK = 1024  # items of either side at a time: 4 MB of cosines


@dataclass(frozen=True)
class Crossing:
    """What the cosines across the sides say.

    ranks: direction -> (N,) ranks from 1: where the best right answer of query i stands.
    potentials: (N,) mean over j other than i of the potentials of a_i with b_j and of a_j with b_i;
        the uniformity across the sides is the log of their mean.
    """

    ranks: Mapping[str, np.ndarray]
    potentials: np.ndarray


def cross(embeddings: EmbeddingSet) -> Crossing:
    """Rank both directions and measure the potential across the sides.

    Ties count against the model: a wrong answer as similar as the right one stands before it,
    so that a collapsed encoder has every rank N, and not 1.
    """
    own = np.einsum("nd,nd->n", embeddings.a, embeddings.b)  # (N,)
    a, b = (item_codes(keys, len(own)) for keys in (embeddings.a_keys, embeddings.b_keys))
    rows, columns = RightAnswers(own, a, b), RightAnswers(own, b, a)
    row_counts, column_counts, sums = _walk(embeddings, rows.floors, columns.floors)
    others = sums - 2 * potential_of(own.astype(np.float64))  # a_i with its own b_i, in both sums
    return Crossing(
        ranks={"a_to_b": rows.ranks(row_counts), "b_to_a": columns.ranks(column_counts)},
        potentials=others / max(1, 2 * (len(own) - 1)),
    )


def _walk(
    embeddings: EmbeddingSet, row_floors: np.ndarray, column_floors: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N,) answers behind each row's floor, behind each column's, and potentials of both, summed.

    In torch, whose steps other than products run on all cores too. Counts are summed as fp32,
    exact to 2^24: torch sums truth values many times slower.
    """
    import torch

    a, b, below_rows, below_columns = (
        torch.from_numpy(array) for array in (embeddings.a, embeddings.b, row_floors, column_floors)
    )
    behind_rows, behind_columns = torch.zeros(len(a)), torch.zeros(len(a))
    potentials = torch.zeros(len(a), dtype=torch.float64)
    for rows in _blocks(len(a)):
        for columns in _blocks(len(b)):
            cosines = a[rows] @ b[columns].T  # (Q, M)
            behind = torch.empty_like(cosines)
            torch.lt(cosines, below_rows[rows, None], out=behind)
            behind_rows[rows] += behind.sum(dim=1)
            torch.lt(cosines, below_columns[columns], out=behind)
            behind_columns[columns] += behind.sum(dim=0)
            potential = cosines.sub_(1).mul_(4).exp_()  # as potential_of, in place
            potentials[rows] += potential.sum(dim=1)
            potentials[columns] += potential.sum(dim=0)
    counts = (behind.numpy().astype(np.int64) for behind in (behind_rows, behind_columns))
    return (*counts, potentials.numpy())


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))
