"""What ranks count for, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    label_ranking_average_precision_score,
    ndcg_score,
    top_k_accuracy_score,
)

from lab.analysis.crossing import cross
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.retrieval import RANK_SCORES, hits

COUNT = 60


@pytest.fixture
def cosines_and_ranks(unit_rows) -> tuple[np.ndarray, np.ndarray]:
    a, b = unit_rows(COUNT, 8, seed=1), unit_rows(COUNT, 8, seed=2)
    keys = tuple(map(str, range(COUNT)))
    return a @ b.T, cross(EmbeddingSet(a, b, keys, keys)).ranks["a_to_b"]


@pytest.mark.parametrize("k", [1, 5, 10])
def test_recall_is_scikit_learns_top_k_accuracy(cosines_and_ranks, k) -> None:
    cosines, ranks = cosines_and_ranks
    expected = top_k_accuracy_score(np.arange(COUNT), cosines, k=k)
    assert RANK_SCORES[f"recall@{k}"](ranks).mean() == pytest.approx(expected)


def test_ndcg_is_scikit_learns(cosines_and_ranks) -> None:
    cosines, ranks = cosines_and_ranks
    expected = ndcg_score(np.eye(COUNT), cosines, k=10)
    assert RANK_SCORES["ndcg@10"](ranks).mean() == pytest.approx(expected)


def test_mrr_is_scikit_learns_label_ranking_precision(cosines_and_ranks) -> None:
    cosines, ranks = cosines_and_ranks
    expected = label_ranking_average_precision_score(np.eye(COUNT), cosines)
    assert RANK_SCORES["mrr"](ranks).mean() == pytest.approx(expected)


def test_hits_are_the_pairs_that_make_recall_at_1(cosines_and_ranks) -> None:
    cosines, ranks = cosines_and_ranks
    assert hits(ranks).tolist() == (cosines.argmax(axis=1) == np.arange(COUNT)).tolist()
