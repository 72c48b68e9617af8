"""What travels to a matrix's cells: the cosines of the items that rows and columns name."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.similarity import matrix_views
from lab.charts.matrix_values import matrices_value
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.words import find_words

COUNT = 30


def unit(count: int, seed: int) -> np.ndarray:
    x = np.random.default_rng(seed).standard_normal((count, 8))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def moments() -> list[EmbeddingSet]:
    keys = tuple(map(str, range(COUNT)))
    return [EmbeddingSet(unit(COUNT, k), unit(COUNT, k + 1), keys, keys) for k in (0, 5)]


@pytest.fixture
def pairs() -> PairDataset:
    made = tuple(Pair(f"a {i}", f"b {i}", i) for i in range(COUNT))
    return PairDataset("mine.csv", "text-text", made, side_names=("en", "ko"))


@pytest.mark.parametrize("limit", [10, 300])
def test_every_cell_holds_the_cosine_of_the_two_items_it_names(moments, pairs, limit) -> None:
    views = matrix_views(*moments, joint=True, limit=limit)
    made = matrices_value(pairs, views, find_words()["matrices"])
    json.dumps(made, allow_nan=False)
    assert [view["joint"] for view in made["views"]] == [False, True]
    texts = [item["text"] for item in made["items"]]
    place = {text: i for i, text in enumerate((*pairs.a, *pairs.b))}
    for view in made["views"]:
        rows, columns = ([place[texts[i]] for i in view[axis]] for axis in ("rows", "columns"))
        for name, e in zip(("before", "after"), moments, strict=True):
            sent = np.frombuffer(base64.b64decode(view[name]), dtype=np.int8) / 127
            cosines = e.stacked()[rows] @ e.stacked()[columns].T
            np.testing.assert_allclose(sent.reshape(cosines.shape), cosines, atol=0.5 / 127)
        assert sorted(view["cluster"]) == list(range(view["size"]))
        assert bool(view["note"]) == (limit < COUNT)


def test_the_two_items_of_a_pair_are_known_as_one(moments, pairs) -> None:
    (view,) = matrix_views(*moments, joint=False)
    made = matrices_value(pairs, [view], find_words()["matrices"])
    assert len(made["items"]) == 2 * COUNT
    for item in made["items"]:
        assert item["pair"] == int(item["text"].split()[1])


def test_both_halves_of_a_joint_matrix_have_one_order(moments) -> None:
    joint = matrix_views(*moments, joint=True)[1]
    first, second = np.split(joint.by_cluster, 2)
    np.testing.assert_array_equal(second, first + COUNT)


def test_pictures_come_as_tiles_of_one_sheet_and_as_often_as_asked() -> None:
    pairs = load_pairs("shapes-ko").subset(range(8))
    e = EmbeddingSet(unit(8, 0), unit(8, 1), pairs.a_keys, pairs.b_keys)
    words = find_words()["matrices"]
    one, again = (matrices_value(pairs, matrix_views(e, e, joint=True), words) for _ in range(2))
    assert one == again
    assert [item["tile"] for item in one["items"]] == [*range(8), *[-1] * 8]
    assert one["sprite"]["url"].startswith("data:image/webp")
