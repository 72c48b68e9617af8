"""Train and test, with everything that belongs together on one side."""

from __future__ import annotations

import random
from collections import defaultdict

from lab.data.dataset import PairDataset
from lab.errors import DataError


def split(dataset: PairDataset, seed: int, test_fraction: float) -> tuple[PairDataset, PairDataset]:
    """-> (train, test), both in the dataset's order; the same seed gives the same split.

    Pairs that share a text or a picture, directly or through others, stay on one side, so that
    nothing tested was trained on. The test side comes as close to `test_fraction` as whole
    groups allow. Raises DataError when all pairs hang together.
    """
    groups = connected_groups(dataset)
    if len(groups) < 2:
        raise DataError(
            "every pair shares a text or a picture with the next, so none can be held out; "
            "add pairs that stand alone"
        )
    random.Random(seed).shuffle(groups)
    wanted = max(1, round(len(dataset) * test_fraction))
    test: list[int] = []
    for group in groups:
        if len(test) + len(group) <= wanted:
            test += group
    if not test:
        test = list(min(groups, key=len))
    held_out = set(test)
    train = [i for i in range(len(dataset)) if i not in held_out]
    return dataset.subset(train), dataset.subset(sorted(test))


def connected_groups(dataset: PairDataset) -> list[list[int]]:
    """Indices of pairs that share an item, transitively; singletons included (union-find)."""
    parent = list(range(len(dataset)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for keys in (dataset.a_keys, dataset.b_keys):
        first: dict[str, int] = {}
        for i, key in enumerate(keys):
            parent[find(i)] = find(first.setdefault(key, i))
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i in range(len(dataset)):
        groups[find(i)].append(i)
    return list(groups.values())
