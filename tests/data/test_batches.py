"""Batches: every pair once an epoch, nothing twice in a batch, the same seed the same batches."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest

from lab.data.batches import pair_lengths, unique_batches
from lab.data.dataset import PairDataset
from lab.data.pair import Pair, Picture


def deal(a_keys, b_keys, batch_size: int, seed: int = 0, lengths=None) -> list[list[int]]:
    return list(unique_batches(a_keys, b_keys, batch_size, np.random.default_rng(seed), lengths))


def random_lengths(count: int) -> np.ndarray:
    return np.random.default_rng(1).geometric(0.02, count)


def padding(batches: list[list[int]], lengths: np.ndarray) -> float:
    """Share of the places in all batches that hold no text."""
    places = sum(len(batch) * lengths[batch].max() for batch in batches)
    return 1 - sum(lengths[batch].sum() for batch in batches) / places


def test_without_repeats_batches_are_the_shuffled_pairs_cut_up() -> None:
    keys = [f"k{i}" for i in range(130)]
    batches = deal(keys, [f"t{i}" for i in range(130)], 32)
    shuffled = np.random.default_rng(0).permutation(130).tolist()
    assert batches == [shuffled[i : i + 32] for i in range(0, 130, 32)]


@pytest.mark.parametrize("by_length", [False, True])
@pytest.mark.parametrize("items", [3, 20, 150])
def test_every_pair_once_and_nothing_twice_in_a_batch(items: int, by_length: bool) -> None:
    rng = np.random.default_rng(items)
    a_keys = [f"k{i}" for i in rng.integers(0, items, 600)]
    b_keys = [f"k{i}" for i in rng.integers(0, items, 600)]  # the same texts on either side
    batches = deal(a_keys, b_keys, 16, lengths=random_lengths(600) if by_length else None)
    dealt = Counter(i for batch in batches for i in batch)
    assert max(dealt.values()) == 1
    for batch in batches:
        assert 1 < len(batch) <= 16
        shared = Counter(key for i in batch for key in {a_keys[i], b_keys[i]})
        assert max(shared.values()) == 1


def test_captions_of_one_picture_are_spread_over_full_batches() -> None:
    a_keys = [f"picture {i // 5}" for i in range(2_000)]
    batches = deal(a_keys, [f"t{i}" for i in range(2_000)], 64)
    assert sum(map(len, batches)) >= 1_999
    assert [len(batch) for batch in batches[:25]] == [64] * 25


def test_batches_of_one_are_left_out() -> None:
    assert deal(["same"] * 9, [f"t{i}" for i in range(9)], 4) == []
    assert [len(batch) for batch in deal("abcde", "vwxyz", 4)] == [4]


def test_seed_decides() -> None:
    keys = [f"k{i}" for i in range(100)]
    others = [f"t{i}" for i in range(100)]
    assert deal(keys, others, 8, seed=1) == deal(keys, others, 8, seed=1)
    assert deal(keys, others, 8, seed=1) != deal(keys, others, 8, seed=2)


def test_batches_of_like_length_pad_little_and_hold_every_pair() -> None:
    keys, others = [f"k{i}" for i in range(2_000)], [f"t{i}" for i in range(2_000)]
    lengths = random_lengths(2_000)
    batches = deal(keys, others, 32, lengths=lengths)
    assert sorted(i for batch in batches for i in batch) == list(range(2_000))
    assert padding(batches, lengths) < 0.5 * padding(deal(keys, others, 32), lengths)


def test_batches_of_like_length_stay_shuffled() -> None:
    keys, others = [f"k{i}" for i in range(2_000)], [f"t{i}" for i in range(2_000)]
    lengths = random_lengths(2_000)
    generator = np.random.default_rng(0)
    epochs = [list(unique_batches(keys, others, 32, generator, lengths)) for _ in range(2)]
    partners = [{i: {*batch} for batch in epoch for i in batch} for epoch in epochs]
    again = np.mean([len(partners[0][i] & partners[1][i]) - 1 for i in range(2_000)])
    assert again < 0.25 * 31  # a pair meets other negatives each epoch
    means = [lengths[batch].mean() for batch in epochs[0]]
    assert abs(np.corrcoef(means, range(len(means)))[0, 1]) < 0.3  # no order of lengths
    assert deal(keys, others, 32, 7, lengths) == deal(keys, others, 32, 7, lengths)
    assert deal(keys, others, 32, 7, lengths) != deal(keys, others, 32, 8, lengths)


def test_pair_is_as_long_as_its_texts() -> None:
    picture = Picture("p.png", "key", source=None, member="")
    pairs = PairDataset("p", "image-text", (Pair(picture, "abc", 2), Pair("ab", "abcd", 3)))
    assert pair_lengths(pairs).tolist() == [3, 6]


@pytest.mark.parametrize("by_length", [False, True])
@pytest.mark.parametrize("repeats", [1, 5, 50_000])
def test_time_is_linear_however_often_a_key_repeats(repeats: int, by_length: bool) -> None:
    a_keys = [f"k{i // repeats}" for i in range(50_000)]
    b_keys = [f"t{i}" for i in range(50_000)]
    start = time.process_time()
    deal(a_keys, b_keys, 64, lengths=random_lengths(50_000) if by_length else None)
    assert time.process_time() - start < 2
