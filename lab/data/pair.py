"""A pair: the two things that belong together, and a picture that is opened when it is needed."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["image-text", "text-text"]
Side = Literal["a", "b"]


@dataclass(frozen=True)
class Picture:
    """An image file, or a ZIP's member, known by its content.

    name: as the upload spells it; shown to people, never used as a path.
    key: SHA-256 of the encoded bytes; two pictures are the same when their keys are.
    path: the image file, or the ZIP that holds it.
    member: the name inside the ZIP; None for a file.
    """

    name: str
    key: str
    path: Path = field(compare=False, repr=False)
    member: str | None = field(default=None, compare=False, repr=False)

    def read(self) -> bytes:
        """The encoded bytes."""
        if self.member is None:
            return self.path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(self.member)

    def open(self) -> Image:
        """The decoded picture: RGB, upright (EXIF rotation applied), first frame."""
        from lab.data.images import decode

        return decode(self.read())


Item = Picture | str


def item_key(item: Item) -> str:
    """What makes two items the same: a picture's content, a text with its white space folded."""
    if isinstance(item, Picture):
        return item.key
    return hashlib.sha256(" ".join(item.split()).encode()).hexdigest()


@dataclass(frozen=True)
class Pair:
    """Two items that belong together.

    a: a picture (image-text) or a text (text-text).
    b: a text.
    line: the line of the upload it came from, counted from 1 as a text editor does.
    extra: the row's other columns.
    """

    a: Item
    b: str
    line: int
    extra: Mapping[str, str] = field(default_factory=dict)
