from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from lab.analysis.projection import align, noise_floor, place, project, warm_up
from lab.config import ProjectionConfig
from lab.errors import ConfigError

UMAP = ProjectionConfig(method="umap")
PCA_MAP = ProjectionConfig(method="pca")


def test_pca_is_scikit_learns_fitted_on_both(unit_rows) -> None:
    before, after = unit_rows(80, 12, seed=1), unit_rows(80, 12, seed=2)
    maps = project(before, after, PCA_MAP)
    reference = PCA(2).fit(np.concatenate([before, after]))
    for layout, x in ((maps.before, before), (maps.after, after)):
        np.testing.assert_allclose(np.abs(layout), np.abs(reference.transform(x)), atol=1e-5)


def test_what_stays_in_place_stays_in_place_on_the_pca_map(unit_rows) -> None:
    x = unit_rows(30, 12)
    maps = project(x, x, PCA_MAP)
    np.testing.assert_array_equal(maps.before, maps.after)


def test_align_undoes_a_turn_a_mirror_and_a_shift(unit_rows) -> None:
    layout = unit_rows(30, 2)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]]) @ np.diag([1, -1])
    np.testing.assert_allclose(align(layout @ turn + 3, layout), layout, atol=1e-5)


def test_umap_keeps_neighbours_and_the_same_seed_gives_the_same_maps(unit_rows) -> None:
    before, after = unit_rows(150, 12, seed=1), unit_rows(150, 12, seed=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        maps = project(before, after, UMAP)
    assert maps.method == "umap"
    assert maps.before.shape == maps.after.shape == (150, 2)
    for layout, x in ((maps.before, before), (maps.after, after)):
        assert trustworthiness(x, layout, n_neighbors=10, metric="cosine") > 0.85
    again = project(before, after, UMAP)
    np.testing.assert_array_equal(again.before, maps.before)
    np.testing.assert_array_equal(again.after, maps.after)


def centres(layout: np.ndarray) -> np.ndarray:
    return np.stack([layout[group::6].mean(axis=0) for group in range(6)])


def test_what_stays_in_place_hardly_moves_on_umaps_maps(unit_rows) -> None:
    """Fresh samples of the same six groups: their second places are their first ones."""
    before, after = unit_rows(150, 12, seed=1), unit_rows(150, 12, seed=2)
    maps = project(before, after, UMAP)
    np.testing.assert_allclose(align(maps.after, maps.before), maps.after, atol=1e-6)
    moved = np.linalg.norm(centres(maps.after) - centres(maps.before), axis=1)
    assert moved.max() < 0.2 * np.ptp(maps.before, axis=0).max()


def test_what_moved_is_laid_out_anew_on_umaps_maps(unit_rows) -> None:
    """The first group joins the second one: on the second map it lies there too."""
    before, after = unit_rows(150, 12, seed=1), unit_rows(150, 12, seed=2)
    after[0::6] = np.roll(after[1::6], 1, axis=0)
    maps = project(before, after, UMAP)
    first, second, *_ = centres(maps.after)
    assert np.linalg.norm(first - second) < 0.05 * np.ptp(maps.after, axis=0).max()


def test_the_noise_floor_is_what_laying_out_the_same_twice_moves(unit_rows) -> None:
    before, after = unit_rows(150, 12, seed=1), unit_rows(150, 12, seed=2)
    after[0::6] = np.roll(after[1::6], 1, axis=0)
    maps = project(before, after, UMAP)
    floor = noise_floor(before, maps, UMAP)
    np.testing.assert_array_equal(floor, project(before, before, UMAP).moved)
    assert 0 < np.median(floor) < 0.2 * np.ptp(maps.before, axis=0).max()
    assert np.median(maps.moved[0::6]) > np.percentile(floor, 95)  # the group that joined another


@pytest.mark.parametrize("config", [PCA_MAP, UMAP], ids=["pca", "umap"])
def test_what_is_placed_on_the_maps_lies_where_the_map_after_has_it(unit_rows, config) -> None:
    before, after = unit_rows(60, 12, seed=1), unit_rows(60, 12, seed=2)
    maps = project(before, after, config)
    np.testing.assert_array_equal(place(after, maps, config), maps.after)


def test_maps_made_before_training_take_what_comes_after_it(unit_rows) -> None:
    before, after = unit_rows(60, 12, seed=1), unit_rows(60, 12, seed=2)
    base = project(before, before, UMAP)
    maps = project(before, after, UMAP)
    np.testing.assert_array_equal(place(after, base, UMAP), maps.after)
    np.testing.assert_array_equal(base.moved, noise_floor(before, maps, UMAP))


def test_by_pca_nothing_moves_that_did_not_change(unit_rows) -> None:
    before, after = unit_rows(30, 12, seed=1), unit_rows(30, 12, seed=2)
    after[:10] = before[:10]
    maps = project(before, after, PCA_MAP)
    assert not noise_floor(before, maps, PCA_MAP).any()
    assert not maps.moved[:10].any()
    distances = [np.hypot(*(b - a)) for a, b in zip(maps.before, maps.after, strict=True)]
    np.testing.assert_allclose(maps.moved, distances)


@pytest.mark.parametrize(
    "change", [{"n_neighbors": 4}, {"min_dist": 0.9}, {"metric": "euclidean"}, {"seed": 5}]
)
def test_every_setting_of_umap_changes_the_map(unit_rows, change) -> None:
    x = unit_rows(60, 12)
    maps, others = (project(x, x, ProjectionConfig(**given)) for given in ({}, change))
    assert not np.array_equal(maps.before, others.before)
    assert trustworthiness(x, others.before, n_neighbors=10, metric="cosine") > 0.8


@pytest.mark.parametrize(
    ("setting", "value", "way_out"),
    [
        ("method", "tsne", "choose one of pca, umap"),
        ("n_neighbors", 1, "choose 2 to 200"),
        ("n_neighbors", 201, "choose 2 to 200"),
        ("min_dist", -0.1, "choose 0 to 1"),
        ("min_dist", 1.5, "choose 0 to 1"),
        ("metric", "manhattan", "choose one of cosine, euclidean"),
        ("seed", -1, "choose 0 to 2147483647"),
    ],
)
def test_a_setting_that_cannot_be_names_itself_and_the_way_out(setting, value, way_out) -> None:
    with pytest.raises(ConfigError, match=f"^{setting} = {value!r}: {way_out}$"):
        ProjectionConfig(**{setting: value})


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 20])
@pytest.mark.parametrize("config", [PCA_MAP, UMAP], ids=["pca", "umap"])
def test_few_points_are_laid_out(unit_rows, count, config) -> None:
    maps = project(unit_rows(count, 8, seed=1), unit_rows(count, 8, seed=2), config)
    assert np.isfinite([maps.before, maps.after]).all()
    assert maps.method == (config.method if count >= 5 else "pca")


@pytest.mark.parametrize("config", [PCA_MAP, UMAP], ids=["pca", "umap"])
def test_a_collapsed_encoder_is_laid_out(config) -> None:
    collapsed = np.ones((40, 4), dtype=np.float32) / 2
    maps = project(collapsed, collapsed, config)
    assert np.isfinite([maps.before, maps.after]).all()


def test_warming_up_says_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warm_up()
