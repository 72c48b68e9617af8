"""What a text model of assets/models knows before any adapter, on texts it has never seen."""

from __future__ import annotations

import torch
from torch import Tensor

from assets.build import scenes
from assets.build.contrast import recall_at_1
from assets.build.pairs import deal_scenes
from lab.encoders import load_encoder


@torch.no_grad()
def measure_text(name: str) -> None:
    """Print R@1 between two English tellings, and between English and Korean, of 256 scenes."""
    encoder = load_encoder(name)

    def embed(texts: list[str]) -> Tensor:
        return encoder.embed(encoder.preprocess(texts, "a"), "a")

    control = deal_scenes()[1]
    english = embed([scenes.tell_english(scene, 0) for scene in control])
    for language, texts in (
        ("English", [scenes.tell_english(scene, i % 3 + 1) for i, scene in enumerate(control)]),
        ("Korean", [scenes.tell_korean(scene, i % 4) for i, scene in enumerate(control)]),
    ):
        recall = recall_at_1(english, embed(texts))
        print(f"{name}: English to {language} R@1 {recall:.3f} of {len(control)} unseen")
