"""Which two columns hold the pairs: chosen, or found by their names."""

from __future__ import annotations

from collections.abc import Sequence

from lab.errors import DataError

IMAGE_NAMES = (
    "image", "images", "img", "picture", "photo", "file_name", "filename", "file", "image_path",
    "image_file", "path", "thumbnail",
    "이미지", "그림", "사진", "썸네일", "섬네일", "파일", "파일명",
)  # fmt: skip
TEXT_NAMES = (
    "text", "caption", "title", "description", "sentence", "label", "name", "ko", "en",
    "텍스트", "캡션", "제목", "설명", "문장", "이름",
)  # fmt: skip
PAIR_NAMES = (
    ("sentence1", "sentence2"), ("text1", "text2"), ("text_a", "text_b"), ("anchor", "positive"),
    ("query", "positive"), ("query", "document"), ("query", "passage"), ("question", "answer"),
    ("source", "target"), ("src", "tgt"), ("premise", "hypothesis"), ("title", "text"),
    ("a", "b"), ("en", "ko"), ("english", "korean"), ("질문", "답변"), ("영어", "한국어"),
)  # fmt: skip


def find_columns(
    columns: Sequence[str], has_pictures: bool, a_column: str | None, b_column: str | None
) -> tuple[str, str]:
    """(a, b): the chosen columns, the others found by name.

    has_pictures: whether the upload holds pictures, so that one column must name them.
    Raises DataError when a chosen column is missing, or when names leave it open.
    """
    for chosen in (a_column, b_column):
        if chosen is not None and chosen not in columns:
            raise DataError(f"there is no column {chosen!r}; choose from {_listed(columns)}")
    if a_column is not None and a_column == b_column:
        raise DataError(
            f"both sides are column {a_column!r}; choose another from {_listed(columns)}"
        )
    if a_column and b_column:
        return a_column, b_column
    free = [name for name in columns if name not in (a_column, b_column)]
    found = _find_image_text(free) if has_pictures else _find_text_text(free)
    a = a_column or (found[0] if found[0] != b_column else None)
    b = b_column or found[1]
    if b is None and len(free) == 1:
        b = free[0]
    if a is None or b is None or a == b:
        raise DataError(
            f"the columns {_listed(columns)} do not say which two are the pair; choose them, or "
            f"name them {'image and text' if has_pictures else 'sentence1 and sentence2'}"
        )
    return a, b


def _find_image_text(columns: Sequence[str]) -> tuple[str | None, str | None]:
    image = _first_of(IMAGE_NAMES, columns)
    rest = [name for name in columns if name != image]
    return image, _first_of(TEXT_NAMES, rest) or (rest[0] if len(rest) == 1 else None)


def _find_text_text(columns: Sequence[str]) -> tuple[str | None, str | None]:
    for a_name, b_name in PAIR_NAMES:
        a, b = _first_of([a_name], columns), _first_of([b_name], columns)
        if a and b:
            return a, b
    if len(columns) == 2:
        return columns[0], columns[1]
    return None, columns[0] if len(columns) == 1 else None


def _first_of(names: Sequence[str], columns: Sequence[str]) -> str | None:
    by_name = {column.strip().lower().replace(" ", "_"): column for column in reversed(columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns[:20]) + (", ..." if len(columns) > 20 else "")
