"""One query against a gallery, held to a sorted list of every cosine."""

from __future__ import annotations

import numpy as np
import pytest

from lab.analysis.explorer import best_place, first_rows, rank_gallery, right_rows, top_hits

KEYS = ["sky", "sea", "sky", "sand", "sea", "star"]


@pytest.fixture
def unit() -> np.ndarray:
    """(7, 4): a query and six gallery rows; equal keys have equal rows, as equal items do."""
    x = np.random.default_rng(0).normal(size=(7, 4)).astype(np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    for row, key in enumerate(KEYS):
        x[1 + row] = x[1 + KEYS.index(key)]
    return x


def test_the_gallery_is_every_item_once_by_falling_cosine(unit: np.ndarray) -> None:
    query, gallery = unit[0], unit[1:]
    ranking = rank_gallery(query, gallery, first_rows(KEYS))
    cosines = {key: float(query @ gallery[KEYS.index(key)]) for key in set(KEYS)}
    expected = sorted(cosines, key=lambda key: -cosines[key])
    assert [KEYS[row] for row in ranking.order] == expected
    assert [int(ranking.places[KEYS.index(key)]) for key in expected] == [1, 2, 3, 4]
    assert {KEYS[row] for row in np.flatnonzero(ranking.places == 0)} == {"sky", "sea"}
    assert ranking.scores == pytest.approx(gallery @ query)


def test_equal_scores_keep_the_gallerys_order() -> None:
    gallery = np.tile(np.array([[1.0, 0.0]]), (3, 1))
    assert rank_gallery(gallery[0], gallery, np.arange(3)).order.tolist() == [0, 1, 2]


def test_right_are_the_partners_of_all_equal_queries() -> None:
    queries = ["a", "b", "a", "c", "b", "b"]
    assert right_rows("a", queries, KEYS) == {KEYS.index("sky")}
    assert right_rows("b", queries, KEYS) == {KEYS.index("sea"), KEYS.index("star")}
    assert right_rows("unknown", queries, KEYS) == frozenset()


def test_each_hit_knows_its_place_in_the_other_ranking(unit: np.ndarray) -> None:
    rows = first_rows(KEYS)
    before, after = (rank_gallery(query, unit[1:], rows) for query in (unit[0], -unit[0]))
    right = frozenset({KEYS.index("star")})
    hits = top_hits(after, before, right, count=3)
    assert [hit.place for hit in hits] == [1, 2, 3]
    assert [hit.elsewhere for hit in hits] == [4, 3, 2]  # the opposite query turns them round
    assert {hit.row for hit in hits if hit.is_right} <= right
    assert best_place(before, right) == 5 - best_place(after, right)


def test_alone_nothing_stands_elsewhere_and_no_right_answer_has_no_place(unit: np.ndarray) -> None:
    ranking = rank_gallery(unit[0], unit[1:], first_rows(KEYS))
    assert [hit.elsewhere for hit in top_hits(ranking, None, frozenset())] == [None] * 4
    assert best_place(ranking, frozenset()) is None
