"""Parquet that means more than it weighs, or lies about itself."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.data.upload_files import text_rows
from tests.hostile.cases import upload

TEXTS = {"en": [a for a, _ in text_rows()], "ko": [b for _, b in text_rows()]}


def write(folder: Path, columns: dict[str, Any], **options: Any) -> Path:
    """A Parquet file of these columns."""
    pq.write_table(pa.table(columns), folder / "t.parquet", **options)
    return folder / "t.parquet"


def written(columns: dict[str, Any], **options: Any) -> bytes:
    """Its bytes."""
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **options)
    return file.getvalue()


@upload("Parquet", "a dictionary bomb: one text of 1 MB in 50,000 rows")
def dictionary(folder: Path) -> Path:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 50_000), ["x" * (1 << 20)])
    return write(folder, {"en": column, "ko": column})


@upload(
    "Parquet",
    "16 MB of zeros in a few KB, 4 MB allowed",
    table_bytes=2 << 20,
    embedded_bytes=2 << 20,
)
def page(folder: Path) -> Path:
    cells = pa.array([bytes(16 << 20)], pa.binary())
    return write(folder, {"en": cells}, compression="zstd", use_dictionary=False)


@upload("Parquet", "100,000 rows of 90 columns without a value")
def empty_cells(folder: Path) -> Path:
    nothing = pa.nulls(100_000, pa.string())
    columns = {f"c{i}": nothing for i in range(90)}
    return write(folder, columns, write_statistics=False)


@upload("Parquet", "2,000 columns")
def wide(folder: Path) -> Path:
    return write(folder, {f"c{i}": [""] for i in range(2_000)})


@upload("Parquet", "a list within 300 lists", lambda d: d.pairs[0].extra)
def deep(folder: Path) -> Path:
    column = pa.array([1] * 10)
    for _ in range(300):
        column = pa.ListArray.from_arrays(list(range(11)), column)
    return write(folder, {**TEXTS, "deep": column})


@upload("Parquet", "a schema of 200,000 groups within one another")
def deep_schema(folder: Path) -> Path:
    group = b"\x35\x02\x18\x01a\x15\x02\x00"
    leaf = b"\x15\x02\x25\x02\x18\x01a\x00"
    root = b"\x48\x01a\x15\x02\x00"
    count = 200_002
    size = b""
    while count > 127:
        size += bytes([count & 127 | 128])
        count >>= 7
    size += bytes([count])
    schema = b"\x15\x04\x19\xfc" + size + root + group * 200_000 + leaf
    footer = schema + b"\x16\x00\x19\x0c\x00"
    data = b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    (folder / "t.parquet").write_bytes(data)
    return folder / "t.parquet"


@upload("Parquet", "a struct within 150 structs where a picture should be", lambda d: len(d))
def structs(folder: Path) -> Path:
    column: pa.Array = pa.array([b"x"] * 10)
    for _ in range(150):
        column = pa.StructArray.from_arrays([column, pa.array(["a"] * 10)], ["bytes", "path"])
    return write(folder, {**TEXTS, "image": column})


@upload("Parquet", "columns of one name", lambda d: d.pairs[0].a)
def doubled(folder: Path) -> Path:
    table = pa.table([TEXTS["en"], TEXTS["ko"], TEXTS["ko"]], names=["en", "ko", "ko"])
    pq.write_table(table, folder / "t.parquet")
    return folder / "t.parquet"


@upload("Parquet", "NaN for texts")
def not_a_number(folder: Path) -> Path:
    return write(folder, {**TEXTS, "en": [float("nan")] * 10})


@upload("Parquet", "broken UTF-8 in a text")
def bad_text(folder: Path) -> Path:
    cells = pa.array([b"good"] * 9 + [b"\xff\xfe"])
    texts = pa.Array.from_buffers(pa.string(), 10, cells.buffers())
    return write(folder, {**TEXTS, "en": texts})


@upload("Parquet", "a picture in the table that names /etc/passwd and has no bytes")
def path_only(folder: Path) -> Path:
    pictures = [{"bytes": None, "path": "/etc/passwd"}] * 10
    return write(folder, {"image": pictures, "text": TEXTS["ko"]})


@upload("Parquet", "120,000 rows")
def long(folder: Path) -> Path:
    return write(folder, {"en": ["a"] * 120_000, "ko": ["b"] * 120_000})


@upload("Parquet", "cut in half")
def half(folder: Path) -> Path:
    data = written(TEXTS)
    (folder / "t.parquet").write_bytes(data[: len(data) // 2])
    return folder / "t.parquet"


@upload("Parquet", "a footer that says it is 4 GB long")
def long_footer(folder: Path) -> Path:
    (folder / "t.parquet").write_bytes(written(TEXTS)[:-8] + b"\xff\xff\xff\xffPAR1")
    return folder / "t.parquet"


@upload("Parquet", "0 bytes")
def nothing(folder: Path) -> Path:
    (folder / "t.parquet").write_bytes(b"")
    return folder / "t.parquet"
