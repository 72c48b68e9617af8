"""How far maps can be believed, and what is known of their items, against what makes them up."""

from __future__ import annotations

import numpy as np
import pytest

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.faithfulness import faithfulness
from lab.analysis.map_reading import SURVEYED, measure_maps, read_items, survey_neighbours
from lab.analysis.neighbours import find_neighbours
from lab.analysis.projection import noise_floor, project
from lab.config import ProjectionConfig

PAIRS, WIDTH = 60, 12


def embeddings(seed: int, noise: float = 1.0, count: int = PAIRS) -> EmbeddingSet:
    """Groups of five pairs around shared centres."""
    draw = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(count // 5, WIDTH)).repeat(5, axis=0)
    a, b = (centres + noise * draw.normal(size=centres.shape) for _ in range(2))
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    keys = tuple(map(str, range(count)))
    return EmbeddingSet(a.astype(np.float32), b.astype(np.float32), keys, keys)


@pytest.fixture(scope="module")
def moments() -> tuple[EmbeddingSet, EmbeddingSet]:
    return embeddings(1, noise=0.8), embeddings(1, noise=0.3)


@pytest.mark.parametrize("method", ["pca", "umap"])
def test_quality_is_made_of_its_parts(moments, method) -> None:
    config = ProjectionConfig(method=method)
    before, after = (moment.stacked() for moment in moments)
    maps = project(before, after, config)
    measured = measure_maps(before, after, maps, config)
    quality = measured.quality
    assert np.array_equal(measured.after, maps.after)
    assert quality.before == faithfulness(before, maps.before)
    assert quality.after == faithfulness(after, maps.after)
    places = np.concatenate([maps.before, maps.after])
    width = max(np.ptp(places[:, 0]), np.ptp(places[:, 1]))
    floor = noise_floor(before, maps, config)
    assert quality.moved == pytest.approx(np.median(maps.moved) / width)
    assert quality.floor == pytest.approx(np.median(floor) / width)
    assert 0 <= quality.beyond <= 1


def test_pca_has_no_noise_of_its_own(moments) -> None:
    config = ProjectionConfig(method="pca")
    before, after = (moment.stacked() for moment in moments)
    quality = measure_maps(before, after, project(before, after, config), config).quality
    assert quality.floor == pytest.approx(0, abs=1e-6)


def test_maps_of_one_place_have_a_quality_too() -> None:
    config, x = ProjectionConfig(method="pca"), np.ones((12, 3), np.float32) / np.sqrt(3)
    quality = measure_maps(x, x, project(x, x, config), config).quality
    assert quality.moved == 0
    assert np.isfinite(quality.after.trustworthiness)


def test_items_are_read_before_against_after(moments) -> None:
    before, after = moments
    reading = read_items(before, after)
    cosines = [np.dot(x, y) for x, y in zip(before.stacked(), after.stacked(), strict=True)]
    assert reading.moved == pytest.approx(1 - np.array(cosines), abs=1e-6)
    assert reading.clusters.shape == (2 * PAIRS,)
    assert reading.clusters.min() == 0


def test_a_survey_asks_all_of_few_items(moments) -> None:
    found, suggestions = survey_neighbours(*moments)
    every = find_neighbours(*moments)
    assert np.array_equal(found.items, np.arange(2 * PAIRS))
    assert np.array_equal(found.overlap, every.overlap)
    assert suggestions


def test_a_survey_samples_many_items_evenly(moments, monkeypatch) -> None:
    monkeypatch.setattr("lab.analysis.map_reading.SURVEYED", 10)
    found, _ = survey_neighbours(*moments)
    assert len(found.items) == 10
    assert found.items[0] == 0
    assert found.items[-1] == 2 * PAIRS - 1
    steps = np.diff(found.items)
    assert steps.max() - steps.min() <= 1
    assert SURVEYED > 10
