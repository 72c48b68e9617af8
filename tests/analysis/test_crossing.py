"""Ranks and potentials across the sides against a slow reading of their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from lab.analysis import crossing
from lab.analysis.crossing import cross
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.retrieval import DIRECTIONS, TIE


def make_set(a: np.ndarray, b: np.ndarray, a_keys=None, b_keys=None) -> EmbeddingSet:
    plain = tuple(map(str, range(len(a))))
    return EmbeddingSet(a, b, a_keys or plain, b_keys or plain)


def ranks_by_definition(embeddings: EmbeddingSet, direction: str) -> list[int]:
    """One query and one answer at a time."""
    sides = [(embeddings.a, embeddings.a_keys), (embeddings.b, embeddings.b_keys)]
    (queries, query_keys), (gallery, gallery_keys) = sides[:: 1 if direction == "a_to_b" else -1]
    found = []
    for i, query in enumerate(queries):
        right, wrong = [], []
        for j, answer in enumerate(gallery):
            is_right = query_keys[j] == query_keys[i] or gallery_keys[j] == gallery_keys[i]
            (right if is_right else wrong).append(float(query @ answer))
        found.append(1 + sum(s >= max(right) - TIE for s in wrong))
    return found


def repeating(unit_rows, a_kinds: int, b_kinds: int, count: int = 40) -> EmbeddingSet:
    draw = np.random.default_rng(a_kinds)
    a_items, b_items = draw.integers(a_kinds, size=count), draw.integers(b_kinds, size=count)
    return EmbeddingSet(
        unit_rows(a_kinds, 8, seed=1)[a_items],
        unit_rows(b_kinds, 8, seed=2)[b_items],
        tuple(f"a{i}" for i in a_items),
        tuple(f"b{i}" for i in b_items),
    )


@pytest.mark.parametrize("block", [7, 512])
@pytest.mark.parametrize("kinds", [(1000, 1000), (25, 30), (40, 3), (2, 3), (1, 1)])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_ranks_are_the_definitions_also_when_items_repeat(
    unit_rows, monkeypatch, block, kinds, direction
) -> None:
    monkeypatch.setattr(crossing, "BLOCK", block)
    embeddings = repeating(unit_rows, *kinds)
    found = cross(embeddings).ranks[direction]
    assert found.tolist() == ranks_by_definition(embeddings, direction)


@pytest.mark.parametrize("block", [7, 512])
def test_potentials_are_those_of_items_that_are_no_pair(unit_rows, monkeypatch, block) -> None:
    monkeypatch.setattr(crossing, "BLOCK", block)
    a, b = unit_rows(40, 8, seed=1), unit_rows(40, 8, seed=2)
    distances = ((a[:, None] - b[None]) ** 2).sum(axis=2)  # (N, N)
    potentials = np.exp(-2 * distances)
    np.fill_diagonal(potentials, 0)
    expected = (potentials.sum(axis=0) + potentials.sum(axis=1)) / (2 * 39)
    np.testing.assert_allclose(cross(make_set(a, b)).potentials, expected, rtol=1e-4)


def test_a_perfect_encoder_ranks_every_answer_first(unit_rows) -> None:
    rows = unit_rows(50, 16)
    ranks = cross(make_set(rows, rows)).ranks
    assert all((ranks[direction] == 1).all() for direction in DIRECTIONS)


def test_ties_count_against_the_model() -> None:
    collapsed = np.ones((10, 4), dtype=np.float32) / 2
    ranks = cross(make_set(collapsed, collapsed)).ranks
    assert all((ranks[direction] == 10).all() for direction in DIRECTIONS)


def test_what_is_no_number_counts_against_the_model() -> None:
    broken = np.full((10, 4), np.nan, dtype=np.float32)
    ranks = cross(make_set(broken, broken)).ranks
    assert all((ranks[direction] == 10).all() for direction in DIRECTIONS)


def test_the_order_of_the_pairs_does_not_matter(unit_rows) -> None:
    a, b = unit_rows(40, 8, seed=1), unit_rows(40, 8, seed=2)
    shuffled = np.random.default_rng(0).permutation(40)
    ranks = cross(make_set(a, b)).ranks["a_to_b"]
    assert (cross(make_set(a[shuffled], b[shuffled])).ranks["a_to_b"] == ranks[shuffled]).all()
