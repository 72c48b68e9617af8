"""Which two columns hold the pairs: chosen, found by their names, or by what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from lab.data.images import SUFFIXES
from lab.data.readers.lookup import PictureIndex
from lab.data.readers.table import Row, Table, list_names, shorten
from lab.errors import DataError

IMAGE_NAMES = (
    "image", "images", "img", "picture", "photo", "file_name", "filename", "file", "image_path",
    "image_file", "path", "thumbnail", "image_url", "url",
    "이미지", "그림", "사진", "썸네일", "섬네일", "파일", "파일명",
)  # fmt: skip
TEXT_NAMES = (
    "text", "caption", "title", "description", "sentence", "label", "name", "ko", "en",
    "텍스트", "캡션", "제목", "설명", "문장", "이름",
)  # fmt: skip
PAIR_NAMES = (
    ("sentence1", "sentence2"), ("sentence_1", "sentence_2"), ("text1", "text2"),
    ("text_a", "text_b"), ("anchor", "positive"), ("query", "positive"), ("query", "document"),
    ("query", "passage"), ("query", "title"), ("question", "answer"), ("source", "target"),
    ("src", "tgt"), ("premise", "hypothesis"), ("title", "text"), ("a", "b"), ("en", "ko"),
    ("english", "korean"), ("질문", "답변"), ("영어", "한국어"), ("영문", "국문"), ("원문", "번역"),
    ("문장1", "문장2"),
)  # fmt: skip
SAMPLED_ROWS = 200
TEXT_LIKE_SHARE = 0.5  # of a column's cells that are texts, and of them that are distinct


def find_columns(
    table: Table, pictures: PictureIndex, a_column: str | None, b_column: str | None
) -> tuple[str, str]:
    """(a, b): the chosen columns, whatever their capital letters; the others found.

    A column whose cells name pictures of the upload is the image; texts are found by name, then
    as the only columns that hold texts. A picture chosen as b trades places with a.
    Raises DataError when a chosen column is missing, or when it stays open.
    """
    a, b = _choose(table.columns, a_column), _choose(table.columns, b_column)
    if a is not None and a == b:
        raise DataError(
            f"both sides are column {a!r}; choose another from {list_names(table.columns)}"
        )
    found = _complete(table, _find_image(table, pictures, b), a, b)
    if found is None:
        names = "image and text" if len(pictures) else "sentence1 and sentence2"
        raise DataError(
            f"the columns {list_names(table.columns)} do not say which two are the pair; "
            f"choose them, or name them {names}"
        )
    a, b = found
    turned = pictures_named(table, b, pictures) > pictures_named(table, a, pictures)
    return (b, a) if turned else (a, b)


def _complete(
    table: Table, image: str | None, a: str | None, b: str | None
) -> tuple[str, str] | None:
    if a is not None and b is not None:
        return a, b
    for pair in _candidates(table, image):
        if a in (None, pair[0]) and b in (None, pair[1]):
            return pair
    other = image if b is not None and image else _find_other(table, a or b)
    if other is None:
        return None
    return (a, other) if a is not None else (other, b)


def _choose(columns: Sequence[str], chosen: str | None) -> str | None:
    if chosen is None or chosen in columns:
        return chosen
    found = [name for name in columns if name.casefold() == chosen.strip().casefold()]
    if len(found) != 1:
        raise DataError(
            f"there is no column {shorten(chosen)!r}; choose from {list_names(columns)}"
        )
    return found[0]


def _find_image(table: Table, pictures: PictureIndex, b: str | None) -> str | None:
    """The column whose cells name pictures of the upload, the best known name first."""
    found = [c for c in table.columns if c != b and pictures_named(table, c, pictures)]
    return _first_of(IMAGE_NAMES, found) or (found[0] if found else None)


def _candidates(table: Table, image: str | None) -> Iterator[tuple[str, str]]:
    """Pairs of columns that would do, the clearest first."""
    rest = [column for column in table.columns if column != image]
    texts = [column for column in rest if _is_text_like(table, column)]
    if image is not None:
        named = (_first_of([name], rest) for name in TEXT_NAMES)
        yield from ((image, text) for text in (*named, _only(texts), _only(rest)) if text)
    for names in PAIR_NAMES:
        a, b = (_first_of([name], table.columns) for name in names)
        if a and b:
            yield a, b
    a, b = _first_of(IMAGE_NAMES, table.columns), _first_of(TEXT_NAMES, table.columns)
    if a and b:
        yield a, b
    if image is None and len(texts) == 2:
        yield texts[0], texts[1]
    if len(table.columns) == 2:
        yield table.columns[0], table.columns[1]


def _find_other(table: Table, chosen: str | None) -> str | None:
    """The second text, when one was chosen and no names are known."""
    if chosen is None:
        return None
    rest = [column for column in table.columns if column != chosen]
    texts = [column for column in rest if _is_text_like(table, column)]
    return _only(texts) or _first_of(TEXT_NAMES, rest) or _only(rest)


def names_pictures(table: Table, column: str, pictures: PictureIndex) -> bool:
    """Whether the column names pictures of the upload.

    Raises DataError when it names pictures, but none that is there: pairs of file names and
    texts would teach nothing.
    """
    if pictures_named(table, column, pictures):
        return True
    cells = _sample(table, column)
    outside = sum("://" in cell or cell.lower().endswith(SUFFIXES) for cell in cells)
    if outside * 2 > len(cells):
        raise DataError(
            f"column {shorten(column)!r} names pictures ({shorten(cells[0])!r}, say), but none of "
            "them is in the upload, and none is fetched from the web; pack the table and its "
            "pictures into one ZIP"
        )
    return False


def pictures_named(table: Table, column: str, pictures: PictureIndex) -> int:
    """How many of the column's first cells name pictures of the upload."""
    if not len(pictures):
        return 0
    return sum(pictures.find(cell) is not None for cell in _sample(table, column))


def _is_text_like(table: Table, column: str) -> bool:
    cells = _sample(table, column)
    texts = [cell for cell in cells if sum(map(str.isalpha, cell)) * 2 > len(cell)]
    enough = len(texts) >= TEXT_LIKE_SHARE * len(cells)
    return bool(texts) and enough and len(set(texts)) >= TEXT_LIKE_SHARE * len(texts)


def _sample(table: Table, column: str) -> list[str]:
    rows = (row for row in table.rows if isinstance(row, Row))
    cells = (row.values.get(column, "") for row in islice(rows, SAMPLED_ROWS))
    return [cell for cell in cells if cell.strip()]


def _first_of(names: Sequence[str], columns: Sequence[str]) -> str | None:
    by_name = {column.strip().casefold().replace(" ", "_"): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _only(names: Sequence[str]) -> str | None:
    return names[0] if len(names) == 1 else None
