"""A table as it comes out of any format: rows of texts by column, and rows that are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.errors import DataError

LINES_PER_ROW = 10  # a table may have so many lines for every row that it may have
LINE_END = re.compile("\r\n|\r|\n")  # as a text editor counts; str.splitlines knows many more
NAMES_SHOWN, NAME_CHARACTERS = 20, 60


@dataclass(frozen=True)
class Row:
    """line: as a text editor counts; values: column -> text ("" where there is none)."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """name: of the file; columns: in their order; rows: usable and not, in their order.

    pictures: those inside the table itself (Parquet), by the names that its cells give them.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row | RejectedRow, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


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
    """UTF-8 with or without BOM, UTF-16 with BOM, or CP949 (what Korean Excel writes).

    Raises DataError that says where UTF-8 breaks off and how to save the file.
    """
    if data[:4] == b"PK\x03\x04":
        raise DataError(
            f"{name!r} is a ZIP or an Excel workbook under another name; save it as "
            "'CSV UTF-8', or give a ZIP its suffix .zip"
        )
    marks_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marks_utf16 else ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        f"{name!r} is neither UTF-8 nor CP949 (line {_line_of_bad_utf8(data)} is not); save it as "
        "'CSV UTF-8' in Excel, or with the encoding UTF-8 in a text editor"
    )


def _line_of_bad_utf8(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return 1 + len(LINE_END.findall(data[: error.start].decode()))
    return 1


def split_lines(name: str, text: str, limits: Limits) -> list[str]:
    """Lines as a text editor shows them, without their ends; DataError when far too many."""
    if text.count("\n") + text.count("\r") > 2 * LINES_PER_ROW * limits.rows:
        raise DataError(f"{name!r} holds far more lines than rows can need; upload a part of it")
    return LINE_END.split(text)


def check_row_count(name: str, rows: int, limits: Limits) -> None:
    """Raise DataError when a table holds more rows than the limit."""
    if rows > limits.rows:
        raise DataError(f"{name!r} holds more than {limits.rows:,} rows; upload a part of it")


def check_column_count(name: str, columns: int, limits: Limits) -> None:
    """Raise DataError when a table holds more columns than the limit."""
    if columns > limits.columns:
        raise DataError(
            f"{name!r} holds more than {limits.columns:,} columns; keep the two of the pair"
        )


def check_cell_count(name: str, cells: int, limits: Limits) -> None:
    """Raise DataError when a table holds more cells than the limit: empty ones need memory too."""
    if cells > limits.cells:
        raise DataError(
            f"{name!r} holds more than {limits.cells:,} cells; keep the two columns of the pair"
        )


def cut(text: str, characters: int) -> str:
    """At most so many characters of a text."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def shorten(text: str) -> str:
    """A name from an upload as a message may show it: short, on one line, in reading order."""
    return "".join(map(_show, cut(text, NAME_CHARACTERS)))


def _show(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"


def list_names(names: Iterable[str]) -> str:
    """Some names from an upload, for a message."""
    names = list(names)
    shown = ", ".join(shorten(name) for name in names[:NAMES_SHOWN])
    return shown + (", …" if len(names) > NAMES_SHOWN else "")
