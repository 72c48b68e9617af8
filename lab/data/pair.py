"""A pair: the two things that belong together, and a picture that is opened when it is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["image-text", "text-text"]
Side = Literal["a", "b"]


class PictureSource(Protocol):
    """A folder or ZIP that pictures are read from, by the names it gave them."""

    def read(self, member: str) -> bytes:
        """The encoded bytes of one picture."""
        ...


@dataclass(frozen=True)
class Picture:
    """An image of an upload, known by its content and opened when it is needed.

    name: as the upload spells it; shown to people, never used as a path.
    key: SHA-256 of the encoded bytes; two pictures are the same when their keys are.
    source, member: where the bytes are.
    thumbnail: a small square WebP, whole picture on white.
    """

    name: str = field(compare=False)
    key: str
    source: PictureSource = field(compare=False, repr=False)
    member: str = field(compare=False, repr=False)
    thumbnail: bytes = field(default=b"", compare=False, repr=False)

    def open(self) -> Image:
        """The decoded picture: RGB, upright (EXIF rotation applied), first frame."""
        from lab.data.images import decode

        return decode(self.source.read(self.member))


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
