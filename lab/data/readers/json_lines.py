"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from typing import Any

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.readers.table import (
    Row,
    Table,
    check_cell_count,
    check_column_count,
    check_row_count,
    decode_text,
    split_lines,
)


def read_json_lines(name: str, data: bytes, limits: Limits) -> Table:
    """The table in a JSON Lines file; its columns are all keys, in the order they appear."""
    rows: list[Row | RejectedRow] = []
    columns: dict[str, None] = {}
    cells = 0
    for line, text in enumerate(split_lines(name, decode_text(name, data), limits), start=1):
        if not text.strip():
            continue
        check_row_count(name, len(rows) + 1, limits)
        row = _row(line, text, limits)
        if isinstance(row, Row):
            cells += len(row.values)
            check_cell_count(name, cells, limits)
            columns.update(dict.fromkeys(row.values))
            check_column_count(name, len(columns), limits)
        rows.append(row)
    return Table(name, tuple(columns), tuple(rows))


def _row(line: int, text: str, limits: Limits) -> Row | RejectedRow:
    if len(text) > limits.line_characters:
        return RejectedRow(line, f"it is longer than {limits.line_characters:,} characters")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return RejectedRow(line, "it is not valid JSON")
    if not isinstance(value, dict):
        return RejectedRow(line, 'it is not an object like {"text": "..."}')
    return Row(line, {_encodable(key): as_text(item) for key, item in value.items()})


def _encodable(key: str) -> str:
    """JSON can spell halves of surrogate pairs, which no page or file can encode."""
    return key.encode("utf-8", "replace").decode()


def as_text(value: Any) -> str:
    """A scalar as text; "" for what is none (null, lists, objects, NaN: a missing number)."""
    if isinstance(value, str):
        return value
    is_nan = value != value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not is_nan:
        return str(value)
    return ""
