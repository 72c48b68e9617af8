"""Pairs of adapters as values: which is shown beside which, and sentences that hold."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch

from lab.charts.subspace_values import MATRICES, Trained, TrainedPair, say_overlap, subspaces_value
from lab.lora.amplification import amplification
from lab.lora.factors import Factors
from lab.lora.shared_directions import compare_factors
from lab.words import find_words

WORDS = find_words()["subspaces"]
PATHS = ("layers.0.q_proj", "layers.0.v_proj")
OUT, INNER = 30, 40


def adapter(rank: int, seed: int) -> dict[str, Factors]:
    generator = torch.Generator().manual_seed(100 * seed + rank)
    shapes = ((rank, INNER), (OUT, rank))
    return {p: Factors(*(torch.randn(s, generator=generator) for s in shapes), 1.0) for p in PATHS}


def pair(one: tuple[int, int], other: tuple[int, int]) -> TrainedPair:
    """Of two (rank, seed)."""
    comparison = compare_factors(adapter(*one), adapter(*other))
    return TrainedPair(Trained(*one), Trained(*other), comparison)


@pytest.fixture(scope="module")
def pairs() -> list[TrainedPair]:
    return [pair((2, 0), (6, 1)), pair((2, 0), (2, 1)), pair((6, 0), (6, 1)), pair((2, 0), (6, 0))]


@pytest.fixture(scope="module")
def value(pairs) -> dict:
    return subspaces_value(pairs, WORDS)


def test_it_is_json(value):
    assert json.loads(json.dumps(value)) == json.loads(json.dumps(value, allow_nan=False))


def test_every_grid_travels_with_its_ranks(pairs, value):
    for given, shown in zip(pairs, value["pairs"], strict=True):
        for layer, made in zip(given.comparison.layers, shown["layers"], strict=True):
            assert made["path"] == layer.path
            for matrix in MATRICES:
                grid, sent = layer.grids[matrix], made["grids"][matrix]
                chance = value["chances"][sent["chance"]]
                assert (chance["i"], chance["j"]) == (grid.i, grid.j)
                raw = np.frombuffer(base64.b64decode(sent["phi"]), np.uint8)
                phi = raw.reshape(len(grid.i), len(grid.j)) / 255
                np.testing.assert_allclose(phi, grid.phi, atol=1 / 255)


def test_two_seeds_of_the_higher_rank_stand_beside_two_ranks(value):
    assert [shown["beside"] for shown in value["pairs"]] == [2, None, None, 2]


def test_two_seeds_of_the_lower_rank_where_there_are_no_others(pairs):
    shown = subspaces_value(pairs[:2], WORDS)["pairs"]
    assert [one["beside"] for one in shown] == [1, None]
    assert subspaces_value(pairs[:1], WORDS)["pairs"][0]["beside"] is None


def test_two_ranks_of_one_seed_say_that_they_began_alike(value):
    notes = [shown["notes"] for shown in value["pairs"]]
    assert notes == [[], [], [], [WORDS["same_seed"].format(seed=0)]]


def test_layers_that_one_lacks_are_said():
    one, other = adapter(2, 0), adapter(2, 1)
    comparison = compare_factors({PATHS[0]: one[PATHS[0]]}, other)
    (shown,) = subspaces_value([TrainedPair(Trained(2, 0), Trained(2, 1), comparison)], WORDS)[
        "pairs"
    ]
    assert shown["notes"] == [WORDS["left_out"].format(count=1)]


@pytest.mark.parametrize("matrix", MATRICES)
def test_the_sentence_says_what_was_measured(pairs, matrix):
    said, overlap = say_overlap(pairs[2], matrix, WORDS), pairs[2].comparison.overlap(matrix)
    assert said.startswith(WORDS[matrix])
    assert f"the first 4 by {overlap.mean:.2f}" in said
    assert f"{overlap.above} of 2 layers" in said
    assert f"it would be {overlap.chance:.2g} for 4" in said


def test_one_direction_and_none_have_sentences_of_their_own():
    assert "for 1" not in say_overlap(pair((1, 0), (1, 1)), "A", WORDS)
    zero = {p: f._replace(b=torch.zeros_like(f.b)) for p, f in adapter(2, 0).items()}
    untrained = TrainedPair(Trained(2, 0), Trained(2, 1), compare_factors(zero, adapter(2, 1)))
    (shown,) = subspaces_value([untrained], WORDS)["pairs"]
    assert shown["said"]["B"] == WORDS["said_none"]
    assert shown["layers"][0]["grids"]["B"] is None


def test_the_table_stands_where_both_adapters_were_measured(pairs):
    weight = torch.randn(OUT, INNER)
    found = [
        {path: amplification(weight, f) for path, f in adapter(*one).items()}
        for one in ((2, 0), (6, 1))
    ]
    first, second = (Trained(*one, a) for one, a in zip(((2, 0), (6, 1)), found, strict=True))
    measured = TrainedPair(first, second, pairs[0].comparison)
    layer = subspaces_value([measured], WORDS)["pairs"][0]["layers"][0]
    rows = {name: numbers for name, *numbers in layer["amplification"]}
    assert rows[WORDS["directions"]] == ["2", "6"]
    factors = [f"{one[layer['path']].factor:.3g}" for one in found]
    assert rows[WORDS["factor"]] == factors
    assert subspaces_value(pairs[:1], WORDS)["pairs"][0]["layers"][0]["amplification"] == []
