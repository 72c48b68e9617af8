"""Recall by group: which columns group the pairs, and each group's share with its interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lab.analysis.groups import estimate_share, find_groups, recall_by_group
from lab.data.dataset import PairDataset
from lab.data.pair import Pair

LABELS = ["cat"] * 5 + ["dog"] * 3 + ["owl"] * 2


@pytest.fixture
def ranks() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    draw = np.random.default_rng(0)
    before, after = (
        {d: draw.integers(1, 4, size=10) for d in ("a_to_b", "b_to_a")} for _ in range(2)
    )
    return before, after


def test_each_group_has_its_own_pairs_recall_largest_first(ranks) -> None:
    before, after = ranks
    shuffled = np.random.default_rng(1).permutation(10)
    labels = [LABELS[i] for i in shuffled]
    table = recall_by_group(before, after, labels)
    assert [(group.label, group.pairs) for group in table.groups] == [
        ("cat", 5),
        ("dog", 3),
        ("owl", 2),
    ]
    assert (table.other_groups, table.other_pairs) == (0, 0)
    for group in table.groups:
        members = np.array(labels) == group.label
        for d in ("a_to_b", "b_to_a"):
            assert group.before[d].value == (before[d][members] == 1).mean()
            assert group.after[d].value == (after[d][members] == 1).mean()


def test_groups_beyond_the_largest_are_counted_together(ranks) -> None:
    table = recall_by_group(*ranks, LABELS, largest=1)
    assert [group.label for group in table.groups] == ["cat"]
    assert (table.other_groups, table.other_pairs) == (2, 5)


@pytest.mark.parametrize(("hit", "count"), [(0, 1), (1, 1), (3, 3), (2, 9), (70, 100), (0, 50)])
def test_the_interval_of_a_share_is_scipys_wilson(hit: int, count: int) -> None:
    found = estimate_share(hit, count)
    expected = stats.binomtest(hit, count).proportion_ci(0.95, "wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert found.low <= found.value == hit / count <= found.high


def test_a_column_groups_when_it_holds_a_few_labels_for_many_pairs() -> None:
    rows = [
        Pair(f"a {i}", f"b {i}", line=i, extra={"animal": label, "id": str(i), "set": "one"})
        for i, label in enumerate(LABELS)
    ]
    dataset = PairDataset("animals", "text-text", tuple(rows))
    assert find_groups(dataset) == {"animal": tuple(LABELS)}


def test_what_a_row_leaves_empty_is_a_group_too() -> None:
    extras = [{"animal": "cat"}, {"animal": "cat"}, {}, {}]
    rows = tuple(Pair(f"a {i}", f"b {i}", i, extra) for i, extra in enumerate(extras))
    assert find_groups(PairDataset("animals", "text-text", rows)) == {
        "animal": ("cat", "cat", "", "")
    }
