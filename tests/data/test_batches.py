"""Batches: every pair once an epoch, nothing twice in a batch, the same seed the same batches."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest

from lab.data.batches import unique_batches


def deal(a_keys, b_keys, batch_size: int, seed: int = 0) -> list[list[int]]:
    return list(unique_batches(a_keys, b_keys, batch_size, np.random.default_rng(seed)))


def test_without_repeats_batches_are_the_shuffled_pairs_cut_up() -> None:
    keys = [f"k{i}" for i in range(130)]
    batches = deal(keys, [f"t{i}" for i in range(130)], 32)
    shuffled = np.random.default_rng(0).permutation(130).tolist()
    assert batches == [shuffled[i : i + 32] for i in range(0, 130, 32)]


@pytest.mark.parametrize("items", [3, 20, 150])
def test_every_pair_once_and_nothing_twice_in_a_batch(items: int) -> None:
    rng = np.random.default_rng(items)
    a_keys = [f"k{i}" for i in rng.integers(0, items, 600)]
    b_keys = [f"k{i}" for i in rng.integers(0, items, 600)]  # the same texts on either side
    batches = deal(a_keys, b_keys, 16)
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


@pytest.mark.parametrize("repeats", [1, 5, 50_000])
def test_time_is_linear_however_often_a_key_repeats(repeats: int) -> None:
    a_keys = [f"k{i // repeats}" for i in range(50_000)]
    b_keys = [f"t{i}" for i in range(50_000)]
    start = time.process_time()
    deal(a_keys, b_keys, 64)
    assert time.process_time() - start < 2
