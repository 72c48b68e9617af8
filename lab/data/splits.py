"""Train and test, with everything that belongs together on one side."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from lab.data.dataset import PairDataset
from lab.errors import DataError


def split(dataset: PairDataset, seed: int, test_fraction: float) -> tuple[PairDataset, PairDataset]:
    """-> (train, test), both in the dataset's order; the same seed gives the same split.

    Pairs that share a text or a picture, directly or through others, stay on one side, so that
    nothing tested was trained on. The test side comes as close to `test_fraction` as whole
    groups allow, and neither side is empty. Raises DataError when all pairs hang together.
    """
    groups = connected_groups(dataset)
    if len(groups) < 2:
        raise DataError(
            "every pair shares a text or a picture with the next, so none can be held out; "
            "add pairs that stand alone"
        )
    random.Random(seed).shuffle(groups)
    wanted = min(max(1, round(len(dataset) * test_fraction)), len(dataset) - 1)
    held_out = {i for group in choose_groups(groups, wanted) for i in group}
    train = [i for i in range(len(dataset)) if i not in held_out]
    return dataset.subset(train), dataset.subset(sorted(held_out))


def connected_groups(dataset: PairDataset) -> list[list[int]]:
    """Indices of pairs that share an item, transitively; singletons included (union-find).

    A text that stands on side a of one pair and on side b of another joins the two as well.
    """
    parent = list(range(len(dataset)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[str, int] = {}
    for keys in (dataset.a_keys, dataset.b_keys):
        for i, key in enumerate(keys):
            parent[find(i)] = find(first.setdefault(key, i))
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i in range(len(dataset)):
        groups[find(i)].append(i)
    return list(groups.values())


def choose_groups(groups: Sequence[list[int]], wanted: int) -> list[list[int]]:
    """Some of the groups, not all, whose sizes add up as close to `wanted` as any choice can.

    The first that fit, in their order; where those miss, the sizes are chosen by dynamic
    programming (subset sum) and the groups of each size are taken in their order.
    """
    chosen: list[list[int]] = []
    room = wanted
    for group in groups:
        if len(group) <= room:
            chosen.append(group)
            room -= len(group)
    if room == 0:
        return chosen
    counts = _closest_counts(Counter(map(len, groups)), wanted)
    return [group for group in groups if _take(counts, len(group))]


def _take(counts: Counter[int], size: int) -> bool:
    counts[size] -= 1
    return counts[size] >= 0


def _closest_counts(sizes: Counter[int], wanted: int) -> Counter[int]:
    """How many groups of each size add up closest to `wanted`, neither none nor all of them.

    Reachable sums are the bits of an integer, so a step is one shift of a long number.
    """
    total = sum(size * count for size, count in sizes.items())
    parts = list(_binary_parts(sizes))
    reachable = [1]
    for size, count in parts:
        reachable.append(reachable[-1] | reachable[-1] << size * count)
    sums = (i for i in range(1, total) if reachable[-1] >> i & 1)
    left = min(sums, key=lambda i: (abs(i - wanted), i))
    counts: Counter[int] = Counter()
    for (size, count), before in zip(reversed(parts), reversed(reachable[:-1]), strict=True):
        if not before >> left & 1:
            counts[size] += count
            left -= size * count
    return counts


def _binary_parts(sizes: Counter[int]) -> Iterator[tuple[int, int]]:
    """(size, how many) so that some of the parts make up any number of groups of a size."""
    for size, count in sorted(sizes.items()):
        part = 1
        while count > 0:
            yield size, min(part, count)
            count -= part
            part *= 2
