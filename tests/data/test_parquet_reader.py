"""Parquet: texts, pictures inside the table, and files that mean more than they weigh."""

from __future__ import annotations

import io
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from upload_files import encode, noise, text_rows

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.readers.read import read_pairs
from lab.data.readers.table import read_table
from lab.errors import DataError


def write(columns: dict, **options) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **options)
    return file.getvalue()


def read(data: bytes, **limits: int):
    return read_table("t.parquet", data, Limits(**limits))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.binary()]
)
def test_texts_of_every_kind(kind: pa.DataType) -> None:
    texts = ["하나", None, "two", "하나"]
    table = read(write({"a": pa.array(texts).cast(kind), "n": [1, 2, 3, 4], "l": [[1]] * 4}))
    assert table.columns == ("a", "n", "l")
    assert [row.values["a"] for row in table.rows] == ["하나", "", "two", "하나"]
    assert [row.line for row in table.rows] == [1, 2, 3, 4]
    assert table.rows[2].values == {"a": "two", "n": "3", "l": ""}


def test_more_rows_than_are_read_at_once() -> None:
    texts = [f"t{i % 700}" for i in range(2_000)]
    table = read(write({"a": texts}, row_group_size=600))
    assert [row.values["a"] for row in table.rows] == texts


def test_broken_utf_8_spoils_its_row_only() -> None:
    cells = pa.array([b"good", b"\xff\xfe", b"fine"])
    texts = pa.Array.from_buffers(pa.string(), 3, cells.buffers())
    table = read(write({"a": texts}))
    assert [isinstance(row, RejectedRow) for row in table.rows] == [False, True, False]


@pytest.mark.parametrize("paths", [True, False, "same"])
def test_pictures_in_the_layout_of_datasets(tmp_path, paths) -> None:
    pictures = [
        {"bytes": encode(noise(seed=i)), "path": {True: f"{i}.png", "same": "x.png"}.get(paths)}
        for i in range(10)
    ]
    pictures[3] = {"bytes": b"broken", "path": "3.png"}
    pictures[5] = {"bytes": None, "path": "/etc/passwd"}
    captions = [b for _, b in text_rows()]
    (tmp_path / "p.parquet").write_bytes(write({"image": pictures, "text": captions}))
    dataset = read_pairs(tmp_path / "p.parquet")
    assert dataset.kind == "image-text"
    assert [pair.line for pair in dataset.pairs] == [1, 2, 3, 5, 7, 8, 9, 10]
    assert [row.line for row in dataset.rejected] == [4, 6]
    for pair in dataset.pairs:
        assert pair.a.open().tobytes() == noise(seed=pair.line - 1).tobytes()


def test_dictionary_that_unpacks_to_too_much() -> None:
    data = write({"a": ["x" * 10_000] * 5_000})
    assert len(data) < 100_000
    with pytest.raises(DataError, match="of texts"):
        read(data, table_bytes=10 << 20)
    pictures = [{"bytes": b"\xff" * 10_000, "path": None}] * 5_000
    with pytest.raises(DataError, match="of pictures"):
        read(write({"a": pictures}), embedded_bytes=10 << 20)


def test_size_is_refused_before_it_is_unpacked() -> None:
    data = write({"a": [f"{i:06}" * 500 for i in range(2_000)]}, use_dictionary=False)
    with pytest.raises(DataError, match="more than 2 MB; upload a part"):
        read(data, table_bytes=1 << 20, embedded_bytes=1 << 20)


def test_limits() -> None:
    data = write({"a": ["x"] * 5, "b": ["y"] * 5, "c": ["z"] * 5})
    with pytest.raises(DataError, match="more than 4 rows"):
        read(data, rows=4)
    with pytest.raises(DataError, match="more than 2 columns"):
        read(data, columns=2)


def test_damage_is_a_data_error() -> None:
    whole = write({"a": [a for a, _ in text_rows(50)], "b": list(range(50))})
    for part in (0, 4, len(whole) // 2, len(whole) - 5):
        with pytest.raises(DataError):
            read(whole[:part])
    rng = random.Random(0)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            read(bytes(data))
        except DataError:
            continue
