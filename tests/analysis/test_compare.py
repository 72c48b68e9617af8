from __future__ import annotations

import json

import numpy as np
import pytest

from lab.analysis import metrics as metrics_module
from lab.analysis.compare import Comparison, compare
from lab.analysis.crossing import cross
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.geometry import alignment, modality_gap, uniformity
from lab.analysis.paired_test import sign_flip_test

DIRECTIONS = ("a_to_b", "b_to_a")
RETRIEVAL = ("recall@1", "recall@5", "recall@10", "ndcg@10", "mrr", "mean_rank", "median_rank")
GEOMETRY = ("alignment", "uniformity_a", "uniformity_b", "uniformity_across", "modality_gap")


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
    assert list(tree) == [
        "before", "after", "recall_gain", "intervals", "p_values", "marks", "pairs",
    ]  # fmt: skip
    assert tree["pairs"] == 120
    assert tuple(tree["marks"]) == GEOMETRY
    assert tuple(tree["p_values"]) == tuple(tree["recall_gain"]) == (*DIRECTIONS, "mean")
    for direction, (low, high) in tree["intervals"]["recall_gain"].items():
        assert low <= tree["recall_gain"][direction] <= high
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
        crossing = cross(embeddings)
        ranks = crossing.ranks["b_to_a"]
        found = metrics.b_to_a
        assert found["recall@5"].value == pytest.approx((ranks <= 5).mean())
        assert found["mrr"].value == pytest.approx((1 / ranks).mean())
        assert found["mean_rank"].value == pytest.approx(ranks.mean())
        assert found["median_rank"].value == np.median(ranks)
        assert metrics.alignment.value == pytest.approx(alignment(embeddings.a, embeddings.b))
        assert metrics.uniformity_a.value == pytest.approx(uniformity(embeddings.a))
        assert metrics.uniformity_b.value == pytest.approx(uniformity(embeddings.b))
        across = np.log(crossing.potentials.mean())
        assert metrics.uniformity_across.value == pytest.approx(across)
        gap = modality_gap(embeddings.a, embeddings.b)
        assert metrics.modality_gap.value == pytest.approx(gap, rel=1e-5)


def test_gains_and_their_test_are_of_hits_in_pairs(sets, comparison) -> None:
    before, after = (cross(embeddings).ranks for embeddings in sets)
    gains = {d: (after[d] == 1).astype(int) - (before[d] == 1) for d in DIRECTIONS}
    gains["mean"] = gains["a_to_b"] + gains["b_to_a"]
    assert comparison.p_values == {d: sign_flip_test(gain) for d, gain in gains.items()}
    assert comparison.recall_gain["a_to_b"].value == pytest.approx(gains["a_to_b"].mean())
    assert comparison.recall_gain["mean"].value == pytest.approx(gains["mean"].mean() / 2)


def test_the_same_seed_gives_the_same_intervals(sets, comparison) -> None:
    assert compare(*sets).as_json() == comparison.as_json()
    assert compare(*sets, seed=1).as_json()["intervals"] != comparison.as_json()["intervals"]


def test_intervals_of_geometry_are_as_wide_as_fresh_samples_scatter(unit_rows) -> None:
    def sample(seed: int) -> EmbeddingSet:
        a, b = (unit_rows(100, 8, seed=seed + side, centres=1) for side in (0, 1000))
        return make_set(a, mixed(a, np.roll(b, 1, axis=1), 0.5))  # around another centre

    found = [compare(x, x).before for x in map(sample, range(60))]
    for name in GEOMETRY:
        estimates = [getattr(metrics, name) for metrics in found]
        width = np.mean([estimate.high - estimate.low for estimate in estimates])
        scatter = np.std([estimate.value for estimate in estimates])
        assert width == pytest.approx(2 * 1.96 * scatter, rel=0.3), name


def test_of_many_items_a_sample_is_enough_for_uniformity(unit_rows, monkeypatch) -> None:
    monkeypatch.setattr(metrics_module, "SAMPLE", 200)
    x = unit_rows(1000, 8)
    estimate = compare(make_set(x, x), make_set(x, x)).before.uniformity_a
    assert estimate.low <= uniformity(x) <= estimate.high
    assert estimate.value != pytest.approx(uniformity(x))


def test_the_verdict_speaks_of_the_mean_of_both_directions(sets, comparison) -> None:
    before, after = sets
    verdicts = comparison.verdicts()
    mean = verdicts["mean"]
    assert mean.kind == "rose"
    assert mean.before == pytest.approx((verdicts["a_to_b"].before + verdicts["b_to_a"].before) / 2)
    assert mean.after - mean.before == pytest.approx(comparison.recall_gain["mean"].value)
    assert "the mean of image by text and text by image, rose from" in (
        comparison.verdict("image", "text")
    )
    assert compare(after, before).verdicts()["mean"].kind == "fell"
    assert compare(before, before).verdicts()["mean"].kind == "same"


def test_one_pair_that_changed_may_be_chance(sets) -> None:
    before, after = sets
    one = [
        np.where(np.arange(120)[:, None] == 7, y, x)
        for x, y in ((before.a, after.a), (before.b, after.b))
    ]
    changed = compare(before, make_set(*one))
    assert changed.verdicts()["mean"].kind == "chance"
    control = {"English": changed.verdicts()["mean"]}
    assert "on the English control set it went" in changed.verdict(controls=control)


def test_groups_are_of_the_ranks_in_the_whole_gallery(comparison) -> None:
    labels = ["even", "odd"] * 60
    even, odd = comparison.by_group(labels).groups
    assert (even.label, odd.label) == ("even", "odd")
    for d in DIRECTIONS:
        whole = getattr(comparison.after, d)["recall@1"].value
        assert (even.after[d].value + odd.after[d].value) / 2 == pytest.approx(whole)


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
