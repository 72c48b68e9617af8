from __future__ import annotations

import numpy as np
import pytest

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.neighbours import find_neighbours

COUNT = 40
KEYS = tuple(str(i // 2) for i in range(COUNT))  # items come twice on side a
OWN = tuple(str(i) for i in range(COUNT))


def make_set(rows, seed: int) -> EmbeddingSet:
    a = np.repeat(rows(COUNT // 2, 8, seed=seed), 2, axis=0)
    return EmbeddingSet(a, rows(COUNT, 8, seed=seed + 1), KEYS, OWN)


@pytest.fixture
def moments(unit_rows) -> tuple[EmbeddingSet, EmbeddingSet]:
    return make_set(unit_rows, 0), make_set(unit_rows, 7)


def one_by_one(e: EmbeddingSet, count: int, among: str) -> list[list[int]]:
    """Every item in turn, its distinct candidates sorted by cosine."""
    x, keys = e.stacked(), [("a", k) for k in e.a_keys] + [("b", k) for k in e.b_keys]
    found = []
    for item, (side, _) in enumerate(keys):
        wanted = {"a": "b", "b": "a"}[side] if among == "across" else side
        candidates = [
            other
            for other, key in enumerate(keys)
            if key[0] == wanted and key != keys[item] and keys.index(key) == other
        ]
        found.append(sorted(candidates, key=lambda other: -(x[other] @ x[item]))[:count])
    return found


@pytest.mark.parametrize("among", ["across", "within"])
def test_neighbours_are_those_found_one_by_one(moments, among) -> None:
    made = find_neighbours(*moments, count=6, among=among)
    for e, indices, cosines in (
        (moments[0], made.before, made.cosines_before),
        (moments[1], made.after, made.cosines_after),
    ):
        np.testing.assert_array_equal(indices, one_by_one(e, 6, among))
        x = e.stacked()
        np.testing.assert_allclose(cosines, np.einsum("nkd,nd->nk", x[indices], x), atol=1e-6)


@pytest.mark.parametrize("among", ["across", "within"])
def test_common_lost_gained_and_overlap_are_those_of_sets(moments, among) -> None:
    made = find_neighbours(*moments, count=6, among=among)
    for item in range(2 * COUNT):
        before, after = set(made.before[item]), set(made.after[item])
        assert set(made.before[item][~made.kept_before[item]]) == before - after  # lost
        assert set(made.after[item][~made.kept_after[item]]) == after - before  # gained
        assert made.overlap[item] == len(before & after) / len(before | after)


def test_nothing_changed_nothing_lost(moments) -> None:
    made = find_neighbours(moments[0], moments[0])
    assert (made.overlap == 1).all()
    assert made.kept_before.all()
    assert made.kept_after.all()


def test_no_more_neighbours_than_distinct_items(moments) -> None:
    assert find_neighbours(*moments, count=100).before.shape == (2 * COUNT, COUNT // 2)
    within = find_neighbours(*moments, count=100, among="within")
    assert within.before.shape == (2 * COUNT, COUNT // 2 - 1)


@pytest.mark.parametrize("among", ["across", "within"])
@pytest.mark.parametrize("items", [[3], [COUNT + 4], [0, 9, COUNT - 1, COUNT, 2 * COUNT - 1]])
def test_items_asked_alone_have_the_neighbours_they_have_among_all(moments, among, items) -> None:
    every = find_neighbours(*moments, among=among)
    asked = find_neighbours(*moments, among=among, items=np.array(items))
    np.testing.assert_array_equal(asked.items, items)
    np.testing.assert_array_equal(asked.before, every.before[items])
    np.testing.assert_array_equal(asked.kept_after, every.kept_after[items])
    np.testing.assert_array_equal(asked.overlap, every.overlap[items])
