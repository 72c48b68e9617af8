"""From an upload to pairs: folders, ZIPs and lone tables, and a reason for every row left out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from upload_files import (
    caption_table,
    csv_text,
    encode,
    noise,
    picture_members,
    text_rows,
    write_zip,
)

from lab.data import PairDataset, read_pairs
from lab.errors import DataError


def write_folder(folder: Path, members: dict[str, bytes | str]) -> Path:
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def as_files(rows: list[tuple[str, str]]) -> dict[str, bytes]:
    quoted = io.StringIO()
    csv.writer(quoted).writerows([("en", "ko"), *rows])
    parquet = io.BytesIO()
    pq.write_table(pa.table({"en": [a for a, _ in rows], "ko": [b for _, b in rows]}), parquet)
    objects = [json.dumps({"en": a, "ko": b}, ensure_ascii=False) for a, b in rows]
    return {
        "t.csv": quoted.getvalue().encode(),
        "t.tsv": csv_text(rows, delimiter="\t").encode("cp949"),
        "t.jsonl": "\n".join(objects).encode(),
        "t.parquet": parquet.getvalue(),
    }


def content(dataset: PairDataset) -> list[tuple[str, str]]:
    return [(pair.a if isinstance(pair.a, str) else pair.a.name, pair.b) for pair in dataset.pairs]


def reasons(dataset: PairDataset) -> dict[int, str]:
    return {row.line: row.reason for row in dataset.rejected}


def test_every_format_gives_the_same_pairs(tmp_path: Path) -> None:
    digests = set()
    for name, data in as_files(text_rows()).items():
        (tmp_path / name).write_bytes(data)
        dataset = read_pairs(tmp_path / name)
        assert dataset.kind == "text-text"
        assert dataset.side_names == ("en", "ko")
        assert content(dataset) == text_rows()
        digests.add(dataset.digest)
    assert len(digests) == 1


@pytest.mark.parametrize("folder", ["", "data/", "한글 폴더/안/"])
@pytest.mark.parametrize("packed", [True, False])
def test_folder_and_zip(tmp_path: Path, folder: str, packed: bool) -> None:
    pictures = picture_members()
    members = {f"{folder}{name}": data for name, data in pictures.items()}
    members[f"{folder}metadata.csv"] = caption_table(list(pictures)).encode()
    if packed:
        dataset = read_pairs(write_zip(tmp_path / "u.zip", members))
    else:
        dataset = read_pairs(write_folder(tmp_path / "u", members))
    assert (dataset.kind, dataset.side_names) == ("image-text", ("image", "text"))
    assert [pair.line for pair in dataset.pairs] == list(range(2, 12))
    for i, pair in enumerate(dataset.pairs):
        assert pair.a.open().tobytes() == noise(seed=i).tobytes()
        with Image.open(io.BytesIO(pair.a.thumbnail)) as small:
            assert (small.format, small.size) == ("WEBP", (64, 64))


@pytest.mark.parametrize(
    "spelling",
    [
        "images/{}",
        "./images/{}",
        "images\\{}",
        "../u/images/{}",
        "IMAGES/{}",
        "{}",
        "x/../images/{}",
    ],
)
def test_spellings_of_a_picture_inside_the_upload(tmp_path: Path, spelling: str) -> None:
    members: dict[str, bytes | str] = {
        f"u/images/{name}": data for name, data in picture_members().items()
    }
    names = [spelling.format(f"{i}.png") for i in range(10)]
    members["u/table.csv"] = caption_table(names)
    assert content(read_pairs(write_zip(tmp_path / "u.zip", members)))[0][0] == names[0]


def test_every_bad_row_has_its_line_and_reason_and_the_rest_go_on(tmp_path: Path) -> None:
    outside = tmp_path / "secret.png"
    outside.write_bytes(encode(noise()))
    members: dict[str, bytes | str] = dict(picture_members())
    members |= {"broken.png": encode(noise(64, 64))[:300], "page.png": "<script>", "a/x.png": b""}
    bad = {
        "missing.png,text": "there is no picture 'missing.png'",
        "broken.png,text": "'broken.png': the picture is broken or cut short",
        "page.png,text": "'page.png': not a picture that can be read",
        "a/x.png,text": "'a/x.png': not a picture",
        "0.png,": "its text is empty",
        "0.png,   ": "its text is empty",
        ",text": "its image is empty",
        "0.png": "it has 1 cell, the header has 2",
        "0.png,text,more": "it has 3 cells",
        '0.png,"a"b': "its quotes do not match",
        "../secret.png,text": "points outside the upload",
        f"{outside},text": "points outside the upload",
        "C:\\secret.png,text": "points outside the upload",
        "..\\..\\secret.png,text": "points outside the upload",
        "https://example.org/0.png,text": "is a web address, and none is fetched",
        "file:///0.png,text": "is a web address",
        "//host/0.png,text": "is a web address",
        "data:image/png;base64\u002ciVBOR,text": "it has 3 cells",
        "0,text": "'0' names no picture",
        f"0.png,{'x' * 10_001}": "longer than 10,000 characters",
    }
    good = caption_table([f"{i}.png" for i in range(10)])
    members["metadata.csv"] = good + "\n".join(bad) + "\n0.png,last\n"
    for source in (
        write_zip(tmp_path / "u.zip", members),
        write_folder(tmp_path / "upload", members),
    ):
        dataset = read_pairs(source)
        assert content(dataset)[-1] == ("0.png", "last")
        assert len(dataset) == 11
        found = reasons(dataset)
        assert list(found) == list(range(12, 12 + len(bad)))
        for reason, (row, expected) in zip(found.values(), bad.items(), strict=True):
            assert expected in reason, row
            assert str(tmp_path) not in reason or row.startswith(str(tmp_path))


def test_picture_named_by_many_rows_is_read_once(tmp_path: Path, monkeypatch) -> None:
    from lab.data.readers import pictures

    seen: list[bytes] = []
    real = pictures.thumbnail
    monkeypatch.setattr(
        pictures, "thumbnail", lambda data, *rest: seen.append(data) or real(data, *rest)
    )
    table = "image,text\n" + "".join(f"0.png,caption {i}\n" for i in range(50))
    dataset = read_pairs(write_zip(tmp_path / "u.zip", {**picture_members(1), "t.csv": table}))
    assert len(dataset) == 50
    assert dataset.duplicates == 49
    assert len(seen) == 1


def test_equal_pictures_under_two_names_are_the_same(tmp_path: Path) -> None:
    members = {f"{i}.png": encode(noise(seed=i // 2)) for i in range(10)}
    dataset = read_pairs(
        write_zip(tmp_path / "u.zip", {**members, "t.csv": caption_table(list(members))})
    )
    assert len(set(dataset.a_keys)) == 5
    assert dataset.duplicates == 5


def test_other_columns_go_along(tmp_path: Path) -> None:
    rows = [(a, b, f"note {i}") for i, (a, b) in enumerate(text_rows())]
    (tmp_path / "t.csv").write_text(csv_text(rows, "en,ko,note"), "utf-8")
    dataset = read_pairs(tmp_path / "t.csv")
    assert dataset.columns == ("en", "ko", "note")
    assert dataset.pairs[3].extra == {"note": "note 3"}


def test_chosen_columns(tmp_path: Path) -> None:
    rows = [(a, b, f"note {i}") for i, (a, b) in enumerate(text_rows())]
    path = tmp_path / "t.csv"
    path.write_text(csv_text(rows, "en,ko,Note"), "utf-8")
    assert read_pairs(path, "note", "en").columns == ("Note", "en", "ko")
    with pytest.raises(DataError, match="there is no column 'nope'; choose from en, ko, Note"):
        read_pairs(path, "nope", "ko")
    with pytest.raises(DataError, match="both sides are column 'ko'"):
        read_pairs(path, "ko", "KO")


def test_too_few_pairs_says_how_many_and_why(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(csv_text(text_rows(7)) + "one-sided,\n", "utf-8")
    with pytest.raises(DataError, match=r"7 usable pairs \(1 rows .* line 9: its ko is empty\)"):
        read_pairs(path)
    path.write_text(csv_text(text_rows(8)), "utf-8")
    assert len(read_pairs(path)) == 8
    path.write_text("en,ko\n", "utf-8")
    with pytest.raises(DataError, match="0 usable pairs; add some, at least 8"):
        read_pairs(path)


def test_texts_are_data(tmp_path: Path) -> None:
    hostile = [
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        "{{7*7}}",
        "'; --",
    ]
    rows = [(f"{text} {i}", f"b{i}") for i, text in enumerate(hostile * 2)]
    (tmp_path / "t.csv").write_text(csv_text(rows), "utf-8")
    assert content(read_pairs(tmp_path / "t.csv")) == rows


def test_half_a_surrogate_pair_and_nul_in_json(tmp_path: Path) -> None:
    objects = [{"en": a, "ko": b} for a, b in text_rows()]
    objects[2]["en"] = "half \ud83d"
    objects[4]["ko"] = "nul \0"
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, objects)), "utf-8")
    dataset = read_pairs(path)
    assert dataset.pairs[2].a == "half ?"
    assert reasons(dataset) == {5: "its ko holds a NUL character"}


def test_a_lone_table_that_names_pictures_is_no_pair_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for name in ("{}.jpg", "https://example.org/{}"):
        path.write_text(caption_table([name.format(i) for i in range(10)]), "utf-8")
        with pytest.raises(DataError, match="pack the table and its pictures into one ZIP"):
            read_pairs(path)


def test_zip_with_a_table_of_texts(tmp_path: Path) -> None:
    dataset = read_pairs(write_zip(tmp_path / "u.zip", {"t.csv": csv_text(text_rows())}))
    assert dataset.kind == "text-text"


def test_progress_ends_at_one(tmp_path: Path) -> None:
    members = {**picture_members(), "t.csv": caption_table([f"{i}.png" for i in range(10)])}
    shares: list[float] = []
    read_pairs(write_zip(tmp_path / "u.zip", members), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
