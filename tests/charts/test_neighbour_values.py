"""What is drawn of neighbours, held to sorted cosines."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.map_reading import survey_neighbours
from lab.analysis.neighbours import find_neighbours
from lab.analysis.suggestions import Suggestion
from lab.charts.neighbour_values import neighbours_value, overlap_value
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.words import find_words

COUNT, NEAREST = 30, 10
WORDS = find_words("en")


@pytest.fixture(scope="module")
def pairs() -> PairDataset:
    """The last pair has the first one's second text."""
    made = [Pair(f"first {i}", f"second {i % (COUNT - 1)}", i) for i in range(COUNT)]
    return PairDataset("made", "text-text", tuple(made), side_names=("en", "ko"))


@pytest.fixture(scope="module")
def moments(pairs: PairDataset) -> tuple[EmbeddingSet, EmbeddingSet]:
    made = []
    for seed in range(2):
        draw = np.random.default_rng(seed)
        a, b = (draw.normal(size=(COUNT, 8)) for _ in range(2))
        b[-1] = b[0]
        a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
        made.append(
            EmbeddingSet(a.astype(np.float32), b.astype(np.float32), pairs.a_keys, pairs.b_keys)
        )
    return tuple(made)


def view(pairs, moments, item: int) -> dict:
    asked = np.array([item])
    lists = {
        among: find_neighbours(*moments, NEAREST, among=among, items=asked)
        for among in ("across", "within")
    }
    return neighbours_value(pairs, lists, WORDS["neighbours"])


def test_the_lists_are_the_nearest_with_what_became_of_them(pairs, moments) -> None:
    value = view(pairs, moments, 3)
    json.dumps(value, allow_nan=False)
    near = [set((COUNT + np.argsort(-(e.b[:-1] @ e.a[3]))[:NEAREST]).tolist()) for e in moments]
    lists = value["lists"]["across"]
    for moment, own, other, changed in (
        ("before", near[0], near[1], "lost"),
        ("after", near[1], near[0], "gained"),
    ):
        assert {row["item"] for row in lists[moment]} == own
        assert {r["item"] for r in lists[moment] if r["state"] == "common"} == own & other
        assert {r["item"] for r in lists[moment] if r["state"] == changed} == own - other
        cosines = [row["cosine"] for row in lists[moment]]
        assert cosines == sorted(cosines, reverse=True)
    assert f"{len(near[0] & near[1])} of {NEAREST}" in lists["summary"]
    assert value["item"]["text"] == "first 3"
    assert value["side"] == "en"


def test_a_partner_is_told_by_what_it_holds(pairs, moments) -> None:
    """Of equal texts the first stands for all: the last pair's partner is the first pair's."""
    last = COUNT - 1
    value = view(pairs, (moments[0], moments[0]), last)
    partners = [r["item"] for r in value["lists"]["across"]["after"] if r["partner"]]
    order = COUNT + np.argsort(-(moments[0].b[:-1] @ moments[0].a[last]))
    assert partners == ([COUNT] if COUNT in order[:NEAREST] else [])
    assert not any(row["partner"] for row in value["lists"]["within"]["after"])


def test_every_items_overlap_is_counted(pairs, moments) -> None:
    found, suggestions = survey_neighbours(*moments)
    value = overlap_value(pairs, found, suggestions, WORDS["overlap"])
    json.dumps(value, allow_nan=False)
    jaccard = [value["jaccard"][kept] for kept in value["kept"]]
    assert jaccard == pytest.approx(found.overlap, abs=0.005)
    assert value["items"] == list(range(2 * COUNT))
    assert [told["item"] for told in value["suggestions"]] == [s.item for s in suggestions]


def test_a_sample_says_that_it_is_one(pairs, moments) -> None:
    found = find_neighbours(*moments, items=np.arange(0, 2 * COUNT, 4))
    value = overlap_value(pairs, found, [Suggestion(4, "closer", 0.25)], WORDS["overlap"])
    assert value["note"].endswith("An even sample: 15 of 60 items.")
    assert value["suggestions"][0]["value"] == "+0.25"
