"""What lies in assets is small, licensed, readable and drawn the same way every time."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from lab.data.bundled import BUNDLED_PAIRS, load_pairs
from lab.encoders.registry import CATALOGUE, bundled_models_dir

ASSETS = Path(__file__).parents[2] / "assets"
MOST_BYTES = 25 * 1024**2
HANGUL = re.compile("[가-힣]")
LATIN_IN_KOREAN = {"DNA"}  # names that Korean writes in Latin letters too
PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}


def test_assets_are_small() -> None:
    files = [path for path in ASSETS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_assets_hold_no_pickle() -> None:
    assert not [path for path in ASSETS.rglob("*") if path.suffix in PICKLES]


def test_every_asset_is_named_with_its_licence() -> None:
    readme = (ASSETS / "README.md").read_text("utf-8")
    folders = [path for name in ("pairs", "models") for path in (ASSETS / name).iterdir()]
    assert folders
    for path in folders:
        assert f"`{path.stem}`" in readme


@pytest.mark.parametrize("row", BUNDLED_PAIRS, ids=lambda row: row.name)
def test_bundled_pairs_are_whole(row) -> None:
    pairs = load_pairs(row.name)
    assert pairs.kind == row.kind
    assert len(pairs) > 1_000
    assert not pairs.rejected
    assert len(set(pairs.a_keys)) == len(set(pairs.b_keys)) == len(pairs)
    assert {text for text in pairs.b if not HANGUL.search(text)} <= LATIN_IN_KOREAN


@pytest.mark.parametrize("file", ["shapes-en.zip", "captions-en.csv"])
def test_control_pairs_are_english(file: str) -> None:
    pairs = load_pairs(str(ASSETS / "pairs" / file))
    assert len(pairs) == 256
    assert not any(HANGUL.search(text) for text in pairs.b)


def test_bundled_pictures_are_what_the_script_draws() -> None:
    from assets.build import shapes

    dealt, _, _ = shapes.deal_shapes()
    rng = random.Random(1)
    pairs = load_pairs("shapes-ko").pairs
    for pair, shape in zip(pairs[:20], dealt[:20], strict=True):
        drawn = shapes.shrink_palette(shapes.draw(shape, rng)).convert("RGB")
        assert pair.b == shape.korean()
        assert pair.extra["en"] == shape.english()
        assert pair.a.open().tobytes() == drawn.tobytes()


def test_no_shape_is_dealt_twice() -> None:
    from assets.build import shapes

    dealt = [set(part) for part in shapes.deal_shapes()]
    assert sum(map(len, dealt)) == len(set.union(*dealt)) == 3_456


def test_korean_subject_particle() -> None:
    from assets.build.scenes import subject_particle

    assert subject_particle("곰") == "이"
    assert subject_particle("새") == "가"


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.bundled], ids=lambda row: row.name)
def test_bundled_models_are_in_the_hubs_layout(row) -> None:
    folder = bundled_models_dir() / row.name
    assert (folder / "config.json").is_file()
    assert (folder / "model.safetensors").is_file()
    assert (folder / "tokenizer.json").is_file()
