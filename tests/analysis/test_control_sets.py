"""Pairs that a run never saw: the bundled ones, and any others."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.analysis.control_sets import (
    CONTROL_SETS,
    default_control,
    leave_out_seen,
    load_control,
)
from lab.data import load_pairs
from lab.data.bundled import BUNDLED_PAIRS
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.errors import DataError


def _pairs(count: int) -> PairDataset:
    pairs = (Pair(f"{i} one", f"{i} other", i) for i in range(count))
    return PairDataset("numbers", "text-text", tuple(pairs))


@pytest.mark.parametrize("row", CONTROL_SETS, ids=lambda row: row.name)
def test_no_bundled_pairs_share_an_item_with_a_control_set(row):
    assert default_control(row.kind) == row
    control = load_control(row.name)
    assert (control.name, control.kind, len(control)) == (row.name, row.kind, 256)
    for bundled in BUNDLED_PAIRS:
        if bundled.kind == row.kind:
            assert len(leave_out_seen(control, load_pairs(bundled.name))) == 256


def test_any_pairs_may_be_a_control_set(tmp_path: Path):
    file = tmp_path / "mine.csv"
    rows = [f"first {i},second {i}" for i in range(20)]
    file.write_text("\n".join(["sentence1,sentence2", *rows]) + "\n", encoding="utf-8")
    seen = PairDataset("run", "text-text", (Pair("second  3", "new", 2), Pair("first 9", "x", 3)))
    control = load_control(str(file), seen, "text-text")
    assert [pair.line for pair in control.pairs] == [i + 2 for i in range(20) if i not in (3, 9)]


def test_a_control_set_of_another_kind_is_refused():
    with pytest.raises(DataError, match="choose a control set such as shapes-en"):
        load_control("captions-en", kind="image-text")


def test_a_control_set_that_the_run_saw_is_refused():
    with pytest.raises(DataError, match="of the 30 pairs of 'numbers' only 7 share nothing"):
        leave_out_seen(_pairs(30), _pairs(23))
