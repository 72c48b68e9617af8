"""Alignment and uniformity against the code of Wang & Isola's paper (their figure 5), marks against
scipy's hypergeometric function, the gap against its definition."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import special

from lab.analysis import geometry


def test_alignment_is_the_papers(unit_rows) -> None:
    a, b = unit_rows(40, 8, seed=1), unit_rows(40, 8, seed=2)
    paper = (torch.tensor(a) - torch.tensor(b)).norm(dim=1).pow(2).mean().item()
    assert geometry.alignment(a, b) == pytest.approx(paper, rel=1e-6)


@pytest.mark.parametrize("block", [7, 512])
def test_uniformity_is_the_papers(unit_rows, monkeypatch, block) -> None:
    monkeypatch.setattr(geometry, "BLOCK", block)
    x = unit_rows(40, 8)
    paper = torch.pdist(torch.tensor(x), p=2).pow(2).mul(-2).exp().mean().log().item()
    assert geometry.uniformity(x) == pytest.approx(paper, rel=1e-5)


def test_collapse_has_uniformity_nought_and_a_pair_of_opposite_points_minus_eight() -> None:
    point = np.eye(4, dtype=np.float32)[0]
    assert geometry.uniformity(np.stack([point] * 10)) == pytest.approx(0, abs=1e-6)
    assert geometry.uniformity(np.stack([point, -point])) == pytest.approx(-8)
    assert geometry.alignment(point[None], -point[None]) == pytest.approx(4)


def test_an_even_sphere_is_at_the_theoretical_mark() -> None:
    x = np.random.default_rng(0).normal(size=(2000, 128))
    x = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
    assert geometry.uniformity(x) == pytest.approx(-4 + 8 / 128, abs=0.02)
    assert geometry.uniformity(x) == pytest.approx(geometry.even_uniformity(128), abs=0.005)


@pytest.mark.parametrize("width", [2, 3, 16, 128, 512])
def test_the_even_spheres_mark_is_exact(width) -> None:
    mean = special.hyp0f1(width / 2, 4)
    assert geometry.even_uniformity(width) == pytest.approx(np.log(mean) - 4, rel=1e-12)


def test_many_dimensions_bring_the_papers_approximation() -> None:
    assert geometry.even_uniformity(512) == pytest.approx(-4 + 8 / 512, abs=1e-3)


def test_marks_are_what_the_two_cases_measure() -> None:
    x, y = (np.random.default_rng(seed).normal(size=(4000, 16)) for seed in (0, 1))
    x, y = ((v / np.linalg.norm(v, axis=1, keepdims=True)).astype(np.float32) for v in (x, y))
    point = np.ones_like(x[:50]) / 4
    marks = geometry.theoretical_marks(16)
    assert geometry.alignment(x, y) == pytest.approx(marks["alignment"].sphere, abs=0.05)
    assert geometry.uniformity(x) == pytest.approx(marks["uniformity_a"].sphere, abs=0.02)
    assert geometry.modality_gap(x, y) == pytest.approx(np.sqrt(2 / 4000), rel=0.5)
    assert geometry.alignment(point, point) == marks["alignment"].collapse
    assert geometry.uniformity(point) == pytest.approx(marks["uniformity_a"].collapse, abs=1e-6)
    assert geometry.modality_gap(point, point) == marks["modality_gap"].collapse


def test_the_gap_is_the_distance_of_the_centroids(unit_rows) -> None:
    a, b = unit_rows(40, 8, seed=1), unit_rows(30, 8, seed=2, centres=2)[np.arange(40) % 30]
    expected = np.linalg.norm(a.mean(axis=0) - b.mean(axis=0))
    assert geometry.modality_gap(a, b) == pytest.approx(expected, rel=1e-6)
    assert geometry.gap_shares(a, b).mean() == pytest.approx(expected, rel=1e-5)
    assert not geometry.gap_shares(a, a).any()
