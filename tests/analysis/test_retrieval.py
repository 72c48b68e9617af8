"""Ranks against a slow full-matrix reading of the definition, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import label_ranking_average_precision_score, top_k_accuracy_score

from lab.analysis import retrieval
from lab.analysis.retrieval import RANK_SCORES, retrieval_ranks


def ranks_by_definition(queries, gallery, query_keys, gallery_keys) -> list[int]:
    """One query and one answer at a time."""
    found = []
    for i, query in enumerate(queries):
        right, wrong = [], []
        for j, answer in enumerate(gallery):
            is_right = query_keys[j] == query_keys[i] or gallery_keys[j] == gallery_keys[i]
            (right if is_right else wrong).append(float(query @ answer))
        found.append(1 + sum(s >= max(right) - retrieval.TIE for s in wrong))
    return found


@pytest.mark.parametrize("block", [7, 512])
def test_agrees_with_the_definition_also_when_items_repeat(unit_rows, monkeypatch, block) -> None:
    monkeypatch.setattr(retrieval, "BLOCK", block)
    draw = np.random.default_rng(0)
    query_items, gallery_items = draw.integers(25, size=40), draw.integers(30, size=40)
    queries = unit_rows(25, 8, seed=1)[query_items]
    gallery = unit_rows(30, 8, seed=2)[gallery_items]
    keys = [f"q{i}" for i in query_items], [f"g{i}" for i in gallery_items]
    expected = ranks_by_definition(queries, gallery, *keys)
    assert retrieval_ranks(queries, gallery, *keys).tolist() == expected


@pytest.mark.parametrize("k", [1, 5, 10])
def test_recall_is_scikit_learns_top_k_accuracy(unit_rows, k) -> None:
    queries, gallery = unit_rows(60, 8, seed=1), unit_rows(60, 8, seed=2)
    recall = RANK_SCORES[f"recall@{k}"](retrieval_ranks(queries, gallery)).mean()
    assert recall == pytest.approx(top_k_accuracy_score(np.arange(60), queries @ gallery.T, k=k))


def test_mrr_is_scikit_learns_label_ranking_precision(unit_rows) -> None:
    queries, gallery = unit_rows(60, 8, seed=1), unit_rows(60, 8, seed=2)
    mrr = RANK_SCORES["mrr"](retrieval_ranks(queries, gallery)).mean()
    reference = label_ranking_average_precision_score(np.eye(60), queries @ gallery.T)
    assert mrr == pytest.approx(reference)


def test_a_perfect_encoder_ranks_every_answer_first(unit_rows) -> None:
    rows = unit_rows(50, 16)
    assert (retrieval_ranks(rows, rows) == 1).all()


def test_ties_count_against_the_model() -> None:
    collapsed = np.ones((10, 4), dtype=np.float32) / 2
    assert (retrieval_ranks(collapsed, collapsed) == 10).all()


def test_what_is_no_number_counts_against_the_model() -> None:
    broken = np.full((10, 4), np.nan, dtype=np.float32)
    assert (retrieval_ranks(broken, broken) == 10).all()


def test_the_order_of_the_pairs_does_not_matter(unit_rows) -> None:
    queries, gallery = unit_rows(40, 8, seed=1), unit_rows(40, 8, seed=2)
    shuffled = np.random.default_rng(0).permutation(40)
    ranks = retrieval_ranks(queries, gallery)
    assert (retrieval_ranks(queries[shuffled], gallery[shuffled]) == ranks[shuffled]).all()
