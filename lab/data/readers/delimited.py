"""CSV and TSV: quoted cells may span lines; a row that does not fit is rejected alone."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.readers.table import Row, Table, check_row_count, decode_text
from lab.errors import DataError

DELIMITERS = (",", "\t", ";", "|")
NUL_SHOWN = "\u2400"  # Python 3.10's csv module stops at a NUL; this sign for it can be reported


def read_delimited(name: str, data: bytes, limits: Limits) -> Table:
    """The table in a CSV or TSV file, the first line being its header.

    The delimiter is a tab for .tsv, else whichever of , tab ; | the header has most of.
    Raises DataError when there is no header.
    """
    # A cell may be as long as the file: the limit on texts is applied to it later, to its row.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    text = decode_text(name, data).replace("\0", NUL_SHOWN)
    lines = list(io.StringIO(text, newline=""))
    delimiter = "\t" if name.lower().endswith(".tsv") else find_delimiter(lines)
    records = _records(lines, delimiter)
    header = next(records, None)
    if header is None or isinstance(header, RejectedRow):
        raise DataError(f"{name!r} holds no header line; its first line must name the columns")
    columns = _name_columns(header[1])
    rows: list[Row | RejectedRow] = []
    for record in records:
        check_row_count(name, len(rows) + 1, limits)
        rows.append(record if isinstance(record, RejectedRow) else _row(record, columns))
    return Table(name, columns, tuple(rows))


def find_delimiter(lines: list[str]) -> str:
    """The candidate that the header has most of; a comma when it has none."""
    header = next((line for line in lines if line.strip()), "")
    outside_quotes = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: outside_quotes.count(delimiter))


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]] | RejectedRow]:
    """(first line of the record, cells); blank lines left out.

    After a broken record reading goes on at the line after its first, so that a quote which is
    never closed costs one row and not the rest of the file.
    """
    start = 0
    while start < len(lines):
        reader = csv.reader(_from(lines, start), delimiter=delimiter, strict=True)
        begin = start
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begin + 1, cells
                begin = start + reader.line_num
            return
        except csv.Error:
            reason = "its quotes do not match; write a quote inside a cell twice"
            yield RejectedRow(begin + 1, reason)
            start = begin + 1


def _from(lines: list[str], start: int) -> Iterator[str]:
    for index in range(start, len(lines)):
        yield lines[index]


def _name_columns(cells: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return tuple(names)


def _row(record: tuple[int, list[str]], columns: tuple[str, ...]) -> Row | RejectedRow:
    line, cells = record
    if len(cells) != len(columns):
        return RejectedRow(line, f"it has {len(cells)} cells, the header has {len(columns)}")
    if any(NUL_SHOWN in cell for cell in cells):
        return RejectedRow(line, "it holds a NUL character")
    return Row(line, dict(zip(columns, cells, strict=True)))
