"""CSV, TSV and JSON Lines that break parsers, fill memory, or mean something elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.data import PairDataset
from tests.data.upload_files import caption_table, csv_text, picture_members, text_rows, write_zip
from tests.hostile.cases import upload

NAMES = [f"{i}.png" for i in range(10)]


def table(folder: Path, more: str = "", name: str = "t.csv", encoding: str = "utf-8") -> Path:
    """Ten pairs, and what comes after them."""
    (folder / name).write_bytes((csv_text(text_rows()) + more).encode(encoding))
    return folder / name


def last(pairs: PairDataset) -> str:
    """The last pair's texts."""
    return f"{pairs.pairs[-1].a!r}, {pairs.pairs[-1].b!r}"


def pictures(folder: Path, names: Sequence[str]) -> Path:
    """Ten good rows, and rows that name these."""
    members = {**picture_members(), "t.csv": caption_table([*NAMES, *names])}
    return write_zip(folder / "u.zip", members)


@upload("Table", "quotes, commas and line breaks within quotes", last)
def quotes(folder: Path) -> Path:
    return table(folder, '"a ""b"", c\nd",e\n')


@upload("Table", "a quote that is never closed")
def open_quote(folder: Path) -> Path:
    return table(folder, '"never,closed\n')


@upload("Table", "20,000 lines that each open a quote")
def open_quotes(folder: Path) -> Path:
    return table(folder, '"a,b\n"c"d,e\n' * 10_000)


@upload("Table", "NULs in a cell")
def nul(folder: Path) -> Path:
    return table(folder, "a\0b,c\n")


@upload("Table", "ragged rows")
def ragged(folder: Path) -> Path:
    return table(folder, "one\none,two,three\n")


@upload("Table", "a cell of a million characters")
def long_cell(folder: Path) -> Path:
    return table(folder, f"{'x' * 1_000_000},b\n")


@upload("Table", "a line of 20 million commas")
def commas(folder: Path) -> Path:
    return table(folder, "," * 20_000_000)


@upload("Table", "a header of 2,000 columns")
def wide(folder: Path) -> Path:
    (folder / "t.csv").write_text(",".join(f"c{i}" for i in range(2_000)) + "\n")
    return folder / "t.csv"


@upload("Table", "20,000 rows of 900 cells each, nearly all empty")
def empty_cells(folder: Path) -> Path:
    header = ",".join(f"c{i}" for i in range(900))
    (folder / "t.csv").write_text("\n".join([header, *(["1" + "," * 899] * 20_000)]))
    return folder / "t.csv"


@upload("Table", "120,000 rows")
def long(folder: Path) -> Path:
    return table(folder, "a,b\n" * 120_000)


@upload("Table", "five million empty lines")
def empty_lines(folder: Path) -> Path:
    return table(folder, "\n" * 5_000_000)


@upload("Table", "UTF-16 with its mark", last)
def utf16(folder: Path) -> Path:
    return table(folder, "é,ㄱ\n", encoding="utf-16")


@upload("Table", "CP949, as Korean Excel writes it", last)
def cp949(folder: Path) -> Path:
    return table(folder, "e,가\n", encoding="cp949")


@upload("Table", "Latin-1, which is neither UTF-8 nor CP949")
def latin(folder: Path) -> Path:
    (folder / "t.csv").write_bytes("en,fr\nsummer,été\n".encode("latin-1"))
    return folder / "t.csv"


@upload("Table", "random bytes named .csv")
def random_bytes(folder: Path) -> Path:
    (folder / "t.csv").write_bytes(bytes(range(255, -1, -1)) * 8)
    return folder / "t.csv"


@upload("Table", "an Excel workbook named .csv")
def workbook(folder: Path) -> Path:
    write_zip(folder / "t.zip", {"xl/workbook.xml": "<workbook/>"}).rename(folder / "t.csv")
    return folder / "t.csv"


@upload("Table", "a formula: a text like any other (exports defuse it)", last)
def formula(folder: Path) -> Path:
    return table(folder, "=cmd|' /C calc'!A0,@SUM(1+1)\n")


@upload("Table", "markup: a text like any other (pages escape it)", last)
def markup(folder: Path) -> Path:
    return table(folder, "<script>alert(1)</script>,{{7*7}}\n")


@upload(
    "Table",
    "a text turned around by a bidi override",
    lambda d: last(d).encode("unicode_escape").decode(),
)
def bidi(folder: Path) -> Path:
    return table(folder, "\u202egpj.exe,b\n")


@upload("Table", "a text of 10,000 combining marks", lambda d: len(d.pairs[-1].a))
def marks(folder: Path) -> Path:
    return table(folder, "\u0315\u0300" * 5_000 + ",b\n")


@upload("Table", "cells of 120,000 combining marks beside pictures, slow to normalise (quadratic)")
def picture_marks(folder: Path) -> Path:
    return pictures(folder, ["\u0315\u0300" * 60_000] * 20)


@upload("Table", "column names with line breaks, bidi overrides and 100,000 characters")
def strange_columns(folder: Path) -> Path:
    header = '"a\nb",c\u202ed,' + "x" * 100_000
    (folder / "t.csv").write_text(header + "\n" + "1,2,3\n" * 10, "utf-8")
    return folder / "t.csv"


@upload("Table", "an empty text on either side")
def one_sided(folder: Path) -> Path:
    return table(folder, "a,\n,b\n")


@upload("Table", "a pair of nothing but spaces")
def blank_pair(folder: Path) -> Path:
    return table(folder, '" "," \u3000"\n"a","\t"\n')


@upload("Table", "no pair but empty ones")
def all_empty(folder: Path) -> Path:
    (folder / "t.csv").write_text("en,ko\n" + 'a,""\n' * 20)
    return folder / "t.csv"


@upload("Table", "a header and nothing else")
def header_only(folder: Path) -> Path:
    (folder / "t.csv").write_text("en,ko\n")
    return folder / "t.csv"


@upload("Table", "0 bytes")
def nothing(folder: Path) -> Path:
    (folder / "t.csv").write_bytes(b"")
    return folder / "t.csv"


@upload("Table", "a picture's path that climbs out of the upload")
def climbs(folder: Path) -> Path:
    return pictures(folder, ["../../secret.png"])


@upload("Table", "a picture's absolute path")
def absolute(folder: Path) -> Path:
    return pictures(folder, ["/etc/secret.png"])


@upload("Table", "a picture's path on a Windows drive")
def drive(folder: Path) -> Path:
    return pictures(folder, ["C:\\secret.png"])


@upload("Table", "a picture's name with a NUL in it")
def nul_name(folder: Path) -> Path:
    return pictures(folder, ["0.png\0.txt"])


@upload("Table", "web addresses in the image column (none is fetched)")
def urls(folder: Path) -> Path:
    return pictures(folder, ["http://127.0.0.1:1/a.png", "file:///etc/a.png", "//host/a.png"])


@upload("Table", "nothing but web addresses in the image column")
def only_urls(folder: Path) -> Path:
    (folder / "t.csv").write_text(caption_table([f"http://127.0.0.1:1/{n}" for n in NAMES]))
    return folder / "t.csv"
