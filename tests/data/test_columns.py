"""The two columns of a pair: by name, in English and Korean, or by what is in them."""

from __future__ import annotations

import pytest
from upload_files import COLOURS

from lab.data.limits import Limits
from lab.data.readers.columns import find_columns, names_pictures
from lab.data.readers.lookup import PictureIndex
from lab.data.readers.source import MemorySource
from lab.data.readers.table import Row, Table, read_table
from lab.errors import DataError

TEXT = tuple(f"a {colour} thing" for colour in COLOURS)
OTHER = tuple(f"{colour} 물건" for colour in COLOURS)
NUMBER = tuple(str(i * 37) for i in range(10))
LABEL = ("train",) * 9 + ("test",)
FILES = tuple(f"{i}.png" for i in range(10))


def table(**columns: tuple[str, ...]) -> Table:
    rows = (dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True))
    return Table("t.csv", tuple(columns), tuple(Row(i, row) for i, row in enumerate(rows, 2)))


def index(*names: str) -> PictureIndex:
    return PictureIndex(MemorySource("u", dict.fromkeys(names, b"")), "t.csv", Limits())


@pytest.mark.parametrize(
    "names",
    [
        ("sentence1", "sentence2"),
        ("anchor", "positive"),
        ("query", "passage"),
        ("Question", "ANSWER"),
        ("en", "ko"),
        ("질문", "답변"),
        ("영어", "한국어"),
        ("whatever", "else"),
    ],
)
def test_two_texts(names: tuple[str, str]) -> None:
    a, b = names
    for columns in ({a: TEXT, b: OTHER}, {"n": NUMBER, b: OTHER, "split": LABEL, a: TEXT}):
        if a == "whatever" and "n" in columns:
            continue
        assert find_columns(table(**columns), index(), None, None) == (a, b)


@pytest.mark.parametrize(
    "image", ["image", "file_name", "Path", "이미지", "thumbnail", "그림 파일"]
)
@pytest.mark.parametrize("text", ["text", "Caption", "title", "설명", "words"])
def test_image_and_text(image: str, text: str) -> None:
    columns = {"id": NUMBER, text: TEXT, "split": LABEL, image: FILES}
    pictures = index(*FILES)
    assert find_columns(table(**columns), pictures, None, None) == (image, text)


def test_what_is_in_a_column_counts_more_than_its_name() -> None:
    columns = {"image": tuple(f"https://example.org/{i}" for i in range(10)), "local": FILES}
    found = find_columns(table(**columns, text=TEXT), index(*FILES), None, None)
    assert found == ("local", "text")


def test_the_only_two_columns_of_texts() -> None:
    columns = {"id": NUMBER, "x": TEXT, "split": LABEL, "y": OTHER}
    assert find_columns(table(**columns), index(), None, None) == ("x", "y")
    with pytest.raises(DataError, match="the columns id, x, split, y, z do not say"):
        find_columns(table(**columns, z=TEXT), index(), None, None)


def test_one_chosen_the_other_found() -> None:
    pairs = table(en=TEXT, ko=OTHER, n=NUMBER)
    assert find_columns(pairs, index(), "ko", None) == ("ko", "en")
    assert find_columns(pairs, index(), None, "en") == ("ko", "en")
    images = table(image=FILES, en=TEXT, ko=OTHER)
    for text in ("en", "ko"):
        assert find_columns(images, index(*FILES), None, text) == ("image", text)


def test_sides_chosen_the_wrong_way_round() -> None:
    images = table(words=TEXT, image=FILES)
    assert find_columns(images, index(*FILES), "words", "image") == ("image", "words")


def test_one_column_is_no_pair() -> None:
    with pytest.raises(DataError, match="do not say which two"):
        find_columns(table(text=TEXT), index(), None, None)


def test_names_of_columns_are_cut_in_messages() -> None:
    wide = ",".join("x" * 1_000 + str(i) for i in range(300))
    columns = read_table("t.csv", f"{wide}\n".encode(), Limits())
    with pytest.raises(DataError) as caught:
        find_columns(columns, index(), None, None)
    assert len(str(caught.value)) < 2_000


def test_pictures_that_are_not_there() -> None:
    gone = table(image=tuple(f"gone/{name}" for name in FILES), text=TEXT)
    with pytest.raises(DataError, match="column 'image' names pictures"):
        names_pictures(gone, "image", index(*FILES))
    assert not names_pictures(gone, "text", index(*FILES))
