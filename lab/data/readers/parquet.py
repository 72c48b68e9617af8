"""Parquet, through pyarrow; its rows are numbered from 1, since it has no lines.

Images may be named in a column of texts, or stand in the table: as bytes, or in the layout of
Hugging Face's datasets, a struct of bytes and path. A table is read a few rows at a time and
counted, since a few bytes of dictionary-encoded Parquet may mean any number of long texts.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.readers.json_lines import as_text
from lab.data.readers.table import Row, Table, check_cell_count, check_column_count, check_row_count
from lab.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

ROWS_AT_ONCE = 256


def read_parquet(name: str, data: bytes, limits: Limits) -> Table:
    """The table in a Parquet file. Raises DataError when it is broken or unpacks to too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_metadata(io.BytesIO(data))
        columns = tuple(dict.fromkeys(metadata.schema.to_arrow_schema().names))
        # Columns stored as a dictionary stay so: as plain texts they may be any number of times
        # larger than the file.
        file = pq.ParquetFile(io.BytesIO(data), read_dictionary=_text_leaves(metadata))
        check_row_count(name, metadata.num_rows, limits)
        check_column_count(name, len(columns), limits)
        check_cell_count(name, metadata.num_rows * len(columns), limits)
        _check_claimed(name, metadata, limits)
        rows = _Rows(name, limits)
        for batch in file.iter_batches(ROWS_AT_ONCE):
            rows.add(batch)
    except (pa.ArrowException, OSError, ValueError):
        raise DataError(f"{name!r} is not a whole Parquet file; write it again") from None
    return Table(name, columns, tuple(rows.rows), rows.pictures)


def _text_leaves(metadata: pq.FileMetaData) -> list[str]:
    """Paths of the columns, or fields of structs, that hold texts or bytes, one a row."""
    leaves = map(metadata.schema.column, range(len(metadata.schema)))
    return [
        leaf.path
        for leaf in leaves
        if leaf.physical_type == "BYTE_ARRAY" and leaf.max_repetition_level == 0
    ]


def _check_claimed(name: str, metadata: pq.FileMetaData, limits: Limits) -> None:
    groups = (metadata.row_group(index) for index in range(metadata.num_row_groups))
    most = limits.table_bytes + limits.embedded_bytes
    if sum(group.total_byte_size for group in groups) > most:
        raise DataError(f"{name!r} unpacks to more than {most >> 20} MB; upload a part of it")


class _Rows:
    """Rows as they are read, and the pictures in them, both counted."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._text_bytes = self._picture_bytes = 0
        self.rows: list[Row | RejectedRow] = []
        self.pictures: dict[str, bytes] = {}

    def add(self, batch: pa.RecordBatch) -> None:
        """Take over a batch's rows."""
        cells = {
            str(name): _values(column)
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        for index in range(batch.num_rows):
            number = len(self.rows) + 1
            try:
                values = {name: self._text(column[index], number) for name, column in cells.items()}
                self.rows.append(Row(number, values))
            except UnicodeDecodeError:
                self.rows.append(RejectedRow(number, "a text of it is not UTF-8"))

    def _text(self, value: Any, number: int) -> str:
        if isinstance(value, dict):
            path = self._text(value["path"], number)
            picture = value["bytes"]
            return self._keep(picture, path, number) if isinstance(picture, bytes) else path
        if isinstance(value, _Text):
            self._text_bytes += len(value)
            self._check(self._text_bytes, self._limits.table_bytes, "texts")
            return value.decode()
        if isinstance(value, bytes):
            # Some writers leave texts unmarked; no picture's bytes are valid UTF-8.
            is_text = is_utf8(value)
            return self._text(_Text(value), number) if is_text else self._keep(value, "", number)
        return as_text(value)

    def _keep(self, picture: bytes, path: str, number: int) -> str:
        """Keep a picture's bytes under a name of its own; -> that name."""
        name = path if path and path not in self.pictures else f"{path or 'image'} (row {number})"
        self.pictures[name] = picture
        self._picture_bytes += len(picture)
        self._check(self._picture_bytes, self._limits.embedded_bytes, "pictures")
        return name

    def _check(self, size: int, limit: int, what: str) -> None:
        if size > limit:
            raise DataError(
                f"{self._name!r} unpacks to more than {limit >> 20} MB of {what}; "
                "upload a part of it, or pack pictures as files into a ZIP"
            )


def is_utf8(data: bytes) -> bool:
    """Whether bytes are a text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Text(bytes):
    """UTF-8 that is not decoded yet, so that a broken one spoils its row and no other."""


def _values(column: pa.Array) -> list[Any]:
    """Cells as Python values; texts as `_Text`."""
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_dictionary(column.type):
        used = column.indices.drop_null().unique()
        by_index = dict(zip(used.to_pylist(), _values(column.dictionary.take(used)), strict=True))
        return [by_index.get(index) for index in column.indices.to_pylist()]
    if kinds.is_string(column.type) or kinds.is_large_string(column.type):
        cells = column.cast(pa.large_binary()).to_pylist()
        return [None if cell is None else _Text(cell) for cell in cells]
    if _is_picture(column.type):
        parts = dict(zip((field.name for field in column.type), column.flatten(), strict=True))
        cells = zip(_values(parts["bytes"]), _values(parts["path"]), strict=True)
        return [{"bytes": picture, "path": path} for picture, path in cells]
    readable = kinds.is_integer, kinds.is_floating, kinds.is_binary, kinds.is_large_binary
    if any(is_kind(column.type) for is_kind in readable):
        return column.to_pylist()
    return [None] * len(column)


def _is_picture(kind: pa.DataType) -> bool:
    """Whether it is a picture in the layout of datasets; structs within it are none."""
    import pyarrow.types as kinds

    if not kinds.is_struct(kind):
        return False
    fields = {field.name: field.type for field in kind}
    return {"bytes", "path"} <= fields.keys() and not any(map(kinds.is_nested, fields.values()))
