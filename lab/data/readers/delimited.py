"""CSV and TSV: quoted cells may span lines; a row that does not fit is rejected alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator

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
from lab.errors import DataError

DELIMITERS = (",", "\t", ";", "|")
RECORD_LINES = 500  # a quoted cell may span so many; one that is never closed costs no more
RETRIED_SHARE = 20  # lines read again after broken quotes, over lines of the file
NUL_STAND_IN = "\ufdd0"  # no character of any text; Python 3.10's csv module stops at a NUL

Record = tuple[int, list[str]]  # first line, cells


def read_delimited(name: str, data: bytes, limits: Limits) -> Table:
    """The table in a CSV or TSV file, the first line being its header.

    The delimiter is a tab for .tsv, else whichever of , tab ; | the header has most of, or what
    Excel's "sep=" line says. Raises DataError when there is no header.
    """
    lines = split_lines(name, decode_text(name, data).replace("\0", NUL_STAND_IN), limits)
    delimiter = "\t" if name.lower().endswith(".tsv") else find_delimiter(lines)
    records = _records(name, lines, delimiter, limits)
    header = next(records, None)
    if isinstance(header, tuple) and header[1][0].startswith("sep="):
        header = next(records, None)
    if header is None or isinstance(header, RejectedRow):
        raise DataError(f"{name!r} holds no header line; its first line must name the columns")
    check_column_count(name, len(header[1]), limits)
    columns = _name_columns(header[1])
    rows: list[Row | RejectedRow] = []
    for record in records:
        check_row_count(name, len(rows) + 1, limits)
        check_cell_count(name, (len(rows) + 1) * len(columns), limits)
        rows.append(record if isinstance(record, RejectedRow) else _row(record, columns))
    return Table(name, columns, tuple(rows))


def find_delimiter(lines: list[str]) -> str:
    """The candidate that the header has most of; a comma when it has none."""
    header = next((line for line in lines if line.strip()), "")
    if header.startswith("sep=") and header[4:] in DELIMITERS:
        return header[4:]
    outside_quotes = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: outside_quotes.count(delimiter))


def _records(
    name: str, lines: list[str], delimiter: str, limits: Limits
) -> Iterator[Record | RejectedRow]:
    """Records in their order, blank ones left out.

    After a broken record reading goes on at the line after its first, so that a quote which is
    never closed costs one row and not the rest of the file.
    """
    start = retried = 0
    while start < len(lines):
        if len(lines[start]) > limits.line_characters:
            start += 1
            yield RejectedRow(start, f"it is longer than {limits.line_characters:,} characters")
            continue
        some = _some(lines, start, limits.line_characters)
        reader = csv.reader(some, delimiter=delimiter, strict=True)
        try:
            cells, used = next(reader), reader.line_num
            if used > 1 and delimiter == "\t" and any("\t" in cell for cell in cells):
                raise csv.Error("a quote that opens no cell has swallowed other lines")
            if any(cell.strip() for cell in cells):
                yield start + 1, cells
        except csv.Error as error:
            used, retried = 1, retried + reader.line_num
            yield _mend(start + 1, lines[start], delimiter, error)
        if retried > RETRIED_SHARE * len(lines) + RECORD_LINES:
            raise DataError(
                f"the quotes in {name!r} do not match in too many lines, line {start + 1} the "
                "last; write a quote inside a cell twice"
            )
        start += used


def _some(lines: list[str], start: int, characters: int) -> Iterator[str]:
    """The lines that a record may take: so many, of so many characters together."""
    for line in lines[start : start + RECORD_LINES]:
        characters -= len(line)
        if characters < 0:
            return
        yield line + "\n"


def _mend(line: int, text: str, delimiter: str, error: csv.Error) -> Record | RejectedRow:
    """In TSV a quote is often just a quote, so a line that breaks as quoted is taken as it is."""
    if "field limit" in str(error):
        return RejectedRow(line, f"a cell is longer than {csv.field_size_limit():,} characters")
    if delimiter == "\t" and text.count("\t"):
        return line, text.split("\t")
    return RejectedRow(line, "its quotes do not match; write a quote inside a cell twice")


def _name_columns(cells: list[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for position, cell in enumerate(cells, start=1):
        name = cell.replace(NUL_STAND_IN, "").strip() or f"column {position}"
        while name in names:
            name = f"{name} ({position})"
        names[name] = None
    return tuple(names)


def _row(record: Record, columns: tuple[str, ...]) -> Row | RejectedRow:
    line, cells = record
    if len(cells) != len(columns):
        found = f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'}"
        return RejectedRow(line, f"it has {found}, the header has {len(columns)}")
    if any(NUL_STAND_IN in cell for cell in cells):
        return RejectedRow(line, "it holds a NUL character")
    return Row(line, dict(zip(columns, cells, strict=True)))
