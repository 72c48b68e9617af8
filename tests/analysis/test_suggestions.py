from __future__ import annotations

import numpy as np
import pytest

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.neighbours import find_neighbours
from lab.analysis.suggestions import Suggestion, suggest

COUNT = 30
KEYS = tuple(str(i) for i in range(COUNT))


@pytest.fixture
def moments(unit_rows) -> tuple[EmbeddingSet, EmbeddingSet]:
    """Each side a little elsewhere after; a_3 right upon b_3; a_5 turned away from b_5."""
    a, b = unit_rows(COUNT, 8, seed=1), unit_rows(COUNT, 8, seed=2)
    later = 0.9 * a + 0.1 * unit_rows(COUNT, 8, seed=3)
    later[3], later[5] = b[3], -b[5]
    later /= np.linalg.norm(later, axis=1, keepdims=True)
    return EmbeddingSet(a, b, KEYS, KEYS), EmbeddingSet(later, b, KEYS, KEYS)


def by_reason(suggestions: list[Suggestion]) -> dict[str, list[Suggestion]]:
    reasons = dict.fromkeys(s.reason for s in suggestions)
    return {reason: [s for s in suggestions if s.reason == reason] for reason in reasons}


def test_each_reason_names_the_items_that_show_it_most(moments) -> None:
    made = find_neighbours(*moments, count=5)
    found = by_reason(suggest(*moments, made, each=1))
    assert list(found) == ["replaced", "moved", "closer", "apart", "kept"]
    (replaced,), (kept,) = found["replaced"], found["kept"]
    assert replaced.value == made.overlap[replaced.item] == made.overlap.min()
    assert kept.value == made.overlap[kept.item]
    assert {s.item for s in suggest(*moments, made, each=3)} >= {3, 5}
    change = (moments[1].a * moments[1].b - moments[0].a * moments[0].b).sum(axis=1)
    for (suggestion,) in (found["closer"], found["apart"]):
        assert suggestion.value == pytest.approx(change[suggestion.item % COUNT], abs=1e-6)
    assert found["closer"][0].value > 0 > found["apart"][0].value


def test_no_pair_is_suggested_twice(moments) -> None:
    made = suggest(*moments, find_neighbours(*moments, count=5), each=4)
    pairs = [s.item % COUNT for s in made]
    assert len(pairs) == len(set(pairs))
    assert all(len(group) <= 4 for group in by_reason(made).values())


def test_where_nothing_changed_only_what_was_kept_is_left(moments) -> None:
    before = moments[0]
    made = suggest(before, before, find_neighbours(before, before))
    assert {s.reason for s in made} <= {"moved", "kept"}  # a cosine with itself is rounded
    assert all(s.value == pytest.approx(0, abs=1e-6) for s in made if s.reason == "moved")


def test_only_items_that_were_asked_are_suggested(moments) -> None:
    items = np.array([2, 3, 5, COUNT + 8])
    made = suggest(*moments, find_neighbours(*moments, count=5, items=items))
    assert {s.item for s in made} == set(items)
