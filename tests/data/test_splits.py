"""The split: groups stay whole, sizes come as close as they can, no side is empty."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.data.splits import choose_groups, connected_groups, split
from lab.errors import DataError


def dataset(rows: list[tuple[str, str]]) -> PairDataset:
    return PairDataset("rows", "text-text", tuple(Pair(a, b, i) for i, (a, b) in enumerate(rows)))


def texts(pairs: PairDataset) -> set[str]:
    return {*pairs.a, *pairs.b}


def test_distinct_pairs_split_exactly_and_stay_in_order() -> None:
    pairs = dataset([(f"a{i}", f"b{i}") for i in range(50)])
    train, test = split(pairs, 0, 0.2)
    assert (len(train), len(test)) == (40, 10)
    assert [pair.line for pair in test.pairs] == sorted(pair.line for pair in test.pairs)
    assert {pair.line for pair in (*train.pairs, *test.pairs)} == set(range(50))


@pytest.mark.parametrize("seed", range(10))
def test_no_text_is_on_both_sides(seed: int) -> None:
    rng = random.Random(seed)
    pairs = dataset([(f"t{rng.randrange(150)}", f"t{rng.randrange(150)}") for _ in range(60)])
    train, test = split(pairs, seed, 0.3)
    assert len(train)
    assert len(test)
    assert not texts(train) & texts(test)


def test_groups_join_through_others_and_across_sides() -> None:
    rows = [("a", "b"), ("c", "d"), ("b", "e"), ("f", "e"), ("x", "  d "), ("y", "z")]
    groups = {frozenset(group) for group in connected_groups(dataset(rows))}
    assert groups == {frozenset({0, 2, 3}), frozenset({1, 4}), frozenset({5})}


def test_seed_decides() -> None:
    pairs = dataset([(f"a{i}", f"b{i}") for i in range(50)])
    assert split(pairs, 1, 0.2)[1].pairs == split(pairs, 1, 0.2)[1].pairs
    assert split(pairs, 1, 0.2)[1].pairs != split(pairs, 2, 0.2)[1].pairs


@pytest.mark.parametrize("seed", range(30))
def test_chosen_sizes_are_as_close_as_the_best_of_all_choices(seed: int) -> None:
    rng = random.Random(seed)
    sizes = [rng.choice((1, 3, 5, 7, 11)) for _ in range(rng.randint(2, 9))]
    groups = [[0] * size for size in sizes]
    wanted = rng.randint(1, sum(sizes) - 1)
    chosen = sum(map(len, choose_groups(groups, wanted)))
    sums = {
        sum(choice)
        for count in range(1, len(sizes))
        for choice in itertools.combinations(sizes, count)
    }
    assert chosen in sums
    assert abs(chosen - wanted) == min(abs(total - wanted) for total in sums)


def test_neither_side_is_ever_empty() -> None:
    pairs = dataset([("a", "b"), ("a", "c"), ("a", "d"), ("x", "y"), ("x", "z"), ("x", "w")])
    for fraction in (0.001, 0.5, 0.999):
        train, test = split(pairs, 0, fraction)
        assert (len(train), len(test)) == (3, 3)


def test_one_group_cannot_be_split() -> None:
    with pytest.raises(DataError, match="add pairs that stand alone"):
        split(dataset([("a", f"b{i}") for i in range(20)]), 0, 0.2)


def test_split_of_many_uneven_groups_is_quick() -> None:
    groups = [[0] * (2 * size) for size in range(1, 300)]  # no choice of them is odd
    start = time.process_time()
    assert sum(map(len, choose_groups(groups, 17_001))) in (17_000, 17_002)
    assert time.process_time() - start < 2
