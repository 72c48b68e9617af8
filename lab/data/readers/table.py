"""A table as it comes out of any format: rows of texts by column, and rows that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.errors import DataError


@dataclass(frozen=True)
class Row:
    """line: as a text editor counts; values: column -> text ("" where there is none)."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """name: of the file; columns: in their order; rows: usable and not, in their order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row | RejectedRow, ...]


def read_table(name: str, data: bytes, limits: Limits) -> Table:
    """The table that a file of this name holds, by its suffix.

    Raises DataError for a suffix, an encoding or a layout that cannot be read.
    """
    suffix = "." + name.rpartition(".")[2].lower()
    if suffix not in TABLE_SUFFIXES:
        raise DataError(
            f"{name!r} is no table that can be read; save it as CSV, TSV, JSON Lines or Parquet "
            "(UTF-8), or pack it with its images into a ZIP"
        )
    return _reader(suffix)(name, data, limits)


TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")


def _reader(suffix: str) -> Callable[[str, bytes, Limits], Table]:
    if suffix == ".parquet":
        from lab.data.readers.parquet import read_parquet

        return read_parquet
    if suffix in (".jsonl", ".ndjson"):
        from lab.data.readers.json_lines import read_json_lines

        return read_json_lines
    from lab.data.readers.delimited import read_delimited

    return read_delimited


def decode_text(name: str, data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, or CP949 (what Korean Excel writes)."""
    marks_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marks_utf16 else ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(f"{name!r} is neither UTF-8 nor CP949; save it as UTF-8 and upload it again")


def number_lines(text: str) -> Iterator[tuple[int, str]]:
    """(line number from 1, line) as a text editor shows them, blank lines left out."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line.strip():
            yield number, line


def check_row_count(name: str, rows: int, limits: Limits) -> None:
    """Raise DataError when a table holds more rows than the limit."""
    if rows > limits.rows:
        raise DataError(f"{name!r} holds more than {limits.rows:,} rows; upload a part of it")
