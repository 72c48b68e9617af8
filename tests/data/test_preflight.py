"""Findings: what stands out is found, ordered by weight, and nothing is found in good pairs."""

from __future__ import annotations

import pytest

from lab.data.dataset import PairDataset, RejectedRow
from lab.data.pair import Pair
from lab.data.preflight import find_findings


def dataset(rows: list[tuple[str, str]], rejected: int = 0) -> PairDataset:
    pairs = tuple(Pair(a, b, i) for i, (a, b) in enumerate(rows, start=2))
    left_out = tuple(RejectedRow(i + 2, "its ko is empty") for i in range(rejected))
    return PairDataset("rows", "text-text", pairs, left_out)


GOOD = [(f"a{i}", f"b{i}") for i in range(200)]


def levels(pairs: PairDataset, **settings: int) -> list[str]:
    found = find_findings(pairs, **{"batch_size": 32, "r": 8, **settings})
    assert all(finding.title and finding.way_out for finding in found)
    return [finding.level for finding in found]


def test_good_pairs_give_no_finding() -> None:
    assert levels(dataset(GOOD), smallest_side=8, train_pairs=160) == []


@pytest.mark.parametrize(
    ("pairs", "settings", "level", "words"),
    [
        (dataset(GOOD), {"r": 64, "smallest_side": 48}, "error", "smaller side (48)"),
        (dataset(GOOD), {"batch_size": 201}, "warning", "(201) is larger"),
        (dataset(GOOD), {"batch_size": 161, "train_pairs": 160}, "warning", "pairs (160)"),
        (dataset(GOOD[:99]), {}, "warning", "Only 99 pairs"),
        (dataset([*GOOD, ("a0", "c")]), {}, "note", "1 pair repeats"),
        (dataset([*GOOD, ("x", "x")]), {}, "warning", "the same text on both sides"),
        (dataset(GOOD, rejected=3), {}, "note", "3 rows were left out"),
        (dataset(GOOD, rejected=40), {}, "warning", "40 rows were left out"),
    ],
)
def test_one_finding_each(pairs, settings, level: str, words: str) -> None:
    (finding,) = find_findings(pairs, **{"batch_size": 32, "r": 8, **settings})
    assert finding.level == level
    assert words in finding.title


def test_one_caption_for_most_pictures_is_a_warning() -> None:
    rows = [(f"a{i}", "a photo" if i < 150 else f"b{i}") for i in range(200)]
    assert levels(dataset(rows)) == ["warning", "note"]


def test_errors_come_first() -> None:
    pairs = dataset([*GOOD[:50], ("a0", "c")], rejected=1)
    assert levels(pairs, r=64, smallest_side=48, batch_size=500) == [
        "error",
        "warning",
        "warning",
        "note",
        "note",
    ]
