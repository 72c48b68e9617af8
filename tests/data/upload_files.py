"""Uploads as a stranger would make them: encoded pictures, tables, ZIPs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

COLOURS = ("red", "green", "blue", "orange", "purple", "black", "white", "yellow", "brown", "pink")


def noise(width: int = 12, height: int = 8, seed: int = 0) -> Image.Image:
    """An RGB picture of noise."""
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def encode(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def picture_members(count: int = 10) -> dict[str, bytes]:
    """0.png, 1.png, ...: all different."""
    return {f"{i}.png": encode(noise(seed=i)) for i in range(count)}


def caption_table(names: Sequence[str], header: str = "image,text") -> str:
    """A CSV with a caption of its own for each name."""
    captions = (f"{COLOURS[i % 10]} noise, the {i}th".replace(",", ";") for i in range(len(names)))
    rows = [f"{name},{caption}" for name, caption in zip(names, captions, strict=True)]
    return "\n".join([header, *rows]) + "\n"


def write_zip(path: Path, members: Mapping[str, bytes | str], **options: Any) -> Path:
    """A ZIP of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def text_rows(count: int = 10) -> list[tuple[str, str]]:
    """Pairs of texts, all different."""
    return [(f"{COLOURS[i % 10]} thing {i}", f"{i}번째 물건") for i in range(count)]


def csv_text(rows: Sequence[Sequence[str]], header: str = "en,ko", delimiter: str = ",") -> str:
    """A table without quotes."""
    lines = [header.replace(",", delimiter), *(delimiter.join(row) for row in rows)]
    return "\n".join(lines) + "\n"
