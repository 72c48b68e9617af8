"""Recall@1 by group: by what another column of the upload says of each pair.

Letters: N pairs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lab.analysis.metrics import Estimate
from lab.analysis.retrieval import DIRECTIONS, hits

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset

LARGEST = 50  # groups told apart
NORMAL_95 = 1.959964  # the normal distribution holds 95% within so many deviations


@dataclass(frozen=True)
class Group:
    """One group. before, after: direction -> recall@1 of its pairs among all N answers."""

    label: str
    pairs: int
    before: Mapping[str, Estimate]
    after: Mapping[str, Estimate]


@dataclass(frozen=True)
class GroupTable:
    """The largest groups, the largest first; how many more there are, with how many pairs."""

    groups: tuple[Group, ...]
    other_groups: int
    other_pairs: int


def find_groups(pairs: PairDataset) -> dict[str, tuple[str, ...]]:
    """Column -> (N,) labels, of each further column that groups the pairs.

    It does when it holds at least two labels, and two pairs a label on average.
    """
    columns = {name: None for pair in pairs.pairs for name in pair.extra}
    labels = {name: tuple(pair.extra.get(name, "") for pair in pairs.pairs) for name in columns}
    return {name: found for name, found in labels.items() if 2 <= len(set(found)) <= len(found) / 2}


def recall_by_group(
    ranks_before: Mapping[str, np.ndarray],
    ranks_after: Mapping[str, np.ndarray],
    labels: Sequence[str],
    largest: int = LARGEST,
) -> GroupTable:
    """Recall@1 of the largest groups. ranks: direction -> (N,); labels: (N,)."""
    sizes = Counter(labels).most_common()
    told, others = sizes[:largest], sizes[largest:]
    of_pair = np.array(labels, dtype=object)
    members = {label: np.flatnonzero(of_pair == label) for label, _ in told}
    groups = (
        Group(
            label,
            count,
            _recall(ranks_before, members[label]),
            _recall(ranks_after, members[label]),
        )
        for label, count in told
    )
    return GroupTable(tuple(groups), len(others), sum(count for _, count in others))


def _recall(ranks: Mapping[str, np.ndarray], members: np.ndarray) -> dict[str, Estimate]:
    return {d: estimate_share(int(hits(ranks[d][members]).sum()), len(members)) for d in DIRECTIONS}


def estimate_share(hit: int, count: int) -> Estimate:
    """A share and its 95% score interval (Wilson 1927).

    Groups may be of a few pairs, where a bootstrap fails: three hits of three, drawn again, are
    always three of three. Wilson's says 0.44 to 1.
    """
    share, squared = hit / count, NORMAL_95**2
    middle = share + squared / (2 * count)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / count + squared / (4 * count**2))
    scale = 1 + squared / count
    low, high = (middle - half) / scale, (middle + half) / scale
    return Estimate(share, max(0.0, min(low, share)), min(1.0, max(high, share)))
