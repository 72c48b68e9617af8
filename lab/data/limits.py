"""How much an upload may hold. Every refusal names the limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on one upload.

    file_bytes: of the file, folder's table, or ZIP as it comes.
    unpacked_bytes: of all members of a ZIP together, counted while reading.
    members: files in a ZIP or folder.
    image_bytes, image_pixels: of one picture.
    rows: pairs, rejected rows included.
    text_characters: of one text.
    usable_pairs: the fewest that a run can be made of.
    """

    file_bytes: int = 500 << 20
    unpacked_bytes: int = 2 << 30
    members: int = 100_000
    image_bytes: int = 25 << 20
    image_pixels: int = 50_000_000
    rows: int = 100_000
    text_characters: int = 10_000
    usable_pairs: int = 8
