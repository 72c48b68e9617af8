"""Writes assets/pairs: two sets of pictures with captions, one of emoji, two of sentences."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from assets.build import emoji, scenes, shapes

PAIRS = Path(__file__).parents[1] / "pairs"
SCENE_PAIRS, CONTROL_SCENES = 1_500, 256
SCENE_SEED = 11
EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed time, so that the same pairs give the same ZIP

Picture = tuple[str, Image.Image, Sequence[str]]  # file name, picture, the row's texts


def build_pairs() -> None:
    """Write every set anew."""
    PAIRS.mkdir(exist_ok=True)
    korean, control, _ = shapes.deal_shapes()
    write_zip(PAIRS / "shapes-ko.zip", ("image", "ko", "en"), _draw_korean(korean))
    write_zip(PAIRS / "shapes-en.zip", ("image", "en"), _draw_english(control))
    write_zip(PAIRS / "emoji-ko.zip", ("image", "ko", "en", "group"), _draw_emoji())
    korean_scenes, control_scenes = deal_scenes()
    write_csv(PAIRS / "captions-en-ko.csv", ("en", "ko"), _tell_both(korean_scenes))
    write_csv(PAIRS / "captions-en.csv", ("sentence1", "sentence2"), _tell_twice(control_scenes))


def deal_scenes() -> tuple[list[scenes.Scene], list[scenes.Scene]]:
    """-> the scenes of (English-Korean pairs, English control pairs); no model learns from them."""
    dealt = scenes.draw_distinct(SCENE_PAIRS + CONTROL_SCENES, SCENE_SEED)
    return dealt[:SCENE_PAIRS], dealt[SCENE_PAIRS:]


def _draw_korean(dealt: list[shapes.Shape]) -> Iterable[Picture]:
    rng = random.Random(1)
    for number, shape in enumerate(dealt, start=1):
        picture = shapes.shrink_palette(shapes.draw(shape, rng))
        yield f"{number:04}.png", picture, (shape.korean(), shape.english())


def _draw_english(dealt: list[shapes.Shape]) -> Iterable[Picture]:
    rng = random.Random(2)
    for number, shape in enumerate(dealt, start=1):
        picture = shapes.shrink_palette(shapes.draw(shape, rng))
        yield f"{number:04}.png", picture, (shape.english(),)


def _draw_emoji() -> Iterable[Picture]:
    for found in emoji.find_emoji():
        code = "-".join(f"{ord(character):x}" for character in found.characters)
        texts = (found.korean, found.english, found.group)
        yield f"{code}.png", emoji.draw_emoji(found), texts


def _tell_both(dealt: list[scenes.Scene]) -> Iterable[tuple[str, str]]:
    rng = random.Random(3)
    for scene in dealt:
        english = scenes.tell_english(scene, rng.randrange(scenes.ENGLISH_PATTERNS))
        yield english, scenes.tell_korean(scene, rng.randrange(scenes.KOREAN_PATTERNS))


def _tell_twice(dealt: list[scenes.Scene]) -> Iterable[tuple[str, str]]:
    rng = random.Random(4)
    for scene in dealt:
        one, other = rng.sample(range(scenes.ENGLISH_PATTERNS), 2)
        yield scenes.tell_english(scene, one), scenes.tell_english(scene, other)


def write_zip(path: Path, columns: Sequence[str], rows: Iterable[Picture]) -> None:
    """A ZIP of PNGs and a table that names them; the same rows give the same bytes."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    with zipfile.ZipFile(path, "w") as archive:
        for name, picture, texts in rows:
            member = f"images/{name}"
            encoded = io.BytesIO()
            picture.save(encoded, "PNG", optimize=True)
            archive.writestr(zipfile.ZipInfo(member, EPOCH), encoded.getvalue())
            writer.writerow((member, *texts))
        info = zipfile.ZipInfo("pairs.csv", EPOCH)
        archive.writestr(info, table.getvalue(), zipfile.ZIP_DEFLATED)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A UTF-8 CSV file with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
