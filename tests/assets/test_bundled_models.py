"""Every bundled model has learned its source language and hardly any Korean."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lab.data.bundled import load_pairs
from lab.encoders.base import Encoder
from lab.encoders.load import load_encoder
from lab.encoders.registry import CATALOGUE, ModelRow

PAIRS = Path(__file__).parents[2] / "assets" / "pairs"
CONTROL = {"image-text": "shapes-en.zip", "text-text": "captions-en.csv"}
TEXTS = 200


@torch.no_grad()
def recall_at_1(encoder: Encoder, pairs: str) -> float:
    dataset = load_pairs(pairs).subset(range(TEXTS))
    a, b = (
        torch.nn.functional.normalize(encoder.embed(encoder.preprocess(items, side), side), dim=-1)
        for items, side in ((dataset.a, "a"), (dataset.b, "b"))
    )
    return float(((a @ b.T).argmax(dim=1) == torch.arange(TEXTS)).float().mean())


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.bundled], ids=lambda row: row.name)
def test_bundled_model_knows_english_and_no_korean(row: ModelRow) -> None:
    encoder = load_encoder(row.name)
    assert recall_at_1(encoder, str(PAIRS / CONTROL[row.kind])) > 0.8
    assert recall_at_1(encoder, row.pairs) < 0.06
