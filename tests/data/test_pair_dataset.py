"""PairDataset: what makes items the same, what the digest sees, and what a subset keeps."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from lab.data.dataset import PairDataset, RejectedRow
from lab.data.pair import Pair

PAIRS = tuple(Pair(a, b, line) for line, (a, b) in enumerate(["ab", "cd", "ax", "eb", "bf"], 2))


def make(pairs: tuple[Pair, ...]) -> PairDataset:
    return PairDataset("rows", "text-text", pairs, (RejectedRow(9, "empty"),))


def test_duplicates_count_pairs_with_an_item_seen_before_on_either_side() -> None:
    assert make(PAIRS).duplicates == 3
    assert make(PAIRS[:2]).duplicates == 0


def test_white_space_does_not_make_texts_differ() -> None:
    dataset = make((Pair("a  b", "c", 2), Pair(" a b\n", "d", 3)))
    assert dataset.a_keys[0] == dataset.a_keys[1]
    assert dataset.duplicates == 1


def test_digest_sees_content_and_order_only() -> None:
    dataset = make(PAIRS)
    renamed = replace(dataset, name="other", pairs=tuple(replace(p, line=0) for p in PAIRS))
    assert renamed.digest == dataset.digest
    assert make(PAIRS[::-1]).digest != dataset.digest
    assert replace(dataset, kind="image-text").digest != dataset.digest


def test_subset_keeps_order_asked_for_and_no_rejected_rows() -> None:
    subset = make(PAIRS).subset([3, 1])
    assert subset.pairs == (PAIRS[3], PAIRS[1])
    assert subset.a == ("e", "c")
    assert subset.b == ("b", "d")
    assert subset.rejected == ()


def test_data_knows_no_model_library() -> None:
    heavy = "{'torch', 'transformers', 'pyarrow'}"
    check = f"import sys, lab.data; sys.exit(bool({heavy} & {{*sys.modules}}))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
