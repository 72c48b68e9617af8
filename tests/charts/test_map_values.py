"""What the linked maps draw, held to the results it is made from."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lab.analysis.compare import compare
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.faithfulness import Faithfulness
from lab.analysis.map_reading import MapQuality, read_items
from lab.analysis.projection import Maps
from lab.charts.map_values import CATEGORIES, faith_sentence, maps_value
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.words import find_words

COUNT = 40
WORDS = find_words("en")["maps"]


def make_pairs(**columns) -> PairDataset:
    """columns: name -> a function of the pair's number."""
    pairs = [
        Pair(f"first {i}", f"second {i}", i, {name: of(i) for name, of in columns.items()})
        for i in range(COUNT)
    ]
    return PairDataset("made", "text-text", tuple(pairs), side_names=("en", "ko"))


def make_moment(seed: int) -> EmbeddingSet:
    draw = np.random.default_rng(seed)
    a, b = (draw.normal(size=(COUNT, 8)).astype(np.float32) for _ in range(2))
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    keys = tuple(map(str, range(COUNT)))
    return EmbeddingSet(a, b, keys, keys)


@pytest.fixture(scope="module")
def moments() -> tuple[EmbeddingSet, EmbeddingSet]:
    return make_moment(0), make_moment(1)


@pytest.fixture(scope="module")
def maps() -> Maps:
    before, after = np.random.default_rng(2).normal(size=(2, 2 * COUNT, 2))
    return Maps(before, after, "pca")


def test_a_comparison_brings_its_scales_and_groups(moments, maps) -> None:
    comparison, reading = compare(*moments), read_items(*moments)
    value = maps_value(make_pairs(), [maps], comparison, WORDS, reading=reading)
    json.dumps(value, allow_nan=False)
    scales = {scale["name"]: scale for scale in value["scales"]}
    before, after = comparison.ranks_before["b_to_a"], comparison.ranks_after["b_to_a"]
    assert scales["change"]["signed"]
    assert scales["change"]["values"] == pytest.approx(np.log2(before / after), abs=1e-3)
    assert scales["moved"]["values"] == pytest.approx(reading.moved, abs=1e-3)
    (clusters,) = value["groups"]
    assert clusters["codes"] == reading.clusters.tolist()
    assert len(clusters["labels"]) == reading.clusters.max() + 1


def test_before_a_run_there_is_one_map_and_nothing_that_needs_two(maps) -> None:
    value = maps_value(make_pairs(), [maps], None, WORDS)
    assert value["maps"]["pca"].keys() == {"before"}
    assert value["scales"] == []
    assert "ranks" not in value


def test_a_column_that_groups_is_one_to_colour_by(maps) -> None:
    pairs = make_pairs(kind=lambda i: ["cat", "dog", ""][i % 3], name=lambda i: f"item {i}")
    (group,) = maps_value(pairs, [maps], None, WORDS)["groups"]
    assert group["title"] == "kind"
    assert [group["labels"][code] for code in group["codes"][:3]] == ["cat", "dog", WORDS["blank"]]


def test_rare_labels_are_one_group(maps) -> None:
    kinds = CATEGORIES + 4
    pairs = make_pairs(kind=lambda i: f"kind {i % kinds}")
    (group,) = maps_value(pairs, [maps], None, WORDS)["groups"]
    assert len(group["labels"]) == CATEGORIES + 1
    assert group["labels"][-1] == WORDS["other"]
    others = [i for i, code in enumerate(group["codes"]) if code == CATEGORIES]
    told = {f"kind {i % kinds}" for i in range(COUNT) if i not in others}
    assert len(told) == CATEGORIES
    assert told.isdisjoint(f"kind {i % kinds}" for i in others)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_how_far_a_map_is_to_be_trusted_is_said(maps, language) -> None:
    words = find_words(language)["maps"]
    quality = MapQuality(
        Faithfulness(10, 0.871, 0.204), Faithfulness(10, 0.932, 0.405), 0.31, 0.042, 0.66
    )
    said = maps_value(make_pairs(), [replace(maps, quality=quality)], None, words)["faith"]
    assert said == {"pca": faith_sentence(quality, "pca", words)}
    for figure in ("10", "20%", "40%", "0.87", "0.93"):
        assert figure in said["pca"]
    for figure in ("31.0%", "4.2%", "66%"):
        assert figure in faith_sentence(quality, "umap", words)
    assert maps_value(make_pairs(), [maps], None, words)["faith"] == {}
