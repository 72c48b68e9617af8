from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from lab.analysis import faithfulness as module
from lab.analysis.faithfulness import faithfulness


def random_layout(count: int) -> np.ndarray:
    return np.random.default_rng(3).normal(size=(count, 2))


def true_share(x: np.ndarray, layout: np.ndarray, count: int) -> float:
    """Of every point's true neighbours, those that are its neighbours on the map as well."""
    near, shown = (
        NearestNeighbors(n_neighbors=count).fit(rows).kneighbors(return_distance=False)
        for rows in (x, layout)
    )
    both = [len({*a} & {*b}) for a, b in zip(near, shown, strict=True)]
    return sum(both) / near.size


@pytest.mark.parametrize("count", [5, 10])
@pytest.mark.parametrize("map_of", [lambda x: x[:, :2], lambda x: random_layout(len(x))])
def test_both_numbers_are_scikit_learns(unit_rows, monkeypatch, count, map_of) -> None:
    monkeypatch.setattr(module, "BLOCK", 32)
    x = unit_rows(150, 12)
    layout = map_of(x)
    made = faithfulness(x, layout, count)
    expected = trustworthiness(x, layout, n_neighbors=count, metric="cosine")
    assert made.neighbours == count
    assert made.trustworthiness == pytest.approx(expected)
    assert made.kept == pytest.approx(true_share(x, layout, count))


def test_a_map_that_is_the_space_itself_is_believed_wholly() -> None:
    angles = np.sort(np.random.default_rng(0).uniform(0, 2 * np.pi, size=40))
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    made = faithfulness(circle, circle.astype(np.float64), 3)
    assert (made.trustworthiness, made.kept) == (1, 1)


def test_of_many_points_an_even_sample_is_asked(unit_rows, monkeypatch) -> None:
    x = unit_rows(300, 12)
    whole = faithfulness(x, x[:, :2])
    monkeypatch.setattr(module, "ASKED", 150)
    sample = faithfulness(x, x[:, :2])
    assert sample != whole
    assert sample.trustworthiness == pytest.approx(whole.trustworthiness, abs=0.02)
    assert sample.kept == pytest.approx(whole.kept, abs=0.05)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_few_points_have_few_neighbours(unit_rows, count) -> None:
    made = faithfulness(unit_rows(count, 12), random_layout(count))
    assert made.neighbours < max(1, count / 2)
    assert 0 <= made.kept <= 1
    assert 0 <= made.trustworthiness <= 1
