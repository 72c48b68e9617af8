from __future__ import annotations

import json

import numpy as np
import pytest

from lab.analysis.compare import DIRECTIONS, Comparison, compare
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.geometry import alignment, uniformity
from lab.analysis.retrieval import retrieval_ranks

RETRIEVAL = ("recall@1", "recall@5", "recall@10", "mrr", "median_rank")
GEOMETRY = ("alignment", "uniformity_a", "uniformity_b")


def make_set(a: np.ndarray, b: np.ndarray) -> EmbeddingSet:
    keys = tuple(str(i) for i in range(len(a)))
    return EmbeddingSet(a, b, keys, keys)


def mixed(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    rows = share * a + (1 - share) * b
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def sets(unit_rows) -> tuple[EmbeddingSet, EmbeddingSet]:
    """Pairs that hardly belong together before, and mostly do after."""
    a, b = unit_rows(120, 16, seed=1), unit_rows(120, 16, seed=2)
    return make_set(a, b), make_set(a, mixed(a, b, 0.6))


@pytest.fixture
def comparison(sets) -> Comparison:
    return compare(*sets)


def test_json_is_exactly_the_promised_tree(comparison) -> None:
    tree = json.loads(json.dumps(comparison.as_json(), allow_nan=False))
    assert list(tree) == ["before", "after", "intervals", "pairs"]
    assert tree["pairs"] == 120
    for moment in ("before", "after"):
        values, intervals = tree[moment], tree["intervals"][moment]
        assert tuple(values) == tuple(intervals) == (*DIRECTIONS, *GEOMETRY)
        for direction in DIRECTIONS:
            assert tuple(values[direction]) == tuple(intervals[direction]) == RETRIEVAL
            for name, (low, high) in intervals[direction].items():
                assert low <= values[direction][name] <= high
        for name in GEOMETRY:
            assert intervals[name][0] <= values[name] <= intervals[name][1]


def test_values_are_those_of_the_ranks_and_the_geometry(sets, comparison) -> None:
    for embeddings, metrics in zip(sets, (comparison.before, comparison.after), strict=True):
        ranks = retrieval_ranks(embeddings.b, embeddings.a)
        found = metrics.b_to_a
        assert found["recall@5"].value == pytest.approx((ranks <= 5).mean())
        assert found["mrr"].value == pytest.approx((1 / ranks).mean())
        assert found["median_rank"].value == np.median(ranks)
        assert metrics.alignment.value == pytest.approx(alignment(embeddings.a, embeddings.b))
        assert metrics.uniformity_a.value == pytest.approx(uniformity(embeddings.a))
        assert metrics.uniformity_b.value == pytest.approx(uniformity(embeddings.b))


def test_the_same_seed_gives_the_same_intervals(sets, comparison) -> None:
    assert compare(*sets).as_json() == comparison.as_json()
    assert compare(*sets, seed=1).as_json()["intervals"] != comparison.as_json()["intervals"]


def test_the_interval_of_uniformity_is_as_wide_as_fresh_samples_scatter(unit_rows) -> None:
    fresh = [uniformity(unit_rows(100, 8, seed=seed, centres=1)) for seed in range(150)]
    widths = []
    for seed in range(20):
        x = unit_rows(100, 8, seed=seed, centres=1)
        estimate = compare(make_set(x, x), make_set(x, x)).before.uniformity_a
        widths.append(estimate.high - estimate.low)
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(fresh), rel=0.25)


def test_the_verdict_speaks_of_a_gain_a_loss_and_of_chance(sets, comparison) -> None:
    before, after = sets
    gain = comparison.recall_gain["b_to_a"]
    sentence = comparison.verdict("image", "text")
    assert "finding the image for a text, rose from" in sentence
    assert f"on 120 held-out pairs (95%: {gain.low:+.2f} to {gain.high:+.2f})" in sentence
    assert "fell from" in compare(after, before).verdict()
    assert "stayed at" in compare(before, before).verdict()
    mixed = [
        np.where(np.arange(120)[:, None] == 7, y, x)
        for x, y in ((before.a, after.a), (before.b, after.b))
    ]
    assert "within what chance" in compare(before, make_set(*mixed)).verdict()


def test_the_pairs_that_changed_most_come_largest_first(comparison) -> None:
    change = comparison.change()
    risen, fallen = comparison.most_changed(5)
    assert change[risen].tolist() == sorted(change, reverse=True)[:5]
    assert change[fallen].tolist() == sorted(change[change < 0])[:5]
    assert (change[risen] > 0).all()


def test_nothing_changed_leaves_the_lists_empty(sets) -> None:
    before, _ = sets
    assert compare(before, before).most_changed(5) == ([], [])


def test_one_pair_is_enough_to_measure(unit_rows) -> None:
    one = make_set(unit_rows(1, 4), unit_rows(1, 4))
    tree = compare(one, one).as_json()
    json.dumps(tree, allow_nan=False)
    assert tree["before"]["a_to_b"]["recall@1"] == 1
