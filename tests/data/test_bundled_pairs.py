"""The one door to pairs: a bundled name or a path, with the columns that suit it."""

from __future__ import annotations

from pathlib import Path

import pytest
from upload_files import csv_text, text_rows

from lab.data import BUNDLED_PAIRS, load_pairs
from lab.errors import DataError


@pytest.mark.parametrize("row", BUNDLED_PAIRS, ids=lambda row: row.name)
def test_bundled_pairs_read_whole_with_their_columns(row) -> None:
    dataset = load_pairs(row.name)
    assert (dataset.name, dataset.kind) == (row.name, row.kind)
    assert dataset.columns[:2] == (row.a_column, row.b_column)
    assert len(dataset) > 1_000
    assert dataset.rejected == ()


def test_other_columns_of_bundled_pairs() -> None:
    assert load_pairs("captions-en-ko", "ko", "en").columns == ("ko", "en")
    assert load_pairs("shapes-ko", b_column="en").side_names == ("image", "text")


def test_a_path(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(csv_text(text_rows()), "utf-8")
    assert load_pairs(str(tmp_path / "mine.csv")).name == "mine.csv"


def test_an_unknown_name_lists_the_bundled_ones() -> None:
    with pytest.raises(DataError, match="shapes-ko, emoji-ko, captions-en-ko"):
        load_pairs("no-such-pairs")
