"""Alignment and uniformity against the code of Wang & Isola's paper (their figure 5)."""

from __future__ import annotations

import numpy as np
import pytest
import torch

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
