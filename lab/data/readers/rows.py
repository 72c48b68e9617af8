"""A table's rows -> pairs, or the reasons why they are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lab.data.dataset import RejectedRow
from lab.data.limits import Limits
from lab.data.pair import Item, Pair, Picture
from lab.data.readers.lookup import PictureIndex
from lab.data.readers.table import Row, cut, shorten
from lab.errors import DataError


@dataclass(frozen=True)
class RowReader:
    """Turns one row into a pair.

    a, b: the columns. pictures: finds what column a names; None: column a holds texts.
    loaded: the pictures by their members, or the reasons why they are none.
    """

    a: str
    b: str
    limits: Limits
    pictures: PictureIndex | None
    loaded: Mapping[str, Picture | str]

    def __call__(self, row: Row | RejectedRow) -> Pair | RejectedRow:
        """The row's pair, or why it is none."""
        if isinstance(row, RejectedRow):
            return row
        try:
            return Pair(self._item(row), self._text(row, self.b), row.line, self._extra(row))
        except DataError as error:
            return RejectedRow(row.line, str(error))

    def _item(self, row: Row) -> Item:
        if self.pictures is None:
            return self._text(row, self.a)
        name = row.values.get(self.a, "")
        if not name.strip():
            raise DataError(f"its {shorten(self.a)} is empty")
        member = self.pictures.find(name)
        if member is None:
            raise DataError(self.pictures.why_missing(name))
        picture = self.loaded[member]
        if isinstance(picture, str):
            raise DataError(f"{shorten(name)!r}: {picture}")
        return replace(picture, name=clean(name))

    def _text(self, row: Row, column: str) -> str:
        text, shown = row.values.get(column, "").strip(), shorten(column)
        if not text:
            raise DataError(f"its {shown} is empty")
        if "\0" in text:
            raise DataError(f"its {shown} holds a NUL character")
        most = self.limits.text_characters
        if len(text) > most:
            raise DataError(f"its {shown} is longer than {most:,} characters")
        return clean(text)

    def _extra(self, row: Row) -> dict[str, str]:
        most = self.limits.text_characters
        return {
            column: clean(cut(text, most))
            for column, text in row.values.items()
            if column not in (self.a, self.b)
        }


def clean(text: str) -> str:
    """Without white space around it, and without halves of surrogate pairs: JSON can spell them,
    but no tokenizer, page or file can encode them."""
    return text.strip().encode("utf-8", "replace").decode()
