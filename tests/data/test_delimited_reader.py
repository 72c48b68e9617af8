"""CSV and TSV: delimiters, quotes, encodings, and rows that do not fit, by their line."""

from __future__ import annotations

import csv
import io
import time

import pytest

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.readers.table import Row, Table, read_table
from lab.errors import DataError


def read(text: str | bytes, name: str = "t.csv", **limits: int) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return read_table(name, data, Limits(**limits))


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(row.values.values()) for row in table.rows if isinstance(row, Row)]


def lines(table: Table, kind: type) -> list[int]:
    return [row.line for row in table.rows if isinstance(row, kind)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_in_the_header(delimiter: str) -> None:
    table = read(f"a{delimiter}b\n1, 2{delimiter}3; 4\n".replace("1, 2", '"1, 2"'))
    assert table.columns == ("a", "b")


def test_tsv_takes_tabs_whatever_the_header_says() -> None:
    assert read("a, or b, or c\td\n1\t2\n", "t.tsv").columns == ("a, or b, or c", "d")


def test_line_of_excel_that_names_the_delimiter() -> None:
    table = read("sep=;\na,x;b\n1;2\n")
    assert table.columns == ("a,x", "b")
    assert lines(table, Row) == [3]


def test_quoted_cells_read_as_the_csv_module_wrote_them() -> None:
    rows = [("plain", "with, comma"), ('say "hi"', "two\nlines"), ("", " blank "), ("ㄱ", "𝄞")]
    file = io.StringIO()
    csv.writer(file).writerows([("a", "b"), *rows])
    assert cells(read(file.getvalue())) == rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_does(end: str) -> None:
    table = read(end.join(["a,b", "1,2", "", '"3', '4",5', "ragged", "6,7\u2028still 7", "8,9,10"]))
    assert lines(table, Row) == [2, 4, 7]
    assert lines(table, RejectedRow) == [6, 8]
    assert table.rows[2].reason == "it has 1 cell, the header has 2"


def test_a_quote_that_is_never_closed_costs_its_row_only() -> None:
    table = read('a,b\n1,2\n3,"4\n' + "".join(f"{i},x\n" for i in range(1_000)))
    assert lines(table, RejectedRow) == [3]
    assert len(lines(table, Row)) == 1_001


def test_in_tsv_a_quote_may_be_just_a_quote() -> None:
    table = read('a\tb\n"Hi" he said\tx\n"open\ty\nclosed"\tz\n"two\nlines"\tw\n', "t.tsv")
    assert cells(table) == [
        ('"Hi" he said', "x"),
        ('"open', "y"),
        ('closed"', "z"),
        ("two\nlines", "w"),
    ]


def test_quotes_that_never_close_on_every_line_take_bounded_time() -> None:
    start = time.process_time()
    with pytest.raises(DataError, match="quotes"):
        read("a,b\n" + 'a","\n' * 90_000)
    assert time.process_time() - start < 10


def test_nul_is_a_reason_and_no_crash() -> None:
    table = read("a,b\n1,2\n3\0,4\n5,6\n")
    assert lines(table, Row) == [2, 4]
    assert table.rows[1] == RejectedRow(3, "it holds a NUL character")


def test_huge_cell_is_rejected_alone() -> None:
    table = read("a,b\n1,2\n3," + "x" * 1_000_000 + "\n5,6\n")
    assert lines(table, Row) == [2, 4]
    assert "longer than" in table.rows[1].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_encodings(encoding: str) -> None:
    table = read("그림,글\n고양이.png,자는 고양이\n".encode(encoding))
    assert table.columns == ("그림", "글")
    assert cells(table) == [("고양이.png", "자는 고양이")]


def test_an_unknown_encoding_says_where_and_how_to_save() -> None:
    with pytest.raises(DataError, match=r"line 3 is not.*save it as 'CSV UTF-8' in Excel"):
        read("a,b\nplain,1\ncafé,2\n".encode("latin-1"))


def test_a_workbook_under_another_name() -> None:
    with pytest.raises(DataError, match="Excel workbook"):
        read(b"PK\x03\x04" + bytes(50))
    with pytest.raises(DataError, match="save it as CSV"):
        read(b"", "pairs.xlsx")


def test_headers() -> None:
    assert read("a,a,,b \n1,2,3,4\n").columns == ("a", "a (2)", "column 3", "b")
    for empty in ("", "\n\n", "\ufeff"):
        with pytest.raises(DataError, match="no header"):
            read(empty)


def test_limits_on_rows_columns_and_lines() -> None:
    with pytest.raises(DataError, match="more than 3 rows"):
        read("a,b\n" + "1,2\n" * 4, rows=3)
    with pytest.raises(DataError, match="more than 2 columns"):
        read("a,b,c\n", columns=2)
    with pytest.raises(DataError, match="far more lines"):
        read("a,b\n" + "\n" * 1_000, rows=10)
