"""JSON Lines: objects become rows, everything else a reason."""

from __future__ import annotations

import json

import pytest

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.readers.table import Row, read_table
from lab.errors import DataError


def read(text: str | bytes, **limits: int):
    data = text.encode() if isinstance(text, str) else text
    return read_table("t.jsonl", data, Limits(**limits))


def test_columns_are_all_keys_in_their_order() -> None:
    table = read('{"a": "x", "b": 1}\n\n{"c": 2.5, "a": "한\\n글"}\n')
    assert table.columns == ("a", "b", "c")
    assert table.rows == (Row(1, {"a": "x", "b": "1"}), Row(3, {"c": "2.5", "a": "한\n글"}))


def test_what_is_no_text_is_empty() -> None:
    (row,) = read('{"a": null, "b": [1], "c": {"d": 1}, "e": true}').rows
    assert set(row.values.values()) == {""}


@pytest.mark.parametrize(
    "line",
    ["{", "[1, 2]", '"text"', "3", "{'a': 1}", "[" * 100_000, '{"a": ' + "9" * 5_000 + "}x", "\0"],
)
def test_bad_lines_are_rejected_alone(line: str) -> None:
    table = read(f'{{"a": "x"}}\n{line}\n{{"a": "y"}}')
    assert [row.line for row in table.rows] == [1, 2, 3]
    assert isinstance(table.rows[1], RejectedRow)


def test_line_separators_inside_a_text_end_no_line() -> None:
    line = json.dumps({"a": "one\u2028still one\u0085"}, ensure_ascii=False)
    assert [row.line for row in read(f"{line}\n{line}").rows] == [1, 2]


def test_encodings() -> None:
    for encoding in ("utf-8-sig", "cp949"):
        assert read('{"글": "고양이"}'.encode(encoding)).rows[0].values == {"글": "고양이"}


def test_limits() -> None:
    with pytest.raises(DataError, match="more than 2 rows"):
        read('{"a": "x"}\n' * 3, rows=2)
    with pytest.raises(DataError, match="more than 2 columns"):
        read('{"a": 1}\n{"b": 1}\n{"c": 1}\n', columns=2)
