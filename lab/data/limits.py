"""How much an upload may hold. Every refusal names the limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on one upload.

    file_bytes: of the file or ZIP as it comes.
    table_bytes: of the table, unpacked.
    unpacked_bytes: of all members of a ZIP, or pictures of a folder, together.
    embedded_bytes: of the pictures inside a Parquet file together; they are kept in memory.
    members: files in a ZIP or folder.
    image_bytes, image_pixels: of one picture.
    image_aspect: of a picture, its longer side over its shorter: scaled to a model's size, the
        longer grows as much.
    image_scans: of a JPEG, each of which may paint all its pixels anew.
    all_pixels: of all pictures together; a few KB may hold millions, and each takes time.
    rows, columns: of the table; rejected rows count. cells: rows x columns.
    line_characters: of one line of the table; name_characters: of a picture's or a file's name.
    text_characters: of one text.
    usable_pairs: the fewest that a run can be made of.
    """

    file_bytes: int = 500 << 20
    table_bytes: int = 100 << 20
    unpacked_bytes: int = 2 << 30
    embedded_bytes: int = 256 << 20
    members: int = 100_000
    image_bytes: int = 25 << 20
    image_pixels: int = 50_000_000
    image_aspect: int = 500
    image_scans: int = 200
    all_pixels: int = 20_000_000_000
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 5_000_000
    line_characters: int = 1_000_000
    name_characters: int = 500
    text_characters: int = 10_000
    usable_pairs: int = 8
