"""The catalogue as the project promises it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lab.config import LoRAConfig, TrainConfig
from lab.encoders import CATALOGUE, find_row
from lab.encoders.registry import POOLINGS, find_known_row
from lab.errors import ModelError

PROMISED = {
    "clip": (
        "tiny-clip",
        "openai/clip-vit-base-patch32",
        "openai/clip-vit-base-patch16",
        "openai/clip-vit-large-patch14",
    ),
    "gpt2": ("tiny-gpt2", "openai-community/gpt2", "openai-community/gpt2-medium"),
    "bert": (
        "tiny-bert",
        "google-bert/bert-base-uncased",
        "google-bert/bert-base-multilingual-cased",
        "FacebookAI/roberta-base",
    ),
    "sentence": (
        "tiny-sentence",
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        "sentence-transformers/distiluse-base-multilingual-cased-v2",
    ),
}


def test_catalogue_holds_what_is_promised() -> None:
    for family, names in PROMISED.items():
        assert tuple(row.name for row in CATALOGUE if row.family == family) == names
    assert len(CATALOGUE) == sum(map(len, PROMISED.values()))


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_row_is_whole(row) -> None:
    assert find_row(row.name) is row
    assert row.bundled == ("/" not in row.name)
    assert row.kind == ("image-text" if row.family == "clip" else "text-text")
    assert row.poolings
    assert set(row.poolings) <= set(POOLINGS[row.family] or row.poolings)
    suggested = row.defaults
    LoRAConfig(suggested.r, suggested.alpha, suggested.dropout, suggested.targets)
    TrainConfig(
        epochs=suggested.epochs,
        batch_size=suggested.batch_size,
        learning_rate=suggested.learning_rate,
        temperature=suggested.temperature,
    )


def test_owner_may_be_left_out_of_known_names() -> None:
    assert find_known_row("roberta-base") is find_row("FacebookAI/roberta-base")
    assert find_known_row("someone/roberta-base") is None


def test_unknown_name_is_answered_with_bundled_ones() -> None:
    with pytest.raises(ModelError, match="tiny-clip, tiny-gpt2, tiny-bert, tiny-sentence"):
        find_row("someone/else")


def test_catalogue_is_read_without_heavy_imports() -> None:
    code = (
        "import sys; from lab.encoders import CATALOGUE, find_row; "
        "print([m for m in ('torch', 'transformers', 'numpy', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
